/**
 * xlsx as a stream. The folder is opened by our own careful zip reader, the rows are parsed by exceljs' streaming
 * worksheet reader. Its outer workbook reader is not used: it trusts the zip, spills sheets into temporary files and
 * tears Chinese characters that straddle a chunk.
 */
import {
  lookOfBuiltIn,
  lookOfCode,
  type NumberLook,
  numberText,
  plainNumber,
  tidyText,
  uncomputed,
} from './cell-text.ts';
import { fillMerges, type Merge, parseRange } from './merges.ts';
import { limits, type Row, resave, type Sheet, SpreadsheetRefused, withinLimits } from './sheet.ts';
import { inflateEntry, readDirectory, readEntryText, type ZipEntry } from './zip.ts';

const partLimit = 8 * 1024 * 1024;
const sharedTextLimit = 96 * 1024 * 1024;
const mergeLimit = 20_000;
/** A cell holds at most 32,767 characters; a piece of XML this long without an end is not a sheet. */
const pieceLimit = 4 * 1024 * 1024;

type Book = { bytes: Buffer; entries: Map<string, ZipEntry>; date1904: boolean; looks: NumberLook[] };

export async function readXlsx(bytes: Buffer): Promise<{ sheets: Sheet[]; notes: string[] }> {
  const directory = readDirectory(bytes);
  refuseOtherPrograms(directory);
  if (directory.some((entry) => entry.encrypted)) throw new SpreadsheetRefused(passwordProblem);
  const entries = new Map(directory.map((entry) => [entry.name, entry]));
  const text = async (name: string) => {
    const entry = entries.get(name);
    return entry ? await readEntryText(bytes, entry, partLimit) : '';
  };

  const bookAt = targetOf(await text('_rels/.rels'), '', 'officeDocument') ?? 'xl/workbook.xml';
  const folder = bookAt.slice(0, bookAt.lastIndexOf('/') + 1);
  const bookText = await text(bookAt);
  const relations = await text(`${folder}_rels/${bookAt.slice(folder.length)}.rels`);
  if (bookText === '') throw new SpreadsheetRefused(`文件里没有工作簿内容。${resave}`);

  const stylesAt = targetOf(relations, folder, 'styles');
  const book: Book = {
    bytes,
    entries,
    date1904: /date1904\s*=\s*["'](1|true)["']/.test(bookText),
    looks: stylesAt ? readLooks(await text(stylesAt)) : [],
  };

  const targets = new Map<string, string>();
  for (const tag of tags(relations, 'Relationship')) {
    if (/\/worksheet$/.test(tag.Type ?? '')) targets.set(tag.Id ?? '', resolve(folder, tag.Target ?? ''));
  }
  const found: { name: string; hidden: boolean; entry: ZipEntry }[] = [];
  for (const tag of tags(bookText, 'sheet')) {
    const relation = Object.entries(tag).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
    const entry = entries.get(targets.get(relation) ?? '');
    if (entry) found.push({ name: tag.name ?? '', hidden: (tag.state ?? 'visible') !== 'visible', entry });
  }
  if (found.length === 0) throw new SpreadsheetRefused(`文件里没有工作表。${resave}`);

  // One pass over every sheet before a row is parsed: sizes and sums are proved, and merged blocks, which stand
  // behind the rows they concern, are known in time.
  const scanned = [];
  for (const sheet of found) scanned.push({ ...sheet, ...(await scanSheet(bytes, sheet.entry)) });
  const sharedAt = targetOf(relations, folder, 'sharedStrings');
  let shared: Promise<string[]> | undefined;
  const sharedTexts = () => {
    shared ??= readSharedTexts(bytes, sharedAt ? entries.get(sharedAt) : undefined);
    return shared;
  };

  return {
    sheets: scanned.map(({ name, hidden, entry, merges, about }) => ({
      name,
      hidden,
      about,
      rows: { [Symbol.asyncIterator]: () => withinLimits(fillMerges(readRows(book, entry, sharedTexts), merges)) },
    })),
    notes: directory.some((entry) => entry.name.endsWith('vbaProject.bin'))
      ? ['文件含宏，只读取了单元格内容，宏未运行']
      : [],
  };
}

export const passwordProblem =
  '文件设了打开密码，无法读取。请在 Excel 或 WPS 中取消密码（文件→信息→保护工作簿）并保存后再上传';

async function* readRows(book: Book, entry: ZipEntry, sharedTexts: () => Promise<string[]>): AsyncGenerator<Row> {
  // The streaming worksheet reader alone: the rest of exceljs is not loaded to read.
  const { default: WorksheetReader } = await import('exceljs/lib/stream/xlsx/worksheet-reader.js');
  const shared = await sharedTexts();
  const reader = new WorksheetReader({
    id: 1,
    iterator: plainSheetXml(inflateEntry(book.bytes, entry)),
    options: { worksheets: 'emit' },
    workbook: {
      sharedStrings: shared,
      properties: {},
      // Formats are quoted so that exceljs leaves numbers alone: which of them are dates is decided by us.
      styles: { getStyleModel: (id: number) => ({ numFmt: `"${book.looks[id] ?? ''}"` }) },
    },
  });
  try {
    for await (const events of reader.parse()) {
      for (const { eventType, value: row } of events) {
        if (eventType !== 'row') continue;
        const cells: string[] = [];
        row.eachCell({ includeEmpty: false }, (cell, column) => {
          const value = valueText(cell.value, cell.numFmt, book.date1904);
          if (value === '') return;
          while (cells.length < column - 1) cells.push('');
          cells[column - 1] = value;
        });
        if (!Number.isInteger(row.number)) throw new Error('a row without its number');
        yield { number: row.number, cells };
      }
    }
  } catch (error) {
    if (error instanceof SpreadsheetRefused) throw error;
    throw new SpreadsheetRefused(`工作表内容不规范，读到一半无法继续。${resave}`, { cause: error });
  }
}

function valueText(value: unknown, format: string | undefined, date1904: boolean): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return tidyText(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return uncomputed;
    const look = (format ?? '').replaceAll('"', '') as NumberLook;
    return look === '' ? plainNumber(value) : numberText(value, look, date1904);
  }
  if (typeof value === 'object' && 'error' in value) return String(value.error);
  return '';
}

