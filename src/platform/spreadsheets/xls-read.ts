import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillMerges, type Merge } from './merges.ts';
import { type Row, resave, type Sheet, SpreadsheetRefused, withinLimits } from './sheet.ts';
import { passwordProblem } from './xlsx-read.ts';

const childLimits = { memoryMB: 512, milliseconds: 60_000, outputBytes: 256 * 1024 * 1024 };

/** An old xls workbook, parsed outside this process (decisions.md 30); only cell texts come back. */
export async function readXls(bytes: Buffer): Promise<{ sheets: Sheet[]; notes: string[] }> {
  const output = await runChild(bytes);
  const found: { name: string; hidden: boolean; merges: Merge[]; rows: Row[] }[] = [];
  let ended = false;
  for (const line of output.split('\n')) {
    if (line === '') continue;
    const said = JSON.parse(line) as {
      sheet?: string;
      hidden?: boolean;
      merges?: Merge[];
      row?: number;
      cells?: string[];
      end?: true;
      failed?: 'password' | 'damaged';
    };
    if (said.failed === 'password') throw new SpreadsheetRefused(passwordProblem);
    if (said.failed) throw new SpreadsheetRefused(`文件内容不完整或已损坏。${resave}`);
    if (said.sheet !== undefined) {
      found.push({ name: said.sheet, hidden: said.hidden ?? false, merges: said.merges ?? [], rows: [] });
    }
    if (said.row !== undefined) found.at(-1)?.rows.push({ number: said.row, cells: said.cells ?? [] });
    if (said.end) ended = true;
  }
  if (!ended || found.length === 0) throw new SpreadsheetRefused(`文件里没有工作表。${resave}`);
  return {
    sheets: found.map(({ name, hidden, merges, rows }) => ({
      name,
      hidden,
      about: rows.length,
      rows: {
        [Symbol.asyncIterator]: () =>
          withinLimits(
            fillMerges(
              rows.map((row) => ({ ...row, cells: [...row.cells] })),
              merges,
            ),
          ),
      },
    })),
    notes: [],
  };
}

async function runChild(bytes: Buffer): Promise<string> {
  const script = fileURLToPath(new URL('./xls-child.ts', import.meta.url));
  const library = dirname(createRequire(import.meta.url).resolve('@e965/xlsx'));
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${childLimits.memoryMB}`,
      '--permission',
      `--allow-fs-read=${dirname(script)}${sep}*`,
      `--allow-fs-read=${library}${sep}*`,
      `--allow-fs-read=${dirname(dirname(library))}${sep}*`,
      script,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: {}, timeout: childLimits.milliseconds, killSignal: 'SIGKILL' },
  );
  const out: Buffer[] = [];
  let size = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > childLimits.outputBytes) child.kill('SIGKILL');
    else out.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (complaint.length < 4_000) complaint += chunk.toString();
  });
  // A child that dies early closes its end of the pipe; how it ended is told by its exit.
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  const [code] = await new Promise<[number | null, NodeJS.Signals | null]>((done, fail) => {
    child.on('error', fail);
    child.on('close', (exit, signal) => done([exit, signal]));
  });
  if (code !== 0) {
    throw new SpreadsheetRefused(`文件太大或太复杂，未能在限定的时间和内存内读完。${resave}`, { cause: complaint });
  }
  return Buffer.concat(out).toString('utf8');
}
