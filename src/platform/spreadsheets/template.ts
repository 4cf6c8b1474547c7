/** The workbooks we ask people to fill in, and the ones that give them back only what was wrong. */
import type { DataValidation, Style, Worksheet } from 'exceljs';
import type { Field } from './fields.ts';
import { extraKeys, templateKey } from './header.ts';
import { columnLetters } from './sheet.ts';
import { cleanText, guardCell, headerStyle, onPaper, openWriter, toBuffer } from './write.ts';

export type Template = {
  /** Written into the hidden key row: which roster, and which edition of its columns. */
  name: string;
  version: number;
  label: string;
  fields: readonly Field[];
  /** Values of this area for a field (its sub-districts, its communities): offered as a drop-down. */
  dictionary?: Readonly<Record<string, readonly string[]>>;
  demo?: boolean;
};

export type FailedRow = {
  /** Where it stood in the file that was sent. */
  number: number;
  /** The texts as sent, by field key. */
  cells: Readonly<Record<string, string>>;
  problems: readonly { key?: string; problem: string }[];
};

type Column = { key: string; title: string; field?: Field };

const validatedRows = 5_000;
const firstDataRow = 4;

export async function templateWorkbook(template: Template): Promise<Buffer> {
  return await write(template, columnsOf(template), undefined);
}

/**
 * Only the rows that failed, with their original row number and the reasons in front and the wrong cells red. It is
 * the same template, so it can be corrected and sent again. `titles` overrides a heading to carry a unit (万平方米).
 */
export async function errorWorkbook(
  template: Template,
  failed: Iterable<FailedRow> | AsyncIterable<FailedRow>,
  titles: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const own = columnsOf(template).map((column) => ({ ...column, title: titles[column.key] ?? column.title }));
  const columns = [{ key: extraKeys.row, title: '原行号' }, { key: extraKeys.reason, title: '错误原因' }, ...own];
  return await write(template, columns, failed);
}

function columnsOf(template: Template): Column[] {
  return template.fields.map((field) => ({ key: field.key, title: field.label + (field.required ? '*' : ''), field }));
}

async function write(
  template: Template,
  columns: Column[],
  failed: Iterable<FailedRow> | AsyncIterable<FailedRow> | undefined,
): Promise<Buffer> {
  return await toBuffer(async (target) => {
    const writer = await openWriter(target, template.label);
    const extra = columns.length - template.fields.length;
    const sheet = writer.addWorksheet('填写', {
      views: [{ state: 'frozen', xSplit: extra, ySplit: firstDataRow - 1 }],
      ...onPaper(firstDataRow - 1, columns.length),
    });
    sheet.columns = columns.map((column) => ({
      width: widthOf(column),
      style: columnStyle(column, failed !== undefined),
    }));
    const opening = failed
      ? `${template.label}：需要更正的行。红色单元格有错，改好后把本文件直接上传即可`
      : `${template.label}：从第 ${firstDataRow} 行起填写，带 * 的必填；不知道的写“待补”，不要填 0`;
    const title = sheet.addRow([template.demo ? `${opening}　【演示数据】` : opening]);
    title.getCell(1).style = { font: { bold: true, size: 12 } };
    title.commit();
    const keys = sheet.addRow(columns.map(({ key }) => templateKey(template.name, template.version, key)));
    keys.hidden = true;
    keys.commit();
    addHeader(sheet, columns);

    let written = 0;
    if (failed) {
      for await (const row of failed) {
        addFailedRow(sheet, columns, row);
        written += 1;
        if (written % 1_000 === 0) await new Promise((resume) => setImmediate(resume));
      }
    }

    const lists = dictionaryOf(template);
    const lastRow = firstDataRow - 1 + Math.max(validatedRows, written);
    columns.forEach(({ field }, index) => {
      const validation = field && validationOf(field, lists);
      if (!validation) return;
      const letter = columnLetters(index);
      const { dataValidations } = sheet as unknown as {
        dataValidations: { add(range: string, rule: DataValidation): void };
      };
      dataValidations.add(`${letter}${firstDataRow}:${letter}${lastRow}`, validation);
    });
    sheet.commit();

    addExample(writer.addWorksheet('示例', onPaper(2, template.fields.length)), template);
    addGuide(writer.addWorksheet('填写说明', onPaper(6, 4)), template, lists);
    const dictionary = writer.addWorksheet('字典', { state: 'veryHidden' });
    addDictionary(dictionary, lists);
    await writer.commit();
  });
}

