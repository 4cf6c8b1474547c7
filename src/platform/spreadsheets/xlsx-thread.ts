// The thread of `rowsAhead`: parses one sheet of one workbook, a few batches ahead of whoever takes them.

import { parentPort, workerData } from 'node:worker_threads';
import { SpreadsheetRefused } from './sheet.ts';
import type { Asked, Said } from './xlsx-ahead.ts';
import { readXlsx } from './xlsx-read.ts';

const rowsAtOnce = 500;
/** Enough that neither waits for the other, few enough to hold. */
const batchesAhead = 6;

const { bytes, sheet } = workerData as Asked;
const port = parentPort!;
const say = (one: Said) => port.postMessage(one);

let allowed = batchesAhead;
let wake = () => {};
port.on('message', () => {
  allowed += 1;
  wake();
});

async function send(numbers: number[], cells: string[][]): Promise<void> {
  while (allowed === 0) {
    await new Promise<void>((done) => {
      wake = done;
    });
  }
  allowed -= 1;
  say({ numbers, cells });
}

try {
  const { sheets } = await readXlsx(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let numbers: number[] = [];
  let cells: string[][] = [];
  for await (const row of sheets[sheet]!.rows) {
    numbers.push(row.number);
    cells.push(row.cells);
    if (numbers.length < rowsAtOnce) continue;
    await send(numbers, cells);
    [numbers, cells] = [[], []];
  }
  await send(numbers, cells);
  say({ ended: true });
} catch (error) {
  if (!(error instanceof SpreadsheetRefused)) throw error;
  say({ refused: error.message });
}
port.close();
