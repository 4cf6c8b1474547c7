/** Judgements about organisations. Pure. */
import { checkCreditCode } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';

export interface NamedLike {
  name: string;
  uscc: string | null;
}

/** Whether a body can be registered: a credit code is checked by its check digit, and nobody is registered twice. */
export function refusalsOfRegistration(
  asked: { name: string; uscc?: string | undefined; areaCode: string },
  areaKnown: boolean,
  alike: readonly NamedLike[],
): Refusal[] {
  const refusals: Refusal[] = [];
  if (!areaKnown) refusals.push(refusal(`没有代码为 ${asked.areaCode} 的区划`, { field: 'areaCode' }));
  const code = asked.uscc ? checkCreditCode(asked.uscc) : null;
  if (code && !code.ok) refusals.push(refusal(code.reason, { field: 'uscc' }));
  for (const one of alike) {
    if (code?.ok && one.uscc === code.value)
      refusals.push(refusal(`统一社会信用代码 ${code.value} 已登记给“${one.name}”`, { field: 'uscc' }));
    else if (one.name === asked.name) refusals.push(refusal(`同一区划下已有“${asked.name}”`, { field: 'name' }));
  }
  return refusals;
}
