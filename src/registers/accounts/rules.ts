/** Judgements about ways of signing in. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

/** Why somebody may not be without what they are about to give up. */
export function refusalsOfEnding(given: { demanded: boolean; others: number }): Refusal[] {
  return given.demanded && given.others === 0
    ? [refusal('您的职务登录时要求二次验证，不能停用最后一种方式；请先添加另一种')]
    : [];
}

/** Nobody resets their own: who knows the password changes it, who forgot it is not signed in. */
export function refusalsOfReset(given: { own: boolean }): Refusal[] {
  return given.own ? [refusal('不能重置自己的密码；记得现在密码的，请在“修改密码”里改')] : [];
}
