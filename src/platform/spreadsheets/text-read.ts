/** Tables that come as text: csv files, and cells pasted from Excel or WPS. */
import { tidyText } from './cell-text.ts';
import { type Row, resave, type Sheet, SpreadsheetRefused, withinLimits } from './sheet.ts';

export async function readCsv(bytes: Buffer, name: string): Promise<{ sheets: Sheet[]; notes: string[] }> {
  const { text, encoding } = await decode(bytes);
  let body = text;
  let separator = /^sep=(.)\r?\n/.exec(body)?.[1];
  if (separator !== undefined) body = body.slice(body.indexOf('\n') + 1);
  separator ??= guessSeparator(body);
  return {
    sheets: [tableOf(name.replace(/\.[^.]*$/, ''), body, separator)],
    notes: encoding === 'GBK' ? ['文件编码为 GBK，已自动转换'] : [],
  };
}

/** The clipboard of Excel and WPS: tabs between cells; cells with a line break or a quote stand in quotes. */
export function pastedSheet(text: string): Sheet {
  return tableOf('粘贴的内容', text.replace(/^\uFEFF/, ''), '\t');
}

function tableOf(name: string, text: string, separator: string): Sheet {
  return {
    name,
    hidden: false,
    about: text.split('\n').length,
    rows: { [Symbol.asyncIterator]: () => withinLimits(records(text, separator)) },
  };
}

/**
 * One record is one row of the sheet, however many lines its quoted cells span. A quote only opens a cell when one
 * that closes it stands before a separator or line end: `"东门"商铺` pasted from Excel is a name, not a broken quote.
 */
function* records(text: string, separator: string): Generator<Row> {
  let at = 0;
  let number = 0;
  while (at < text.length) {
    number += 1;
    const cells: string[] = [];
    for (;;) {
      const quoted = text[at] === '"' ? readQuoted(text, at, separator) : undefined;
      if (quoted) {
        cells.push(tidyText(quoted.value));
        at = quoted.end;
      } else {
        const end = endOfCell(text, at, separator);
        cells.push(unwrapFormulaText(tidyText(text.slice(at, end))));
        at = end;
      }
      if (text[at] !== separator) break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    yield { number, cells };
  }
}

function readQuoted(text: string, start: number, separator: string): { value: string; end: number } | undefined {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') {
      at += 1;
      continue;
    }
    const after = text[at + 1];
    if (after !== undefined && after !== separator && after !== '\n' && after !== '\r') return undefined;
    return { value: text.slice(start + 1, at).replaceAll('""', '"'), end: at + 1 };
  }
  return undefined;
}

function endOfCell(text: string, start: number, separator: string): number {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** `="0101"` is how reports keep leading zeros in csv. */
function unwrapFormulaText(text: string): string {
  return /^="([^"]*)"$/.exec(text)?.[1] ?? text;
}

function guessSeparator(text: string): string {
  const sample = text
    .slice(0, 20_000)
    .split('\n')
    .slice(0, 20)
    .join('\n')
    .replace(/"[^"]*"/g, '');
  const count = (separator: string) => sample.split(separator).length - 1;
  const best = [',', '\t', ';'].map((separator) => ({ separator, count: count(separator) }));
  return best.sort((a, b) => b.count - a.count)[0]!.separator;
}

async function decode(bytes: Buffer): Promise<{ text: string; encoding: 'UTF-8' | 'UTF-16' | 'GBK' }> {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  }
  if (bytes.includes(0)) throw notText();
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    // Not UTF-8, so it is what Excel on Chinese Windows writes.
  }
  const { default: iconv } = await import('iconv-lite');
  const text = iconv.decode(bytes, 'gb18030');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not contain
  const strange = text.match(/[\uFFFD\uE000-\uF8FF\u0001-\u0008\u000B\u000C\u000E-\u001F]/g)?.length ?? 0;
  if (strange > text.length / 100) throw notText();
  return { text, encoding: 'GBK' };
}

const notText = () => new SpreadsheetRefused(`认不出文件的格式或文字编码。${resave}`);
