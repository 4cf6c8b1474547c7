import { declareRecovery } from '../../platform/witnessing/index.ts';
import { actAs } from './acting.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const recover: Command = {
  summary: '从备份恢复之后，签署恢复声明并恢复办理',
  usage: [
    '用法：bin/gongzhi recover --reason 原因和经过 --as 管理员账号 [--json]',
    '',
    '有见证方时先让见证方核对：核对一致会自动恢复办理，不需要这个命令。',
    '见证方持有更新的检查点（备份之后的记录丢失），或没有见证方时，用它写明原因；声明永久保存、对外公开，并写入留痕。',
  ].join('\n'),
  options: { as: { type: 'string' }, reason: { type: 'string' } },
  async run({ options }) {
    const answer = await withSystem((system) =>
      actAs(system, options.as, (tx, { organisationId }) =>
        declareRecovery(
          tx,
          { reason: options.reason ?? '', organisationId },
          { signer: system.signer, now: system.clock.now() },
        ),
      ),
    );
    if (Array.isArray(answer)) throw new CommandError(answer.map((one) => one.reason).join('\n'));
    return { data: answer, text: `已签署恢复声明，可以办理了：\n\n${answer.statement}` };
  },
};
