/** Written documents in: their text, paragraph by paragraph. Nothing of their looks, and nothing in them runs. */
import { readPdf } from './pdf-read.ts';
import { decode, decodeXml, readDirectory, readEntryText } from './spreadsheets/index.ts';
import { type Numbered, numberer } from './word-numbering.ts';

export interface DocumentRead {
  media: string;
  /** One paragraph a line; null for pictures of pages, in which there are no words. */
  text: string | null;
}

/** Files that are no document, or are damaged; the message says what to do. */
export class DocumentRefused extends Error {}

const partLimit = 16 * 1024 * 1024;
const kinds = '请用 PDF、docx 或 txt；doc 请先在 Word 或 WPS 里另存为 docx';

/** What a file is is told by its bytes, not by its name. */
export async function readDocument(bytes: Buffer): Promise<DocumentRead> {
  const { media, text } = await readByKind(bytes);
  // No text of a database holds a zero.
  return { media, text: text?.replaceAll('\0', '') ?? null };
}

/** What a scan is, told by its first bytes: PDF, JPEG or PNG; undefined for anything else. */
export function mediaOfScan(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 1024).includes('%PDF-')) return 'application/pdf';
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg';
  return bytes.subarray(0, 8).equals(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')) ? 'image/png' : undefined;
}

async function readByKind(bytes: Buffer): Promise<DocumentRead> {
  if (bytes.length === 0) throw new DocumentRefused('文件是空的');
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { media: 'application/pdf', text: await readPages(bytes) };
  if (bytes.subarray(0, 2).equals(ZIP)) return { media: DOCX, text: await readDocx(bytes) };
  return { media: 'text/plain; charset=utf-8', text: await readPlain(bytes) };
}

const ZIP = Buffer.from('PK');
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

async function readDocx(bytes: Buffer): Promise<string> {
  try {
    const entries = readDirectory(bytes);
    const part = (name: string) => {
      const entry = entries.find((one) => one.name === name);
      return entry && readEntryText(bytes, entry, partLimit);
    };
    const xml = await part('word/document.xml');
    if (xml === undefined) throw new DocumentRefused(`这不是 Word 文件。${kinds}`);
    return wordsOf(xml, numberer((await part('word/numbering.xml')) ?? '', (await part('word/styles.xml')) ?? ''));
  } catch (error) {
    if (error instanceof DocumentRefused) throw error;
    throw new DocumentRefused(`文件已损坏、加密或过大，读不出来。${kinds}`, { cause: error });
  }
}

/** What a paragraph was before a revision (w:pPrChange), and a picture of what stands there in words (mc:Fallback), are not the text. */
const NOT_TEXT = /<(w:pPrChange|mc:Fallback)\b[^>]*>.*?<\/\1>/gs;
/** Nor is what a revision struck out (w:delText): it is not asked for. */
const PIECES =
  /<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>|<w:(tab|br|cr)(?:\s[^>]*)?\/>|<w:(pStyle|numId|ilvl)\s[^>]*?w:val="([^"]*)"|<(\/?)w:p(?:\s[^>]*)?>/g;

/** One paragraph a line, with the number it shows. A box of text in a paragraph is a paragraph before it. */
function wordsOf(xml: string, numberOf: (paragraph: Numbered) => string): string {
  const lines: string[] = [];
  const open: (Numbered & { words: string })[] = [];
  for (const [tag, words, gap, field, value, end] of xml.replaceAll(NOT_TEXT, '').matchAll(PIECES)) {
    const last = open.at(-1);
    if (end === '' && !tag.endsWith('/>'))
      open.push({ words: '', style: undefined, number: undefined, level: undefined });
    else if (end === '/') {
      const done = open.pop();
      if (done) lines.push(numberOf(done) + done.words);
    } else if (last === undefined) continue;
    else if (words !== undefined) last.words += decodeXml(words);
    else if (gap) last.words += ' ';
    else if (field === 'pStyle') last.style = value;
    else if (field === 'numId') last.number = value;
    else if (field === 'ilvl') last.level = Number(value);
  }
  return lines.join('\n').trim();
}

async function readPages(bytes: Buffer): Promise<string | null> {
  const read = await readPdf(bytes);
  if ('trouble' in read) throw new DocumentRefused(read.trouble);
  return read.words;
}

async function readPlain(bytes: Buffer): Promise<string> {
  try {
    return (await decode(bytes)).text
      .replaceAll(/\r\n?/g, '\n')
      .replace(/^\uFEFF/, '')
      .trim();
  } catch (error) {
    throw new DocumentRefused(`认不出这是什么文件。${kinds}`, { cause: error });
  }
}
