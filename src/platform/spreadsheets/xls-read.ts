import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readApart } from '../apart.ts';
import { fillMerges, type Merge } from './merges.ts';
import { type Row, resave, type Sheet, SpreadsheetRefused, withinLimits } from './sheet.ts';
import { passwordProblem } from './xlsx-read.ts';

const limits = { memoryMB: 512, milliseconds: 60_000, outputBytes: 256 * 1024 * 1024 };

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
  const reads = [dirname(script), library, dirname(dirname(library))];
  const output = await readApart(bytes, { script, reads, limits });
  if (output === null) throw new SpreadsheetRefused(`文件太大或太复杂，未能在限定的时间和内存内读完。${resave}`);
  return output;
}
