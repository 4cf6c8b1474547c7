// Two ways side by side in one run: pairs in alternating order, and medians, so that what else the machine does falls on both.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

export interface Result {
  name: string;
  /** What is measured ÷ what it is measured against, both in milliseconds. */
  measured: number;
  against: number;
  ratio: number;
  /** The most the ratio may be; null where it is told for information. */
  bar: number | null;
  /** Milliseconds above the other that are allowed whatever the ratio. */
  orMore?: number;
  pairs: number;
  note?: string;
}

export async function clocked(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The most memory this process holds while something runs, in MB, and what it held before. */
export function watchedMemory(): { stop(): { before: number; peak: number } } {
  const held = () => Math.round(process.memoryUsage.rss() / 1_000_000);
  const before = held();
  let peak = before;
  const look = () => {
    peak = Math.max(peak, held());
  };
  const watch = setInterval(look, 20);
  return {
    stop() {
      clearInterval(watch);
      look();
      return { before, peak };
    },
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

type Way = () => Promise<unknown>;

/** Milliseconds of processor time that a process of this machine has had so far. */
function processorTime(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/**
 * `before` is done, unmeasured, before each single run. With `backends`, the processes that answer the two ways, it is their processor time that is
 * measured: what else the machine does then falls on neither, and what both spend alike outside the database hides nothing.
 */
export async function sideBySide(
  name: string,
  {
    measured,
    against,
    before,
    backends,
    pairs,
    bar,
    orMore,
    note,
  }: {
    measured: Way;
    against: Way;
    before?: Way;
    backends?: Record<'measured' | 'against', number>;
    pairs: number;
    bar: number | null;
    orMore?: number;
    note?: string;
  },
): Promise<Result> {
  const times: { measured: number[]; against: number[] } = { measured: [], against: [] };
  const walls: typeof times = { measured: [], against: [] };
  const run = async (which: 'measured' | 'against') => {
    await before?.();
    const way = which === 'measured' ? measured : against;
    const startedAt = backends && processorTime(backends[which]);
    const elapsed = await clocked(way);
    walls[which].push(elapsed);
    times[which].push(startedAt === undefined ? elapsed : processorTime(backends![which]) - startedAt);
  };
  // On one processor: what its neighbours do to it then falls on both.
  const pids = [...new Set(Object.values(backends ?? {}))];
  const keepOn = (processors: string) => {
    for (const pid of pids) execFileSync('taskset', ['-pc', processors, String(pid)]);
  };
  keepOn('0');
  // The first pair warms up and does not count.
  for (let pair = 0; pair <= pairs; pair += 1) {
    for (const which of pair % 2 === 0 ? (['measured', 'against'] as const) : (['against', 'measured'] as const))
      await run(which);
  }
  // What is measured next has all of the machine again.
  keepOn(`0-${cpus().length - 1}`);
  const counted = { measured: times.measured.slice(1), against: times.against.slice(1) };
  const wall = `钟表 ${median(walls.measured.slice(1)).toFixed(1)}/${median(walls.against.slice(1)).toFixed(1)} ms`;
  const notes = [note, backends && wall].filter((one) => one !== undefined);
  return {
    name,
    measured: median(counted.measured),
    against: median(counted.against),
    ratio: median(counted.measured.map((time, at) => time / counted.against[at]!)),
    bar,
    pairs,
    ...(orMore !== undefined && { orMore }),
    ...(notes.length > 0 && { note: notes.join('，') }),
  };
}

export function holds({ bar, ratio, measured, against, orMore }: Result): boolean {
  return bar === null || ratio <= bar || (orMore !== undefined && measured - against <= orMore);
}
