/** Finding the header in somebody else's workbook, and its columns among our fields. */
import type { Field, Unit } from './fields.ts';
import type { Row } from './sheet.ts';

export type HeaderColumn = {
  index: number;
  title: string;
  /** From the hidden key row of our template; `ignored` marks the two columns an error workbook adds. */
  key?: string;
  ignored?: boolean;
};

export type Header = {
  /** Row number of the (first) header row, and the first row that holds data. */
  row: number;
  dataFrom: number;
  columns: HeaderColumn[];
  template?: { name: string; version: number };
};

export type ColumnMatch = { index: number; title: string; key: string; confidence: number; unit?: Unit };

/** The key that error workbooks write above their two extra columns. */
export const extraKeys = { row: '!row', reason: '!reason' } as const;

export const templateKey = (name: string, version: number, key: string) => `#${name}@${version}.${key}`;

const searchedRows = 30;

/** The most likely header; a person may choose another row with `headerAt`. */
export function guessHeader(rows: readonly Row[], fields: readonly Field[] = []): Header | undefined {
  const keyed = keyedHeader(rows);
  if (keyed) return keyed;
  let best: { at: number; score: number } | undefined;
  const known = new Set(fields.flatMap((field) => [field.label, ...(field.synonyms ?? [])]).map(normaliseTitle));
  for (let at = 0; at < Math.min(rows.length, searchedRows); at += 1) {
    const score = headerScore(rows[at]!, known);
    if (score > (best?.score ?? 0)) best = { at, score };
  }
  if (!best) return undefined;
  const above = best.at > 0 && rows[best.at - 1]!.number === rows[best.at]!.number - 1 ? best.at - 1 : -1;
  const start = above >= 0 && secondHeader(rows[above]!, rows[best.at]!) ? above : best.at;
  return headerAt(rows, rows[start]!.number);
}

/** The header that begins at this row number; a second header row below it is joined on as 建筑面积/平方米. */
export function headerAt(rows: readonly Row[], number: number): Header | undefined {
  const at = rows.findIndex((row) => row.number === number);
  const first = rows[at];
  if (!first) return undefined;
  const below = rows[at + 1];
  const second = below && below.number === number + 1 && secondHeader(first, below) ? below : undefined;
  const upper = second ? spread(first, second) : first.cells;
  const columns: HeaderColumn[] = [];
  for (let index = 0; index < Math.max(upper.length, second?.cells.length ?? 0); index += 1) {
    const parts = [oneLine(upper[index] ?? ''), oneLine(second?.cells[index] ?? '')].filter((part) => part !== '');
    const title = parts[0] === parts[1] ? (parts[0] ?? '') : parts.join('/');
    if (title !== '') columns.push({ index, title });
  }
  return { row: number, dataFrom: (second ?? first).number + 1, columns };
}

/**
 * Titles to fields, each to at most one: exact names first, then synonyms, then one name inside the other. What a
 * person chose for this sender before (`remembered`, by normalised title) beats every guess; null means "leave out".
 */
export function matchColumns(
  columns: readonly HeaderColumn[],
  fields: readonly Field[],
  remembered: Readonly<Record<string, string | null>> = {},
): ColumnMatch[] {
  const candidates: ColumnMatch[] = [];
  for (const { index, title, key, ignored } of columns) {
    if (ignored) continue;
    const chosen = remembered[normaliseTitle(title)];
    if (chosen === null) continue;
    for (const field of fields) {
      const confidence =
        key !== undefined || chosen !== undefined ? Number(field.key === (key ?? chosen)) : likeness(title, field);
      if (confidence >= 0.6) candidates.push({ index, title, key: field.key, confidence, unit: unitOf(title) });
    }
  }
  candidates.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
  const columnsTaken = new Set<number>();
  const fieldsTaken = new Set<string>();
  const matches: ColumnMatch[] = [];
  for (const candidate of candidates) {
    if (columnsTaken.has(candidate.index) || fieldsTaken.has(candidate.key)) continue;
    columnsTaken.add(candidate.index);
    fieldsTaken.add(candidate.key);
    matches.push(candidate);
  }
  return matches.sort((a, b) => a.index - b.index);
}

