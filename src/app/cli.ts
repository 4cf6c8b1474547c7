// The command line: one command a file, each with --help and --json. It attaches to the running database or starts it.

import { parseArgs } from 'node:util';
import { InstanceTaken } from '../platform/instance.ts';
import { StartRefused } from '../platform/start-refused.ts';
import { backup } from './commands/backup.ts';
import { clauses } from './commands/clauses.ts';
import { type Command, CommandError } from './commands/command.ts';
import { due } from './commands/due.ts';
import { exported } from './commands/export-journal.ts';
import { policy } from './commands/policy.ts';
import { recover } from './commands/recover.ts';
import { setup } from './commands/setup.ts';
import { verify } from './commands/verify-journal.ts';
import { witness } from './commands/witness.ts';
import { SettingsError } from './settings.ts';

const commands: Record<string, Command> = {
  setup,
  policy,
  clauses,
  due,
  'verify-journal': verify,
  'export-journal': exported,
  backup,
  witness,
  recover,
};

const [name, ...rest] = process.argv.slice(2);
const command = name === undefined ? undefined : commands[name];

if (command === undefined) {
  const asked = name === undefined || name === '--help' || name === '-h';
  if (!asked) console.error(`没有 ${name} 这个命令。`);
  console.log(
    [
      '用法：bin/gongzhi 命令 [选项]',
      '',
      ...Object.entries(commands).map(([word, one]) => `  ${word.padEnd(16)}${one.summary}`),
      '',
      '每个命令都有 --help 和 --json。',
    ].join('\n'),
  );
  process.exit(asked ? 0 : 2);
}

try {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' }, ...command.options },
  });
  if (values.help) {
    console.log(command.usage);
    process.exit(0);
  }
  const { data, text, failed } = await command.run({
    positionals,
    options: values as Record<string, string | undefined>,
  });
  // Ended only when the reader has taken all of it: a pipe holds less than a catalogue.
  process.stdout.write(`${values.json ? JSON.stringify(data, null, 2) : text}\n`, () => process.exit(failed ? 1 : 0));
} catch (error) {
  const code = (error as { code?: string }).code ?? '';
  const expected =
    error instanceof CommandError ||
    error instanceof SettingsError ||
    error instanceof InstanceTaken ||
    error instanceof StartRefused ||
    code.startsWith('ERR_PARSE_ARGS');
  if (code === 'GZ002')
    console.error('刚从备份恢复，正在等待见证方核对；核对之前只能查看。见 bin/gongzhi recover --help');
  else console.error(expected ? (error as Error).message : error);
  if (code.startsWith('ERR_PARSE_ARGS')) console.error(`\n${command.usage}`);
  process.exit(2);
}