/**
 * The XML of a sheet in whole cells, reduced to what exceljs reads correctly: no namespace prefixes, no formulas (the
 * cached value stays), no empty cells and rows, inline rich text as plain text.
 */
async function* plainSheetXml(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let prefix: string | undefined;
  for await (const piece of wholePieces(chunks, /<\/(?:\w+:)?(?:c|row|sheetData)>/y)) {
    prefix ??= /<(\w+:)?worksheet[\s>]/.exec(piece)?.[1] ?? '';
    let xml = prefix === '' ? piece : piece.replaceAll(`<${prefix}`, '<').replaceAll(`</${prefix}`, '</');
    if (xml.includes('<f')) {
      xml = xml.replace(/<f(?:\s[^>]*)?(?:\/>|>[^<]*<\/f>)(<\/c>)?/g, (_, end?: string) =>
        end === undefined ? '' : `<v>${uncomputed}</v></c>`,
      );
    }
    if (xml.includes('<is')) {
      xml = xml.replace(/<is>([\s\S]*?)<\/is>/g, (_, inner: string) => `<is><t>${rawTexts(inner)}</t></is>`);
    }
    // A row's own style would be inherited by cells that have none; an ISO date cell would be read as its year.
    yield xml
      .replace(/<c(?:\s[^>]*)?\/>/g, '')
      .replace(/<row(?:\s[^>]*)?\/>/g, '')
      .replace(/(<row\s[^>]*?)\ss="\d+"/g, '$1')
      .replace(/(<c\s[^>]*?\s)t="d"/g, '$1t="str"');
  }
}

async function readSharedTexts(bytes: Buffer, entry: ZipEntry | undefined): Promise<string[]> {
  if (!entry) return [];
  if (entry.size > sharedTextLimit) throw new SpreadsheetRefused('文件中的文字过多。请拆成几个文件分别上传');
  const texts: string[] = [];
  for await (const piece of wholePieces(inflateEntry(bytes, entry), /<\/(?:\w+:)?si>/y)) {
    for (const [, inner] of piece.matchAll(/<(?:\w+:)?si(?:\s[^>]*)?(?:\/>|>([\s\S]*?)<\/(?:\w+:)?si>)/g)) {
      texts.push(decodeXml(rawTexts(inner ?? '')).slice(0, limits.cellText));
    }
  }
  return texts;
}

/** The text runs of a string item, still escaped, without the pronunciation that stands beside it. */
function rawTexts(inner: string): string {
  let text = '';
  const spoken = inner.includes('rPh') ? inner.replace(/<(\w+:)?rPh[\s>][\s\S]*?<\/\1rPh>/g, '') : inner;
  for (const [, run] of spoken.matchAll(/<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</g)) text += run;
  return text;
}