/** Totals, notes and signatures that stand under a list and are no entries of it. */
export function isSummaryRow(row: Row): boolean {
  const first = row.cells.find((cell) => cell !== '') ?? '';
  const text = first.replace(/\s/g, '');
  return (
    /^(合计|总计|小计|累计|共计)[:：]?$/.test(text) ||
    /^(注|备注|说明|填表|制表|审核|填报|联系)(人|单位|时间|日期)?[:：]/.test(text)
  );
}

/** A title without width, blanks, marks, brackets and units; also the key under which a mapping is remembered. */
export function normaliseTitle(title: string): string {
  const plain = title
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[（(【[][^）)】\]]*[)）】\]]/g, (bracket) => (unitWord.test(bracket.slice(1, -1).trim()) ? '' : bracket));
  return plain
    .replace(/[\s*＊:：、,，.。\-_—/（）()【】[\]"“”]/g, '')
    .replace(/(?<=.{2})(平方米|平米|m2|万元)$/, '')
    .replace(/万$/, '');
}

export function unitOf(title: string): Unit | undefined {
  const plain = title.normalize('NFKC').replace(/\s/g, '');
  const places = [...plain.matchAll(/[(【[]([^)】\]]*)[)】\]]/g)].map((match) => match[1]!.replace(/^单位[::]?/, ''));
  places.push(plain.slice(plain.lastIndexOf('/') + 1));
  places.push(/(?:[万千](?:平方米|平米|m2|元)|%)$/.exec(plain)?.[0] ?? '');
  for (const text of places) {
    if (text === '%' || text === '百分比') return { text: '%', zeros: 0, percent: true };
    const scaled = /^([万千亿])(平方米|平米|平|m2|m²|元|户|人|套)?$/.exec(text);
    if (scaled) return { text, zeros: { 千: 3, 万: 4, 亿: 8 }[scaled[1]!]!, percent: false };
  }
  return undefined;
}

const unitWord =
  /^(?:单位[::]?)?(?:[万千亿]?(?:平方米|平米|平|m2|m²|㎡|元|户|套|人|个|栋|幢|层|部|台|年|家|名)|[万千亿]|元\/.{1,6}|%|百分比|必填|选填|可选)$/i;

function keyedHeader(rows: readonly Row[]): Header | undefined {
  const pattern = /^#([a-z][\w-]*)@(\d+)\.(!?[\w.-]+)$/i;
  const at = rows.slice(0, searchedRows).findIndex((row) => row.cells.some((cell) => pattern.test(cell)));
  const keys = rows[at];
  const titles = rows[at + 1];
  if (!keys || !titles) return undefined;
  let template: Header['template'];
  const columns: HeaderColumn[] = [];
  for (let index = 0; index < Math.max(keys.cells.length, titles.cells.length); index += 1) {
    const match = pattern.exec(keys.cells[index] ?? '');
    const title = oneLine(titles.cells[index] ?? '');
    if (match) template ??= { name: match[1]!, version: Number(match[2]) };
    if (match?.[3]?.startsWith('!')) columns.push({ index, title, ignored: true });
    else if (match) columns.push({ index, title: title || match[3]!, key: match[3]! });
    else if (title !== '') columns.push({ index, title });
  }
  return { row: titles.number, dataFrom: titles.number + 1, columns, template };
}

/** Headers are many different short words; data has figures, titles stand alone or repeat over their merged width. */
function headerScore(row: Row, known: ReadonlySet<string>): number {
  const filled = row.cells.filter((cell) => cell !== '');
  const words = new Set(filled.filter((cell) => cell.length <= 40 && !looksLikeData(cell)));
  if (words.size < 2) return known.has(normaliseTitle(filled[0] ?? '')) && filled.length === 1 ? 1 : 0;
  let score = words.size;
  for (const cell of filled) {
    if (looksLikeData(cell)) score -= 2;
    for (const part of titleForms(cell)) {
      if (known.has(part)) {
        score += 4;
        break;
      }
    }
  }
  return score;
}

