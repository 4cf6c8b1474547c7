/** Judgements about an owner's way to an account. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

// No regulation sets the numbers below; they are ours.
/** A letter lies in a letter box for a while. */
export const letterDays = 30;
export const namesAllowed = 5;

/** Counter and letters are the work of the community and of its sub-district, which know the owners; nobody above opens accounts for them. */
export function refusalsOfOffice(post: { level: string | null }): Refusal[] {
  return ['community', 'subdistrict'].includes(post.level ?? '') ? [] : [refusal('业主账号由社区或街道办理')];
}

/** Why an account cannot be opened for the owner at all. */
export function refusalsOfOwner(owner: { hasAccount: boolean } | undefined): Refusal[] {
  if (!owner) return [refusal('底册里这套房屋没有这位业主，请先核对房屋名册', { field: 'name' })];
  return owner.hasAccount ? [refusal('这位业主已经有账号，不用再开通')] : [];
}

/** Whether what the owner shows agrees with the register. `knows` says what there is to compare with. */
export function refusalsOfProof(given: { knows: boolean; agrees: boolean }): Refusal[] {
  if (!given.knows)
    return [
      refusal('底册里没有这位业主的手机号和证件号，无从核对：请用激活信，或由业委会成员担保', { field: 'proof' }),
    ];
  return given.agrees ? [] : [refusal('手机号后四位或证件号与底册不一致，没有开通', { field: 'proof' })];
}

/** Two different persons, neither of them the owner. */
export function refusalsOfConfirming(given: {
  decided: boolean;
  vouchedBy: number;
  confirmedBy: number;
  ownerId: number | undefined;
}): Refusal[] {
  const refusals: Refusal[] = [];
  if (given.decided) refusals.push(refusal('这项担保已经办结'));
  if (given.confirmedBy === given.vouchedBy) refusals.push(refusal('担保和核对须是两个人：请由另一位社区工作人员核对'));
  if (given.ownerId !== undefined && given.ownerId === given.vouchedBy) refusals.push(refusal('不能为自己担保'));
  return refusals;
}

/** Names are the same however the keyboard wrote them. */
export function sameName(a: string, b: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').replace(/[\s·•‧]/g, '');
  return plain(a) === plain(b);
}
