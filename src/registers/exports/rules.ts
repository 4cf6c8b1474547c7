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

/** One thing of a dossier: where it lies, or why it is not in it. */
export type DossierPart = { what: string } & ({ path: string } | { left: string });

/** A name that every system can unpack, in the order of the contents, no two the same. */
export function fileName(place: number, name: string): string {
  const plain = name.replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_').replaceAll(/^\.+/g, '_');
  return `${String(place).padStart(3, '0')}-${plain}`;
}

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const written = (text: string) => text.replaceAll(/[&<>"']/g, (mark) => marks[mark]!);

/** The page of contents: whose dossier it is, who wrote it when and what it counts, and every part with its place. */
export function dossierPage(of: {
  estate: string;
  parts: readonly DossierPart[];
  today: string;
  by: string;
  demo: boolean;
}): string {
  const rows = of.parts.map((one) =>
    'path' in one
      ? `<li><a href="${written(one.path.split('/').map(encodeURIComponent).join('/'))}">${written(one.what)}</a></li>`
      : `<li>${written(one.what)}（${written(one.left)}）</li>`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>${written(of.estate)}　一小区一档</title></head><body>
<h1>${written(of.estate)}　一小区一档</h1>
${of.demo ? '<p>演示数据</p>' : ''}
<p>制表：${written(of.by)}　${written(of.today)}</p>
<p>口径：截至 ${written(of.today)}，导出的人有权看到的底册、义务、报备和文件；电话只显示后四位，没有登记的为空（待补）。文件是盖章后没有撤回的最后一份；撤回的报备没有材料。</p>
<ol>
${rows.join('\n')}
</ol>
</body></html>
`;
}
