/** Written documents in: their text, paragraph by paragraph. Nothing of their looks, and nothing in them runs. */
import { decode, decodeXml, readDirectory, readEntryText } from './spreadsheets/index.ts';

export interface DocumentRead {
  media: string;
  /** One paragraph a line; null for a kind whose text is not read. */
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

async function readByKind(bytes: Buffer): Promise<DocumentRead> {
  if (bytes.length === 0) throw new DocumentRefused('文件是空的');
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { media: 'application/pdf', text: null };
  if (bytes.subarray(0, 2).equals(ZIP)) return { media: DOCX, text: await readDocx(bytes) };
  return { media: 'text/plain; charset=utf-8', text: await readPlain(bytes) };
}

const ZIP = Buffer.from('PK');
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

async function readDocx(bytes: Buffer): Promise<string> {
  let xml: string;
  try {
    const entry = readDirectory(bytes).find((one) => one.name === 'word/document.xml');
    if (!entry) throw new DocumentRefused(`这不是 Word 文件。${kinds}`);
    xml = await readEntryText(bytes, entry, partLimit);
  } catch (error) {
    if (error instanceof DocumentRefused) throw error;
    throw new DocumentRefused(`文件已损坏、加密或过大，读不出来。${kinds}`, { cause: error });
  }
  // What a revision struck out (w:delText) is not the text.
  const pieces = xml.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>|<w:(?:tab|br|cr)(?:\s[^>]*)?\/>|(<\/w:p>)/g);
  return [...pieces]
    .map(([, words, end]) => (words !== undefined ? decodeXml(words) : end ? '\n' : ' '))
    .join('')
    .trim();
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
