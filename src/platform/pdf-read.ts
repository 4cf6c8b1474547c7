import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readApart } from './apart.ts';
import { type Line, pageLimit, paragraphsOf } from './pdf-lines.ts';

const limits = { memoryMB: 256, milliseconds: 60_000, outputBytes: 32 * 1024 * 1024 };

export type PdfRead = { words: string | null } | { trouble: string };

/** The words of a PDF, a paragraph a line; null for pictures of pages, in which there are none. */
export async function readPdf(bytes: Buffer): Promise<PdfRead> {
  const script = fileURLToPath(new URL('./pdf-child.ts', import.meta.url));
  const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const output = await readApart(bytes, { script, reads: [dirname(script), library], limits });
  if (output === null) return { trouble: troubles.heavy };
  const said = output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { lines?: Line[]; failed?: keyof typeof troubles; end?: true });
  const failed = said.find((one) => one.failed)?.failed;
  if (failed) return { trouble: troubles[failed] };
  return { words: paragraphsOf(said.flatMap((one) => (one.lines ? [one.lines] : []))) || null };
}

const troubles = {
  password: 'PDF 设了打开密码，别人打不开。请去掉密码后另存，再上传',
  damaged: 'PDF 内容不完整或已损坏，请重新导出后再上传',
  long: `PDF 超过 ${pageLimit} 页。请只上传这份文件的正式文本，不要整本汇编`,
  heavy: 'PDF 太大或太复杂，未能在限定的时间和内存内读完。请用 Word 或 WPS 重新导出，或上传 docx',
};
