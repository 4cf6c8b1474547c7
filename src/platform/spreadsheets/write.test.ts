import excel from 'exceljs';
import { describe, expect, it } from 'vitest';
import type { FailedRow, Field, Template } from './index.ts';
import {
  collectRows,
  errorWorkbook,
  guessHeader,
  matchColumns,
  readCell,
  readWorkbook,
  templateWorkbook,
  writeWorkbook,
} from './index.ts';

async function open(bytes: Buffer): Promise<excel.Workbook> {
  const book = new excel.Workbook();
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  return book;
}

async function partOf(bytes: Buffer, name: string): Promise<string> {
  const { readDirectory, readEntryText } = await import('./zip.ts');
  const entry = readDirectory(bytes).find((one) => one.name === name)!;
  return await readEntryText(bytes, entry, 64 * 1024 * 1024);
}

async function firstSheet(bytes: Buffer) {
  const read = await readWorkbook(bytes, { name: '名册.xlsx' });
  if (!read.ok) throw new Error(read.problem);
  const collected = await collectRows(read.sheets[0]!);
  if (!collected.ok) throw new Error(collected.problem);
  return { sheets: read.sheets, rows: collected.rows };
}

describe('导出', () => {
  const bytes = writeWorkbook({
    exportedBy: '李某（东街街道物业办）',
    exportedAt: '2026-11-22 14:05',
    demo: true,
    sheets: [
      {
        name: '小区/名册',
        title: '小区名册',
        notes: ['截至 2026-11-22 已纳入的小区'],
        columns: [
          { title: '名称', kind: 'text' },
          { title: '面积(㎡)', kind: 'area', unknown: '待补' },
          { title: '余额(元)', kind: 'money' },
          { title: '接管日期', kind: 'date' },
          { title: '覆盖率', kind: 'percent' },
          { title: '有业委会', kind: 'yesNo' },
          { title: '户数', kind: 'integer' },
        ],
        rows: [
          ['东湖花园', 8934n, 123_450n, '2024-03-18', 0.905, true, 320],
          ['=cmd|/c calc', null, null, null, null, false, 0],
        ],
      },
      { name: '小区 名册', columns: [{ title: '甲', kind: 'text' }], rows: [['+1+1'], ['-2'], ['@a'], ['\t=1']] },
    ],
  });

  it('表头之上有标题、口径、导出人与时间、演示标记，表头冻结', async () => {
    const book = await open(await bytes);
    const sheet = book.worksheets[0]!;
    expect([1, 2, 3, 4].map((row) => sheet.getCell(row, 1).value)).toEqual([
      '小区名册',
      '口径：截至 2026-11-22 已纳入的小区',
      '导出人：李某（东街街道物业办）　导出时间：2026-11-22 14:05',
      '演示数据：均为虚构，不得作为依据',
    ]);
    expect(sheet.getCell('A5').value).toBe('名称');
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 5 });
    expect(book.worksheets.map(({ name }) => name)).toEqual(['小区 名册', '小区 名册(2)']);
  });

  it('数字和日期是真的数字和日期，缺的写“待补”或留空，不写 0', async () => {
    const sheet = (await open(await bytes)).worksheets[0]!;
    expect(sheet.getRow(6).values).toEqual([
      undefined,
      '东湖花园',
      89.34,
      1234.5,
      new Date('2024-03-18T00:00:00Z'),
      0.905,
      '是',
      320,
    ]);
    expect(sheet.getCell('D6').numFmt).toBe('yyyy-mm-dd');
    expect([2, 3, 4, 5, 7].map((column) => sheet.getCell(7, column).value)).toEqual(['待补', null, null, null, 0]);
  });

  it('像公式的文字存为文字：没有公式单元格，样式带引号前缀', async () => {
    const file = await bytes;
    for (const sheet of (await open(file)).worksheets) {
      sheet.eachRow((row) =>
        row.eachCell((cell) => {
          expect(cell.formula).toBeUndefined();
        }),
      );
    }
    expect(await partOf(file, 'xl/styles.xml')).toMatch(/<xf quotePrefix="1" numFmtId="49"/);
    const sheet = (await open(file)).worksheets[1]!;
    expect([5, 6, 7, 8].map((row) => [sheet.getCell(row, 1).value, sheet.getCell(row, 1).numFmt])).toEqual([
      ['+1+1', '@'],
      ['-2', undefined],
      ['@a', '@'],
      ['\t=1', '@'],
    ]);
  });
});

