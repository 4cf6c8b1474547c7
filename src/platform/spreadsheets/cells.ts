/** One cell text into one typed value, or a sentence that says what to do. */
import { parseArea } from '../../kernel/area.ts';
import { type Fraction, parseFraction } from '../../kernel/fraction.ts';
import { checkCreditCode, checkDivisionCode, checkMobile } from '../../kernel/identifiers.ts';
import { isLocalDate, type LocalDate } from '../../kernel/local-date.ts';
import { parseMoney } from '../../kernel/money.ts';
import type { Parsed } from '../../kernel/results.ts';
import { normaliseNumberText, normaliseText } from '../../kernel/text.ts';
import { serialText, uncomputed } from './cell-text.ts';
import type { Field, FieldKind, Unit } from './fields.ts';

/** bigint for area (0.01 m²) and money (fen), a fraction for percent, the code for a choice. */
export type CellValue = string | number | bigint | boolean | LocalDate | Fraction;

/** `tidied`: the text was put in order silently; `formulaLike`: it begins like a formula and is kept as text. */
export type CellRead =
  | { value: CellValue; tidied?: true; formulaLike?: true; warning?: string }
  | { unknown: true }
  | { problem: string }
  | { clear: true };

export function readCell(
  text: string,
  field: Pick<Field, 'kind' | 'required' | 'choices' | 'maxLength'>,
  unit?: Unit,
): CellRead {
  const plain = normaliseText(text);
  if (plain === '清空' || plain === '“清空”') {
    return field.required ? { problem: '此列必填，不能清空' } : { clear: true };
  }
  if (unknownWords.has(plain.toLowerCase())) {
    if (!field.required) return { unknown: true };
    return { problem: plain === '' ? '此列必填，还没有填写' : `此列必填，不能写“${plain}”` };
  }
  if (plain === uncomputed) return { problem: '公式没有算出结果，请在 Excel 或 WPS 中打开并保存一次，或直接填写数值' };
  if (/^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)$/i.test(plain)) {
    return { problem: `公式出错(${plain})，请改成数值或留空` };
  }
  return readers[field.kind](text, field, unit);
}

/** Text that a spreadsheet would run as a formula when opened: = + - @ and tab or return in front, unless it is a number. */
export function isFormulaLike(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d,]+(\.\d+)?%?$/.test(text);
}

type Reader = (text: string, field: Pick<Field, 'choices' | 'maxLength'>, unit?: Unit) => CellRead;

const readers: Record<FieldKind, Reader> = {
  text: (text, field) => {
    const value = normaliseText(text);
    const longest = field.maxLength ?? 500;
    if ([...value].length > longest) return { problem: `超过 ${longest} 个字，请缩短` };
    return { ...kept(text, value), ...(isFormulaLike(value) ? { formulaLike: true as const } : {}) };
  },
  integer: (text, _field, unit) => {
    const scaled = scaleDecimal(
      normaliseNumberText(text).replace(/(户|套|栋|幢|座|个|人|名|层|部|台|家|间|位)$/, ''),
      unit,
    );
    const match = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?$/.exec(scaled);
    if (!match) return { problem: `“${text}”不是整数，请只填数字，如 12` };
    if (match[1]) return { problem: '不能为负数' };
    const value = Number(match[2]!.replaceAll(',', ''));
    return Number.isSafeInteger(value) ? kept(text, value) : { problem: '数字过大，请核对' };
  },
  area: (text, _field, unit) => fromParsed(text, parseArea(scaleDecimal(text, unit))),
  money: (text, _field, unit) => fromParsed(text, parseMoney(scaleDecimal(text, unit))),
  date: readDate,
  yesNo: (text) => {
    const word = normaliseText(text).toLowerCase();
    if (yesWords.has(word)) return { value: true, ...(word === '是' ? {} : { tidied: true as const }) };
    if (noWords.has(word)) return { value: false, ...(word === '否' ? {} : { tidied: true as const }) };
    return { problem: `“${text}”认不出，请填“是”或“否”` };
  },
  choice: (text, field) => {
    const choices = field.choices ?? [];
    const wanted = squeeze(text);
    const found = choices.find(({ code, label, synonyms = [] }) =>
      [label, code, ...synonyms].some((name) => squeeze(name) === wanted),
    );
    if (found) return { value: found.code, ...(found.label === text.trim() ? {} : { tidied: true as const }) };
    const offered = choices
      .slice(0, 8)
      .map(({ label }) => label)
      .join('、');
    return { problem: `“${text}”不在可选范围，请填：${offered}${choices.length > 8 ? ' 等' : ''}` };
  },
  uscc: (text) => fromParsed(text, checkCreditCode(text.replace(/[-—]/g, ''))),
  phone: (text) => {
    const number = normaliseNumberText(text)
      .replace(/[—–()（）]/g, '-')
      .replace(/^-|-$/g, '')
      .replace(/-+/g, '-');
    if (/[/、,，;；]/.test(number)) return { problem: '只能填一个电话，请把其余的移到备注' };
    const landline = /^(0\d{2,3})-?(\d{7,8})(?:-(\d{1,6}))?$/.exec(number);
    if (landline) return kept(text, [landline[1], landline[2], landline[3]].filter(Boolean).join('-'));
    if (/^(?:400|800)-?\d{3,4}-?\d{3,4}$/.test(number)) return kept(text, number);
    const mobile = checkMobile(number);
    return mobile.ok ? kept(text, mobile.value) : { problem: `${mobile.reason}；固定电话请填区号，如 0595-22345678` };
  },
  division: (text) => fromParsed(text, checkDivisionCode(text)),
  percent: (text, _field, unit) => {
    const plain = normaliseNumberText(text);
    if (/^\d+(\.\d+)?$/.test(plain)) {
      const number = Number(plain);
      if (!unit?.percent && number === 1) return { problem: '“1”可能是 1% 也可能是 100%，请带上百分号' };
      if (unit?.percent || number > 1) return checkedPercent(text, `${plain}%`);
      return checkedPercent(text, `${scaleDecimal(plain, { text: '', zeros: 2, percent: false })}%`);
    }
    return checkedPercent(text, plain);
  },
};

