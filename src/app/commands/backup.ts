import { resolve } from 'node:path';
import { BackupRefused, backUp } from '../backup.ts';
import { openInstallation } from '../installation.ts';
import { readSettings } from '../settings.ts';
import { type Command, CommandError } from './command.ts';

export const backup: Command = {
  summary: '在运行中备份数据库和附件',
  usage: [
    '用法：bin/gongzhi backup 空文件夹 [--keys 另一个空文件夹] [--json]',
    '',
    '不需要停机。密钥文件不在备份里：用 --keys 另存一处，两处不要放在一起。',
    '恢复：把备份放到 GONGZHI_DATA 所指的位置，把密钥文件放回 keys/master.key，再运行 bin/start。见 docs/operating.md。',
  ].join('\n'),
  options: { keys: { type: 'string' } },
  async run({ positionals: [to], options }) {
    if (!to) throw new CommandError(this.usage);
    const settings = readSettings(process.env);
    if (settings.databaseUrl)
      throw new CommandError(
        '使用自备的 PostgreSQL 时，请用它自己的办法备份（物理备份，或 pg_dump 加 pg_dumpall --roles-only），并另外复制数据文件夹里的 files/ 和密钥文件。',
      );
    const installation = await openInstallation(settings, (sentence) => console.error(sentence));
    const startedAt = performance.now();
    try {
      const made = await backUp({
        dataFolder: settings.dataFolder,
        adminUrl: installation.adminUrl!,
        to: resolve(to),
        ...(options.keys && { keys: resolve(options.keys) }),
        at: new Date(),
      });
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      const megabytes = Math.round(made.bytes / 1_000_000);
      return {
        data: { ...made, seconds },
        text: [
          `已备份到 ${made.folder}：${megabytes} MB，${seconds} 秒。`,
          made.keys
            ? `密钥文件另存在 ${made.keys}，请与备份分开保管。`
            : '密钥文件不在备份里；没有它，备份里的电话、证件号和附件打不开。请确认另有保存。',
        ].join('\n'),
      };
    } catch (error) {
      if (error instanceof BackupRefused) throw new CommandError(error.message);
      throw error;
    } finally {
      if (installation.postgres && !installation.postgres.adopted) await installation.postgres.stop();
    }
  },
};
