import { readFile, stat } from 'node:fs/promises';
import { limits, resave, SpreadsheetRefused, type WorkbookKind, type WorkbookRead } from './sheet.ts';
import { pastedSheet, readCsv } from './text-read.ts';
import { readXls } from './xls-read.ts';
import { rowsAhead } from './xlsx-ahead.ts';
import { passwordProblem, readXlsx } from './xlsx-read.ts';

/**
 * Opens a workbook by what it contains; the name only serves messages and the name of a csv sheet. With `ahead`, the rows of an xlsx are parsed in a
 * thread of their own: for who goes through all of them and does something with each.
 */
export async function readWorkbook(
  source: Uint8Array | string,
  { name, ahead = false }: { name: string; ahead?: boolean },
): Promise<WorkbookRead> {
  try {
    const bytes = await bytesOf(source);
    const kind = kindOf(bytes);
    const readers = { xlsx: readXlsx, xls: readXls, csv: (all: Buffer) => readCsv(all, name) };
    const { sheets, notes } = await readers[kind](bytes);
    if (ahead && kind === 'xlsx') {
      for (const [at, sheet] of sheets.entries()) sheet.rows = { [Symbol.asyncIterator]: () => rowsAhead(bytes, at) };
    }
    return { ok: true, kind, sheets, notes };
  } catch (error) {
    if (error instanceof SpreadsheetRefused) return { ok: false, problem: `${name}：${error.message}` };
    throw error;
  }
}

/** Cells copied in Excel or WPS and pasted into a text box. */
export function readPasted(text: string): WorkbookRead {
  if (text.length > limits.bytes / 2) {
    return { ok: false, problem: '粘贴的内容过多。请保存为 Excel 工作簿(xlsx)后上传文件' };
  }
  if (text.trim() === '')
    return { ok: false, problem: '没有粘贴到内容。请在 Excel 或 WPS 中选中单元格并复制，再到这里粘贴' };
  return { ok: true, kind: 'pasted', sheets: [pastedSheet(text)], notes: [] };
}

async function bytesOf(source: Uint8Array | string): Promise<Buffer> {
  const size = typeof source === 'string' ? (await stat(source)).size : source.byteLength;
  if (size === 0) throw new SpreadsheetRefused('文件是空的。请确认选对了文件');
  if (size > limits.bytes) {
    const megabytes = (size / 1024 / 1024).toFixed(1);
    throw new SpreadsheetRefused(
      `文件有 ${megabytes} MB，超过 ${limits.bytes / 1024 / 1024} MB。请删去图片和无关的工作表，或拆成几个文件分别上传`,
    );
  }
  if (typeof source === 'string') return await readFile(source);
  return Buffer.from(source.buffer, source.byteOffset, source.byteLength);
}

function kindOf(bytes: Buffer): Exclude<WorkbookKind, 'pasted'> {
  const starts = (...head: number[]) => head.every((byte, at) => bytes[at] === byte);
  if (starts(0x50, 0x4b)) return 'xlsx';
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return kindOfCompound(bytes);
  if (starts(0x09) && [0x00, 0x02, 0x04, 0x08].includes(bytes[1] ?? -1) && bytes[3] === 0) return 'xls';
  if (starts(0x25, 0x50, 0x44, 0x46))
    throw new SpreadsheetRefused('这是 PDF，不是表格。请向提供方索取 Excel 工作簿(xlsx)');
  if (starts(0x89, 0x50, 0x4e, 0x47) || starts(0xff, 0xd8, 0xff) || starts(0x47, 0x49, 0x46)) {
    throw new SpreadsheetRefused('这是图片，不是表格。请上传 Excel 工作簿(xlsx)');
  }
  if (starts(0x52, 0x61, 0x72, 0x21) || starts(0x37, 0x7a, 0xbc, 0xaf) || starts(0x1f, 0x8b)) {
    throw new SpreadsheetRefused('这是压缩包，不是表格。请解压后上传其中的 Excel 工作簿(xlsx)');
  }
  const head = bytes
    .toString('latin1', 0, 2_000)
    .replace(/^\u00EF\u00BB\u00BF/, '')
    .trimStart()
    .toLowerCase();
  if (/^<(!doctype|html|table|head|meta|div|style)/.test(head) || head.startsWith('mime-version')) {
    throw new SpreadsheetRefused(`这其实是网页，只是改了扩展名（不少系统这样导出）。${resave}`);
  }
  if (head.startsWith('<?xml')) throw new SpreadsheetRefused(`这是 XML 文件。${resave}`);
  return 'csv';
}

/** xls, Word and password-protected xlsx all live in the same old container; its directory names what is inside. */
function kindOfCompound(bytes: Buffer): 'xls' {
  const holds = (stream: string) => bytes.includes(Buffer.from(stream, 'utf16le'));
  if (holds('EncryptedPackage')) throw new SpreadsheetRefused(passwordProblem);
  if (holds('Workbook') || holds('Book')) return 'xls';
  if (holds('WordDocument')) {
    throw new SpreadsheetRefused('这是 Word 文档，不是表格。请把其中的表格复制到 Excel 或 WPS 表格再上传');
  }
  throw new SpreadsheetRefused(`认不出这个文件。${resave}`);
}
