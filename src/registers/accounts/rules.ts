/** Judgements about the second factor. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';

/** Why somebody may not be without what they are about to give up. */
export function refusalsOfEnding(given: { demanded: boolean; others: number }): Refusal[] {
  return given.demanded && given.others === 0
    ? [refusal('您的职务登录时要求二次验证，不能停用最后一种方式；请先添加另一种')]
    : [];
}