const fields: Field[] = [
  { key: 'name', label: '小区名称', kind: 'text', required: true, example: '东湖花园' },
  { key: 'community', label: '所属社区', kind: 'text' },
  { key: 'area', label: '建筑面积', kind: 'area' },
  { key: 'households', label: '总户数', kind: 'integer' },
  {
    key: 'served',
    label: '服务方式',
    kind: 'choice',
    choices: [
      { code: 'managed', label: '专业物业' },
      { code: 'none', label: '无物业' },
    ],
  },
  { key: 'hasCommittee', label: '有业委会', kind: 'yesNo' },
  { key: 'phone', label: '联系电话', kind: 'phone' },
  { key: 'takenOn', label: '接管日期', kind: 'date' },
];
const template: Template = {
  name: 'estates',
  version: 2,
  label: '小区名册',
  fields,
  dictionary: { community: ['东湖社区', '金山社区'] },
};

describe('模板', () => {
  it('打印：横向、各列在一页之内、表头每页重复；列多的用 A3', async () => {
    const wide = { ...template, fields: Array.from({ length: 17 }, (_, at) => ({ ...fields[0]!, key: `field${at}` })) };
    for (const [given, paperSize] of [
      [template, 9],
      [wide, 8],
    ] as const) {
      const book = await open(await templateWorkbook(given));
      const said = book.worksheets.slice(0, 3).map(({ pageSetup }) => pageSetup);
      for (const page of said)
        expect(page).toMatchObject({ orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 });
      expect(said.map((page) => page.printTitlesRow)).toEqual(['3:3', '2:2', '6:6']);
      expect(said.map((page) => page.paperSize)).toEqual([paperSize, paperSize, 9]);
      expect(book.worksheets[2]!.getCell('A6').value).toBe('列名');
    }
  });

  it('隐藏的键行、下拉、文字列、示例、说明和藏起的字典', async () => {
    const book = await open(await templateWorkbook(template));
    expect(book.worksheets.map(({ name, state }) => [name, state])).toEqual([
      ['填写', 'visible'],
      ['示例', 'visible'],
      ['填写说明', 'visible'],
      ['字典', 'veryHidden'],
    ]);
    const sheet = book.worksheets[0]!;
    expect(sheet.getRow(2).hidden).toBe(true);
    expect(sheet.getCell('A2').value).toBe('#estates@2.name');
    expect(sheet.getCell('A3').value).toBe('小区名称*');
    expect(sheet.getCell('B4').dataValidation).toMatchObject({ type: 'list', formulae: ['字典!$A$2:$A$3'] });
    expect(sheet.getCell('B5003').dataValidation).toMatchObject({ type: 'list' });
    expect(sheet.getCell('B5004').dataValidation).toBeUndefined();
    expect(sheet.getCell('F4').dataValidation).toMatchObject({ type: 'list', formulae: ['字典!$C$2:$C$3'] });
    expect(book.worksheets[3]!.getCell('A2').value).toBe('东湖社区');
    expect(sheet.getColumn(7).numFmt).toBe('@');
    expect(book.worksheets[1]!.getCell('A3').value).toBe('东湖花园');
  });

  it('空模板读回来没有数据行，列全部认得', async () => {
    const { rows } = await firstSheet(await templateWorkbook(template));
    const header = guessHeader(rows)!;
    expect(header.template).toEqual({ name: 'estates', version: 2 });
    expect(rows.filter(({ number }) => number >= header.dataFrom)).toEqual([]);
    expect(matchColumns(header.columns, fields).map(({ key }) => key)).toEqual(fields.map(({ key }) => key));
  });
});

/** Reads every data row as an import would: good rows as values, bad rows as failures with their texts. */
async function importOf(bytes: Buffer) {
  const { rows } = await firstSheet(bytes);
  const header = guessHeader(rows, fields)!;
  const matches = matchColumns(header.columns, fields);
  const good: { number: number; values: Record<string, unknown> }[] = [];
  const failed: FailedRow[] = [];
  for (const row of rows.filter(({ number }) => number >= header.dataFrom)) {
    const cells: Record<string, string> = {};
    const values: Record<string, unknown> = {};
    const problems: { key: string; problem: string }[] = [];
    for (const { index, key, unit } of matches) {
      const text = row.cells[index] ?? '';
      cells[key] = text;
      const result = readCell(text, fields.find((field) => field.key === key)!, unit);
      if ('problem' in result) problems.push({ key, problem: result.problem });
      else values[key] = 'value' in result ? result.value : null;
    }
    if (problems.length > 0) failed.push({ number: row.number, cells, problems });
    else good.push({ number: row.number, values });
  }
  return { good, failed };
}

