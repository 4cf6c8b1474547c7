import { sayFault, verifyJournal } from '../../platform/verify-journal.ts';
import type { Command } from './command.ts';
import { withSystem } from './with-system.ts';

const HASHES = { sha256: 'SHA-256', sm3: 'SM3' };

export const verify: Command = {
  summary: '核验留痕：自每一行记录起，经每一条留痕，到每条链的末端（只读）',
  usage: [
    '用法：bin/gongzhi verify-journal [--json]',
    '',
    '重算受留痕约束的每一行的摘要，与最后一次留痕对照；再逐条重算留痕的字节、哈希与相接。',
    '有一处不符，指出哪张表哪一行、或哪条链第几条、属于哪一类，退出码为 1。运行时可以照常使用系统。',
    '末尾被整段删去、或自某条起整段重算，连封存的树也一起重做的，只有与见证方保存的检查点对照才看得出。',
  ].join('\n'),
  async run() {
    const verdict = await withSystem(({ database, clock }) => verifyJournal(database, clock.today()));
    const { hash, chains, events, rows, sealed, faults, more } = verdict;
    const looked = `${rows} 行记录，${chains} 条链，${events} 条留痕（${HASHES[hash]}），${sealed} 次封存`;
    const said = faults.map((fault) => ({ ...fault, says: sayFault(fault) }));
    return {
      data: {
        hash,
        chains,
        events,
        rows,
        sealed,
        faults: said.map(({ seq, ...fault }) => ({ ...fault, ...(seq !== undefined && { seq: String(seq) }) })),
        more,
      },
      text:
        faults.length === 0
          ? `完整：${looked}，全部相符。`
          : [
              `不完整：${looked}，发现 ${faults.length + more} 处不符。`,
              ...said.map(({ says }) => `  ${says}`),
              ...(more > 0 ? [`  另有 ${more} 处`] : []),
            ].join('\n'),
      failed: faults.length > 0,
    };
  },
};