function checkedPercent(text: string, plain: string): CellRead {
  const parsed = parseFraction(plain);
  if (!parsed.ok) return { problem: `“${text}”不是百分比，请填写如 35%` };
  if (parsed.value.a > parsed.value.b) return { problem: '百分比不能超过 100%' };
  return kept(text, parsed.value);
}

/** 2024-03-18 as people write it; a missing day is asked for, never invented. */
function readDate(text: string): CellRead {
  const plain = normaliseText(text)
    .replace(/[．。]/g, '.')
    .replace(/[／]/g, '/')
    .replace(/[－—–]/g, '-')
    .replace(/[ T]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$/, '')
    .replace(/\s/g, '');
  const parts = /^(\d{4})([-./年])(\d{1,2})([-./月])(\d{1,2})日?$/.exec(plain) ?? undefined;
  const joined = /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  const date = parts
    ? isoDate(parts[1]!, parts[3]!, parts[5]!)
    : joined
      ? isoDate(joined[1]!, joined[2]!, joined[3]!)
      : undefined;
  if (date !== undefined) {
    if (!isLocalDate(date) || date < '1900-01-01' || date > '2199-12-31')
      return { problem: `“${text}”不是存在的日期，请核对年月日` };
    return kept(text, date);
  }
  if (/^\d{5}(\.\d+)?$/.test(plain)) {
    const serial = serialText(Math.floor(Number(plain)));
    if (serial !== undefined && isLocalDate(serial)) return { value: serial, tidied: true };
  }
  if (/^\d{4}([-./年]\d{1,2}月?|年)?$/.test(plain)) return { problem: `“${text}”缺少月或日，请写全，如 2024-03-18` };
  if (/^\d{1,2}[-./年]\d{1,2}[-./月]\d{1,4}日?$/.test(plain))
    return { problem: `“${text}”的年份不完整，请写四位年份，如 2024-03-18` };
  return { problem: `“${text}”不是日期，请填写如 2024-03-18` };
}

/** Moves the point of a decimal text without going through floating point; trailing zeros carry no meaning and go. */
function scaleDecimal(text: string, unit?: Unit): string {
  const plain = normaliseNumberText(text);
  const inCell = /^(.*?)([万千])(平方米|平米|平|㎡|m2|m²|户|套|人)$/i.exec(plain);
  const body = (inCell ? inCell[1]! : plain).replace(/^[¥￥]/, '');
  const zeros = inCell ? (inCell[2] === '万' ? 4 : 3) : (unit?.zeros ?? 0);
  const match = /^([-+]?)([\d,]+)(?:\.(\d+))?(\D*)$/.exec(body);
  if (!match) return plain;
  const [, sign = '', whole = '', decimals = '', rest = ''] = match;
  // A cell that names its own unit (3.2万元, 500元, 89㎡) is not scaled again by the title.
  const shift = rest === '' ? zeros : 0;
  if (shift === 0) return `${sign === '+' ? '' : sign}${whole}${withoutZeros(decimals)}${rest}`;
  const padded = decimals.padEnd(shift, '0');
  const moved = (whole.replaceAll(',', '') + padded.slice(0, shift)).replace(/^0+(?=\d)/, '');
  return `${sign === '+' ? '' : sign}${moved}${withoutZeros(padded.slice(shift))}`;
}

function withoutZeros(decimals: string): string {
  const kept = decimals.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

function fromParsed(text: string, parsed: Parsed<CellValue>): CellRead {
  if (!parsed.ok) return { problem: parsed.reason };
  return { ...kept(text, parsed.value), ...(parsed.warning === undefined ? {} : { warning: parsed.warning }) };
}

/** A value, marked as tidied when the sender had written it in another form. */
function kept(text: string, value: CellValue): CellRead {
  const plain = text.trim();
  if (typeof value === 'string') return plain === value ? { value } : { value, tidied: true };
  return /^[\d.]+%?$/.test(plain) ? { value } : { value, tidied: true };
}

const isoDate = (year: string, month: string, day: string) =>
  `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;

const squeeze = (text: string) => text.normalize('NFKC').replace(/\s/g, '').toLowerCase();

const unknownWords = new Set(
  '|待补|待补充|待核实|待定|不详|未知|不清楚|无数据|暂无|暂无数据|暂缺|缺|/|-|--|—|——|－|n/a|null'.split('|'),
);
const yesWords = new Set('是|有|√|✓|✔|对|已|y|yes|true|1'.split('|'));
const noWords = new Set('否|无|没有|×|✗|✘|x|不是|未|n|no|false|0'.split('|'));
