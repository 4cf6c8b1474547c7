import type { Refusal } from '../../kernel/results.ts';

/** Whether a file may still be handed over: what its reader must keep out of may have grown since it was written. */
export function refusalsOfFetching(job: {
  today: string;
  keptUntil: string;
  barred: readonly number[];
  bars: readonly number[];
}): Refusal[] {
  return [
    ...(job.keptUntil < job.today ? [{ reason: `这份导出保存到 ${job.keptUntil}，已经清理。请重新导出。` }] : []),
    ...(job.bars.some((bar) => !job.barred.includes(bar))
      ? [{ reason: '这份导出写成之后，您有了新的回避事项，不能再领取。请重新导出。' }]
      : []),
  ];
}
