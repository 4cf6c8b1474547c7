import { dismissWitness, findWitnesses, nameWitness } from '../../platform/witnessing/index.ts';
import { actAs } from './acting.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

export const witness: Command = {
  summary: '列出、登记、撤销见证方',
  usage: [
    '用法：bin/gongzhi witness list [--json]',
    '      bin/gongzhi witness add 名称 公钥 --as 管理员账号',
    '      bin/gongzhi witness remove 名称 --reason 理由 --as 管理员账号',
    '',
    '见证方在自己的电脑上运行 verify/witness.ts，名称和公钥由它打印。',
  ].join('\n'),
  options: { as: { type: 'string' }, reason: { type: 'string' } },
  async run({ positionals: [act, name, publicKey], options }) {
    if (act === 'list') {
      const witnesses = await withSystem(({ database, clock }) =>
        database.transaction({ standing: 'auditor', today: clock.today() }, findWitnesses),
      );
      const data = witnesses.map((one) => ({ name: one.name, publicKey: one.publicKey.toString('base64') }));
      const lines = data.map((one) => `${one.name}　${one.publicKey}`);
      return { data, text: lines.length > 0 ? lines.join('\n') : '还没有见证方' };
    }
    if (!name || !['add', 'remove'].includes(act ?? '')) throw new CommandError(this.usage);
    const refusals = await withSystem((system) =>
      actAs(system, options.as, (tx, { organisationId }) =>
        act === 'add'
          ? nameWitness(
              tx,
              { name, publicKey: Buffer.from(publicKey ?? '', 'base64'), organisationId },
              system.clock.today(),
            )
          : dismissWitness(tx, { name, reason: options.reason ?? '', organisationId }, system.clock.today()),
      ),
    );
    if (refusals.length > 0) throw new CommandError(refusals.map((one) => one.reason).join('\n'));
    return { data: { name }, text: act === 'add' ? `已登记见证方“${name}”` : `已撤销见证方“${name}”` };
  },
};
