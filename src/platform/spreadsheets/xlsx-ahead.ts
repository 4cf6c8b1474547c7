import { Worker } from 'node:worker_threads';
import { type Row, resave, SpreadsheetRefused } from './sheet.ts';

/** Megabytes. Unless it is said, a thread's young generation is so small that a quarter of the reading is collecting. */
const threadLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 64 };

export interface Asked {
  bytes: Uint8Array;
  sheet: number;
}
/** What the thread says: rows, and at last how it ended. It is answered once for every batch that was taken. */
export type Said = { numbers: number[]; cells: string[][] } | { refused: string } | { ended: true };

/**
 * The rows of a sheet of an xlsx workbook, parsed in a thread of its own while whoever takes them judges those before; a workbook that needs too
 * much memory ends that thread and nothing else.
 */
export async function* rowsAhead(bytes: Uint8Array, sheet: number): AsyncGenerator<Row> {
  const asked: Asked = { bytes, sheet };
  const thread = new Worker(new URL('./xlsx-thread.ts', import.meta.url), {
    workerData: asked,
    resourceLimits: threadLimits,
  });
  const said: Said[] = [];
  let failure: Error | undefined;
  let wake = () => {};
  thread.on('message', (one: Said) => {
    said.push(one);
    wake();
  });
  thread.on('error', (error: NodeJS.ErrnoException) => {
    failure =
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? new SpreadsheetRefused(`文件太大或太复杂，未能在限定的内存内读完。${resave}`, { cause: error })
        : error;
    wake();
  });
  thread.on('exit', (code) => {
    // After its last word this says nothing new; before it, nobody must wait for ever.
    failure ??= new Error(`the reader ended with ${code}`);
    wake();
  });
  try {
    for (;;) {
      const next = said.shift();
      if (next === undefined) {
        if (failure) throw failure;
        await new Promise<void>((done) => {
          wake = done;
        });
        continue;
      }
      if ('ended' in next) return;
      if ('refused' in next) throw new SpreadsheetRefused(next.refused);
      thread.postMessage('more');
      for (const [at, number] of next.numbers.entries()) yield { number, cells: next.cells[at]! };
    }
  } finally {
    await thread.terminate();
  }
}
