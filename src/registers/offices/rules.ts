/** Judgements about offices. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

/** Whether somebody arranges deputies and leave for a post: the security administrator, its holder, or who leads the same office. */
export function mayArrange(
  by: { standing: string; personId: number; role: string; organisationId: number | null },
  post: { personId: number; organisationId: number },
): boolean {
  if (by.standing === 'security' || by.personId === post.personId) return true;
  return by.organisationId === post.organisationId && ['head', 'secretary', 'director'].includes(by.role);
}

export interface DeputyAsked {
  personId: number;
  fromOn: string;
  toOn: string;
}

/** Why somebody cannot be the deputy of a post: its holder, or a stranger to the office. */
export function refusalsOfDeputy(
  asked: DeputyAsked,
  post: { personId: number },
  deputy: { colleague: boolean } | undefined,
): Refusal[] {
  const refusals = refusalsOfTerm(asked);
  if (!deputy) return [...refusals, refusal('没有这个人，或不在您的辖区内', { field: 'personId' })];
  if (asked.personId === post.personId) refusals.push(refusal('AB 角不能是任职者本人', { field: 'personId' }));
  else if (!deputy.colleague) refusals.push(refusal('AB 角须是本单位现任人员', { field: 'personId' }));
  return refusals;
}

export function refusalsOfTerm(term: { fromOn: string; toOn?: string | undefined }): Refusal[] {
  return term.toOn !== undefined && term.toOn <= term.fromOn
    ? [refusal('结束日期须晚于开始日期', { field: 'toOn' })]
    : [];
}

export function refusalsOfLeave(
  asked: { fromOn: string; toOn: string },
  others: readonly { fromOn: string; toOn: string }[],
): Refusal[] {
  const other = others.find((one) => one.fromOn < asked.toOn && asked.fromOn < one.toOn);
  return [
    ...refusalsOfTerm(asked),
    ...(other ? [refusal(`${other.fromOn} 至 ${other.toOn} 已登记离岗`, { field: 'fromOn' })] : []),
  ];
}

/** Nobody decides about themselves. */
export function refusalsOfSelf(by: number, about: number, what: string): Refusal[] {
  return by === about ? [refusal(`不能对自己${what}`)] : [];
}
