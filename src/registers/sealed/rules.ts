/** Judgements about sealed fields. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

/** A reason stands in the journal for ever: no number may hide in it. */
export function refusalsOfReason(reason: string): Refusal[] {
  return /\d{7,}/.test(reason.replaceAll(/[\s-]/g, ''))
    ? [refusal('理由会永久留痕，里面不要写电话、证件等号码', { field: 'reason' })]
    : [];
}

export function refusalsOfErasure(known: { sealed: boolean; open: boolean }): Refusal[] {
  if (known.open) return [refusal('这个人的抹除申请正在等待决定')];
  return known.sealed ? [] : [refusal('这个人没有加密保存的信息，无可抹除')];
}

/** Two persons: who asked does not decide. */
export function refusalsOfDecision(erasure: { askedBy: number; decided: boolean }, by: number): Refusal[] {
  return [
    ...(erasure.decided ? [refusal('这件申请已经决定')] : []),
    ...(erasure.askedBy === by ? [refusal('申请人不能自己决定：抹除须由另一人决定')] : []),
  ];
}