describe('错误清单', () => {
  it('五千行里错一百五十行：只还这些行，带原行号和原因；改好后重传全部成功', async () => {
    const book = new excel.Workbook();
    const sheet = book.addWorksheet('台账');
    sheet.addRow(['示范区小区台账']);
    sheet.addRow(['序号', '小区名称', '所属社区', '建筑面积', '户数', '服务方式', '有业委会', '联系电话', '接管日期']);
    const isBad = (at: number) => at % 33 === 0 && at < 150 * 33;
    for (let at = 0; at < 5_000; at += 1) {
      const bad = isBad(at);
      sheet.addRow([
        at + 1,
        `=示范${at}`.slice(at % 2),
        '东湖社区',
        bad ? '约一万' : 1000.25 + at,
        bad ? '很多' : at,
        '专业物业',
        at % 2 ? '√' : '无',
        '0595-22345678',
        at % 3 ? new Date(Date.UTC(2024, 0, 1 + (at % 300))) : '2024.3.18',
      ]);
    }
    sheet.getRow(2).getCell(5).value = '总户数';
    const first = await importOf(Buffer.from(await book.xlsx.writeBuffer()));
    expect(first.good).toHaveLength(4_850);
    expect(first.failed.map(({ number }) => number)).toEqual(
      Array.from({ length: 5_000 }, (_, at) => at)
        .filter(isBad)
        .map((at) => at + 3),
    );
    expect(first.good[0]).toEqual({
      number: 4,
      values: {
        name: '示范1',
        community: '东湖社区',
        area: 100_125n,
        households: 1,
        served: 'managed',
        hasCommittee: true,
        phone: '0595-22345678',
        takenOn: '2024-01-02',
      },
    });

    const errors = await errorWorkbook(template, first.failed);
    const marked = (await open(errors)).worksheets[0]!;
    expect(marked.getRow(3).values).toEqual([
      undefined,
      '原行号',
      '错误原因',
      ...fields.map((field) => field.label + (field.required ? '*' : '')),
    ]);
    expect(marked.getCell('A4').value).toBe(3);
    expect(marked.getCell('B4').value).toBe(
      '建筑面积：“约一万”不是面积，请填写如 89.34（平方米）；总户数：“很多”不是整数，请只填数字，如 12',
    );
    expect(marked.getCell('C4').value).toBe('=示范0');
    expect(marked.getCell('C4').formula).toBeUndefined();
    expect(marked.getCell('E4').fill).toMatchObject({ fgColor: { argb: 'FFFFC7CE' } });
    expect(marked.getCell('C4').fill).toMatchObject({ pattern: 'none' });
    expect(marked.rowCount).toBe(153);
    expect((await importOf(errors)).failed).toHaveLength(150);

    const fixed = await open(errors);
    fixed.worksheets[0]!.eachRow((row, number) => {
      if (number < 4) return;
      row.getCell(5).value = 1000.25;
      row.getCell(6).value = 9;
    });
    const second = await importOf(Buffer.from(await fixed.xlsx.writeBuffer()));
    expect(second.failed).toEqual([]);
    expect(second.good).toHaveLength(150);
    expect(second.good[0]!.values).toMatchObject({
      name: '=示范0',
      area: 100_025n,
      households: 9,
      takenOn: '2024-03-18',
    });
  });

  it('原表以万平方米计的列，错误清单沿用带单位的标题，重传时仍按万平方米读', async () => {
    const failed: FailedRow[] = [
      { number: 9, cells: { name: '东湖', area: '1.5' }, problems: [{ problem: '与第 3 行重复' }] },
    ];
    const again = await importOf(await errorWorkbook(template, failed, { area: '建筑面积（万平方米）' }));
    expect(again.good[0]!.values).toMatchObject({ name: '东湖', area: 1_500_000n });
  });
});