/** Chunks of bytes as text that always ends behind a closing tag, so that a pattern never meets half a cell. */
async function* wholePieces(chunks: AsyncIterable<Buffer>, closing: RegExp): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let cut = 0;
    for (let at = text.lastIndexOf('</'); at >= 0; at = at === 0 ? -1 : text.lastIndexOf('</', at - 1)) {
      closing.lastIndex = at;
      if (!closing.test(text)) continue;
      cut = closing.lastIndex;
      break;
    }
    if (cut > 0) yield text.slice(0, cut);
    rest = text.slice(cut);
    if (rest.length > pieceLimit) throw new SpreadsheetRefused(`文件中有过长的内容，不像普通表格。${resave}`);
  }
  yield rest + decoder.decode();
}

/** Inflates the whole sheet once and keeps only how many rows end in it and the list of merged blocks at its end. */
async function scanSheet(bytes: Buffer, entry: ZipEntry): Promise<{ merges: Merge[]; about: number }> {
  const merges: Merge[] = [];
  let about = 0;
  let tail = '';
  for await (const chunk of inflateEntry(bytes, entry)) {
    const text = tail + chunk.toString('latin1');
    for (let at = text.indexOf('row>'); at >= 0; at = text.indexOf('row>', at + 4)) about += 1;
    if (text.includes('mergeCell')) {
      for (const [, ref] of text.matchAll(/mergeCell\s+ref="([A-Z0-9:$]+)"/g)) {
        const merge = parseRange(ref!);
        if (merge && merges.length < mergeLimit) merges.push(merge);
      }
    }
    // A tag cut by the chunk border is seen whole next time, one seen whole is never seen twice.
    tail = text.slice(Math.max(text.lastIndexOf('<'), text.length - 200));
    if (tail.includes('>')) tail = '';
  }
  return { merges, about };
}

function readLooks(styles: string): NumberLook[] {
  const codes = new Map<number, NumberLook>();
  for (const tag of tags(styles, 'numFmt')) {
    if (tag.numFmtId !== undefined) codes.set(Number(tag.numFmtId), lookOfCode(decodeXml(tag.formatCode ?? '')));
  }
  const cellFormats = /<(\w+:)?cellXfs[\s>]([\s\S]*?)<\/\1cellXfs>/.exec(styles)?.[2] ?? '';
  return tags(cellFormats, 'xf').map((tag) => {
    const id = Number(tag.numFmtId ?? 0);
    return codes.get(id) ?? lookOfBuiltIn(id);
  });
}

function refuseOtherPrograms(entries: ZipEntry[]): void {
  const has = (start: string) => entries.some((entry) => entry.name.startsWith(start));
  if (has('xl/workbook.bin')) throw new SpreadsheetRefused(`这是二进制工作簿(xlsb)。${resave}`);
  if (has('xl/')) return;
  if (has('word/'))
    throw new SpreadsheetRefused('这是 Word 文档，不是表格。请把其中的表格复制到 Excel 或 WPS 表格再上传');
  if (has('ppt/')) throw new SpreadsheetRefused('这是演示文稿，不是表格。请上传 Excel 工作簿(xlsx)');
  if (has('content.xml')) throw new SpreadsheetRefused(`这是 OpenDocument 文件。${resave}`);
  throw new SpreadsheetRefused('这是压缩包，不是表格。请解压后上传其中的 Excel 工作簿(xlsx)');
}

function targetOf(relations: string, folder: string, type: string): string | undefined {
  const tag = tags(relations, 'Relationship').find((one) => one.Type?.endsWith(`/${type}`));
  return tag?.Target === undefined ? undefined : resolve(folder, tag.Target);
}

function resolve(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  return new URL(target, `file:///${folder}`).pathname.slice(1);
}

/** The attributes of every tag of that name, whatever its prefix. */
function tags(xml: string, name: string): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  for (const [, attributes] of xml.matchAll(new RegExp(`<(?:\\w+:)?${name}((?:\\s[^>]*)?)/?>`, 'g'))) {
    const tag: Record<string, string> = {};
    for (const match of attributes!.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
      tag[match[1]!] = decodeXml(match[2] ?? match[3] ?? '');
    }
    found.push(tag);
  }
  return found;
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

function decodeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex: string, decimal: string, word: string) => {
      if (word !== undefined) return named[word] ?? whole;
      const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