function addHeader(sheet: Worksheet, columns: readonly Column[]): void {
  const header = sheet.addRow(columns.map(({ title }) => title));
  header.height = 32;
  columns.forEach(({ field }, index) => {
    header.getCell(index + 1).style = field?.required
      ? { ...headerStyle, font: { bold: true, color: { argb: 'FFB8141B' } } }
      : headerStyle;
  });
  header.commit();
}

const wrongFill: Partial<Style> = {
  fill: { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFC7CE' } },
  font: { color: { argb: 'FF9C0006' } },
};

function addFailedRow(sheet: Worksheet, columns: readonly Column[], failed: FailedRow): void {
  const wrong = new Set(failed.problems.map(({ key }) => key));
  const labels = new Map(columns.map(({ key, title }) => [key, title.replace(/\*$/, '')]));
  const row = sheet.addRow([]);
  columns.forEach(({ key }, index) => {
    const cell = row.getCell(index + 1);
    if (key === extraKeys.row) {
      cell.value = failed.number;
      return;
    }
    if (key === extraKeys.reason) {
      const reasons = failed.problems.map((one) =>
        one.key ? `${labels.get(one.key) ?? one.key}：${one.problem}` : one.problem,
      );
      cell.value = cleanText(reasons.join('；'));
      cell.style = { font: { color: { argb: 'FF9C0006' } }, alignment: { wrapText: true, vertical: 'top' } };
      return;
    }
    const text = cleanText(failed.cells[key] ?? '');
    if (text !== '') cell.value = text;
    if (wrong.has(key)) cell.style = { ...wrongFill, numFmt: '@' };
    else guardCell(cell, text);
  });
  row.commit();
}

type List = { key: string; label: string; values: readonly string[]; range: string };

/** Every drop-down's values stand in a column of the hidden 字典 sheet, because a list in a rule may hold 255 characters only. */
function dictionaryOf(template: Template): List[] {
  const lists: List[] = [];
  for (const field of template.fields) {
    const values =
      template.dictionary?.[field.key] ??
      field.choices?.map(({ label }) => label) ??
      (field.kind === 'yesNo' ? ['是', '否'] : undefined);
    if (!values || values.length === 0) continue;
    const letter = columnLetters(lists.length);
    lists.push({
      key: field.key,
      label: field.label,
      values,
      range: `字典!$${letter}$2:$${letter}$${values.length + 1}`,
    });
  }
  return lists;
}

function addDictionary(sheet: Worksheet, lists: readonly List[]): void {
  sheet.addRow(lists.map(({ label }) => label)).commit();
  const longest = lists.reduce((most, { values }) => Math.max(most, values.length), 0);
  for (let at = 0; at < longest; at += 1) {
    const row = sheet.addRow(lists.map(({ values }) => values[at] ?? null));
    lists.forEach(({ values }, index) => {
      guardCell(row.getCell(index + 1), values[at] ?? '');
    });
    row.commit();
  }
  sheet.commit();
}

function validationOf(field: Field, lists: readonly List[]): DataValidation | undefined {
  const help = helpFor(field);
  const prompt = {
    allowBlank: true,
    showInputMessage: help !== '',
    promptTitle: field.label.slice(0, 32),
    prompt: help.slice(0, 250),
  };
  const list = lists.find(({ key }) => key === field.key);
  // Warnings, not bars: 待补 must stay possible, and the import checks everything again.
  const warn = { ...prompt, showErrorMessage: true, errorStyle: 'warning', errorTitle: '请核对' };
  if (list) return { ...warn, type: 'list', formulae: [list.range], error: '请从下拉列表中选择；不知道的写“待补”' };
  if (field.kind === 'integer') {
    return {
      ...warn,
      type: 'whole',
      operator: 'greaterThanOrEqual',
      formulae: [0],
      error: '应为整数；不知道的写“待补”',
    };
  }
  if (field.kind === 'area' || field.kind === 'money') {
    return {
      ...warn,
      type: 'decimal',
      operator: 'greaterThanOrEqual',
      formulae: [0],
      error: '应为数字；不知道的写“待补”',
    };
  }
  if (field.kind === 'uscc') {
    return { ...warn, type: 'textLength', operator: 'equal', formulae: [18], error: '统一社会信用代码应为 18 位' };
  }
  if (help === '') return undefined;
  return { ...prompt, type: 'textLength', operator: 'lessThanOrEqual', formulae: [32_767] };
}

const kindHelp: Record<Field['kind'], string> = {
  text: '文字',
  integer: '整数，如 12',
  area: '平方米，最多两位小数，如 89.34',
  money: '元，最多两位小数，如 1234.50',
  date: '日期，如 2024-03-18',
  yesNo: '填“是”或“否”',
  choice: '从下拉列表中选择',
  uscc: '18 位统一社会信用代码',
  phone: '手机 11 位，或带区号的固定电话',
  division: '12 位区划代码',
  percent: '百分比，如 35%',
};

function helpFor(field: Field): string {
  return [field.required ? '必填' : '', kindHelp[field.kind], field.hint ?? '']
    .filter((part) => part !== '')
    .join('；');
}

function addExample(sheet: Worksheet, template: Template): void {
  sheet.columns = template.fields.map((field) => ({ width: widthOf({ key: field.key, title: field.label, field }) }));
  sheet.addRow(['示例，仅供对照，不会被导入']).commit();
  addHeader(sheet, columnsOf(template));
  const row = sheet.addRow([]);
  template.fields.forEach((field, index) => {
    const cell = row.getCell(index + 1);
    cell.numFmt = '@';
    cell.value = field.example ?? sampleOf(field, template);
  });
  row.commit();
  sheet.commit();
}

function sampleOf(field: Field, template: Template): string {
  const listed = template.dictionary?.[field.key]?.[0] ?? field.choices?.[0]?.label;
  if (listed !== undefined) return listed;
  const samples = { integer: '12', area: '89.34', money: '1234.50', date: '2024-03-18', yesNo: '是', percent: '35%' };
  return (samples as Record<string, string>)[field.kind] ?? '待补';
}

function addGuide(sheet: Worksheet, template: Template, lists: readonly List[]): void {
  sheet.columns = [{ width: 26 }, { width: 8 }, { width: 44 }, { width: 60 }];
  const lines = [
    `${template.label} 填写说明（模板第 ${template.version} 版）`,
    '1. 在“填写”表中从第 4 行起一行一条；列的顺序可以调整，不需要的列可以删去，不要删去隐藏的第 2 行。',
    '2. 不知道的写“待补”或留空，不要填 0。重新上传时空白不会覆盖已有内容；要删去已有内容，写“清空”。',
    '3. 全角数字、空格、㎡、点号日期等会自动整理，不必手工修改。',
    '4. 每次最多 50,000 行、20 MB。有错的行会单独列出，注明原行号和原因，改好后可直接上传。',
  ];
  lines.forEach((line, at) => {
    const row = sheet.addRow([line]);
    if (at === 0) row.font = { bold: true, size: 14 };
    row.commit();
  });
  const header = sheet.addRow(['列名', '必填', '填法', '可选内容']);
  header.eachCell((cell) => {
    cell.style = headerStyle;
  });
  header.commit();
  for (const field of template.fields) {
    const values = lists.find(({ key }) => key === field.key)?.values ?? [];
    const offered = values.slice(0, 30).join('、') + (values.length > 30 ? ` 等 ${values.length} 项` : '');
    sheet.addRow([field.label, field.required ? '是' : '', helpFor(field), offered]).commit();
  }
  sheet.commit();
}

/** Codes, phones and names stay text, so that leading zeros and long digits survive; figures get their decimals. */
function columnStyle(column: Column, texts: boolean): Partial<Style> {
  if (!column.field || texts) return column.field ? { numFmt: '@' } : {};
  const formats: Partial<Record<Field['kind'], string>> = {
    integer: '0',
    area: '0.00',
    money: '0.00',
    date: 'yyyy-mm-dd',
    percent: '0.##%',
  };
  return { numFmt: formats[column.field.kind] ?? '@' };
}

function widthOf({ key, title, field }: Column): number {
  if (key === extraKeys.row) return 8;
  if (key === extraKeys.reason) return 48;
  // A title may take two lines.
  const byTitle = Math.ceil([...title].length / 2) * 2 + 4;
  return Math.max(byTitle, field?.kind === 'uscc' ? 21 : field?.kind === 'text' ? 16 : 11);
}