function looksLikeData(cell: string): boolean {
  const text = cell.normalize('NFKC').replace(/[\s,]/g, '');
  return (
    /^[-+]?\d+(\.\d+)?%?$/.test(text) ||
    /^\d{4}[-./年]\d{1,2}([-./月]\d{1,2}日?)?/.test(text) ||
    /^[0-9A-Z]{15,}$/.test(text) ||
    /^(是|否|有|无|√|×|待补|不详|—)$/.test(text)
  );
}

/** Whether the lower row continues the upper one: units, or the parts of a group that stands above them. */
function secondHeader(upper: Row, lower: Row): boolean {
  const filled = lower.cells.map((cell, index) => ({ cell: oneLine(cell), index })).filter(({ cell }) => cell !== '');
  if (filled.length === 0 || filled.some(({ cell }) => looksLikeData(cell) || cell.length > 40)) return false;
  const above = (index: number) => oneLine(upper.cells[index] ?? '');
  const distinctAbove = new Set(upper.cells.filter((cell) => cell !== ''));
  if (distinctAbove.size < 2) return false;
  const own = filled.filter(({ cell, index }) => cell !== above(index));
  if (own.length === 0) return false;
  if (own.every(({ cell }) => unitWord.test(cell.replace(/[（()）\s]/g, '')))) return true;
  // A group: the same text over two or more neighbours (merged), or text with blanks to its right (pasted).
  const groups = own.filter(({ index }) => {
    const text = above(index);
    if (text === '') return upper.cells.slice(0, index).some((cell) => cell !== '');
    return (
      text === above(index + 1) ||
      text === above(index - 1) ||
      (above(index + 1) === '' && (lower.cells[index + 1] ?? '') !== '')
    );
  });
  const standing = filled.length - own.length;
  const blankBelow = upper.cells.some((cell, index) => cell !== '' && (lower.cells[index] ?? '') === '');
  return (
    groups.length === own.length && groups.length >= 2 && (standing > 0 || blankBelow || own.length === filled.length)
  );
}

/** A group title repeated over the blanks to its right, where the row below has parts. */
function spread(upper: Row, lower: Row): string[] {
  const cells: string[] = [];
  let group = '';
  for (let index = 0; index < Math.max(upper.cells.length, lower.cells.length); index += 1) {
    const own = upper.cells[index] ?? '';
    if (own !== '') group = own;
    cells.push(own !== '' ? own : (lower.cells[index] ?? '') !== '' ? group : '');
  }
  return cells;
}

/** The forms under which one title may be known: whole, without brackets, and by its last or first part. */
function titleForms(title: string): string[] {
  const parts = title.split('/').filter((part) => !unitWord.test(part.replace(/[（()）\s]/g, '')));
  const bare = (text: string) => normaliseTitle(text.normalize('NFKC').replace(/[（(【[][^）)】\]]*[)）】\]]/g, ''));
  const forms = [
    normaliseTitle(parts.join('')),
    bare(parts.join('')),
    normaliseTitle(parts.at(-1) ?? ''),
    bare(parts.at(-1) ?? ''),
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}

function likeness(title: string, field: Field): number {
  const names = [field.label, ...(field.synonyms ?? [])].map(normaliseTitle).filter((name) => name !== '');
  let best = 0;
  titleForms(title).forEach((form, rank) => {
    names.forEach((name, at) => {
      const weight = 1 - rank * 0.03 - (at > 0 ? 0.03 : 0);
      if (form === name) best = Math.max(best, weight);
      else if (name.length >= 3 && form.includes(name))
        best = Math.max(best, 0.55 + 0.25 * (name.length / form.length));
      else if (form.length >= 3 && name.includes(form)) best = Math.max(best, 0.5 + 0.25 * (form.length / name.length));
    });
  });
  return Math.round(best * 100) / 100;
}

const oneLine = (text: string) => text.replace(/\s*\n\s*/g, '').trim();
