import { once } from 'node:events';
import { copyFileSync, createWriteStream, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { exportJournal } from '../../platform/export-journal.ts';
import type { Chain } from '../../platform/journal.ts';
import { type Command, CommandError } from './command.ts';
import { withSystem } from './with-system.ts';

/** What lies beside the file, so that whoever receives it can check it. */
const BESIDE = ['verify.html', '怎么验.txt'];
const verifier = join(import.meta.dirname, '../../../verify');

export const exported: Command = {
  summary: '导出留痕，连同离线核验网页，交给任何人自行核验（只读，以审计身份）',
  usage: [
    '用法：bin/gongzhi export-journal [--estate 小区编号 | --organisation 单位编号] 文件 [--json]',
    '',
    '  都不给出时导出全部链。文件每行一条；旁边放上 verify.html 和 怎么验.txt，一并交出。',
    '  导出的是留痕的原始字节，没有电话、证件号和党员身份；文件只有本人可读。',
  ].join('\n'),
  options: { estate: { type: 'string' }, organisation: { type: 'string' } },
  async run({ positionals: [file], options }) {
    const { estate, organisation } = options;
    if (file === undefined || (estate && organisation)) throw new CommandError(this.usage);
    for (const id of [estate, organisation]) {
      if (id !== undefined && !/^[1-9][0-9]*$/.test(id)) throw new CommandError(`编号应为正整数，现在是“${id}”。`);
    }
    const chain: Chain | undefined = estate
      ? `estate:${Number(estate)}`
      : organisation
        ? `organisation:${Number(organisation)}`
        : undefined;
    const stream = createWriteStream(file, { mode: 0o600 });
    await once(stream, 'open').catch((error: Error) => {
      throw new CommandError(`写不了 ${file}：${error.message}`);
    });
    const done = finished(stream);
    done.catch(() => undefined); // awaited below; a full disk met meanwhile must not end the program unheard
    const told = await withSystem(({ database, clock }) =>
      exportJournal(database, {
        today: clock.today(),
        ...(chain && { chain }),
        write: async (line) => {
          if (!stream.write(line)) await Promise.race([once(stream, 'drain'), done]);
        },
      }),
    );
    stream.end();
    await done;
    if (chain && told.chains === 0) {
      rmSync(file);
      throw new CommandError(`没有 ${chain} 这条链：它还没有一条留痕，或编号不对。`);
    }
    for (const name of BESIDE) copyFileSync(join(verifier, name), join(dirname(file), name));
    return {
      data: { file, ...told, beside: BESIDE },
      text: `已导出 ${told.chains} 条链、${told.events} 条留痕到 ${file}。\n同一文件夹里放了 ${BESIDE.join('、')}；打开 verify.html 即可核验。`,
    };
  },
};
