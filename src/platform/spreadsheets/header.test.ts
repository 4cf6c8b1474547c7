import { describe, expect, it } from 'vitest';
import type { Field, Row } from './index.ts';
import { guessHeader, headerAt, isSummaryRow, matchColumns, normaliseTitle, unitOf } from './index.ts';

const rows = (...lines: string[][]): Row[] => lines.map((cells, at) => ({ number: at + 1, cells }));

const fields: Field[] = [
  { key: 'name', label: '小区名称', synonyms: ['物业项目名称', '项目名称'], kind: 'text', required: true },
  { key: 'subdistrict', label: '所属街道', synonyms: ['街道', '街道办'], kind: 'text' },
  { key: 'area', label: '建筑面积', synonyms: ['总建筑面积'], kind: 'area' },
  { key: 'households', label: '总户数', synonyms: ['户数'], kind: 'integer' },
  { key: 'company', label: '物业服务企业', synonyms: ['物业公司'], kind: 'text' },
];

const titles = (header: ReturnType<typeof guessHeader>) => header?.columns.map(({ title }) => title);

describe('找表头', () => {
  it('跳过大标题、填报单位和空行', () => {
    const header = guessHeader(
      rows(
        ['示范区小区基本情况表', '示范区小区基本情况表', '示范区小区基本情况表'],
        ['填报单位：东街街道'],
        ['序号', '小区名称', '总户数'],
        ['1', '东湖花园', '320'],
      ),
      fields,
    );
    expect(header).toMatchObject({ row: 3, dataFrom: 4 });
    expect(titles(header)).toEqual(['序号', '小区名称', '总户数']);
  });

  it('两行表头合为一行：合并的分组、单位行、粘贴后只剩首格的分组', () => {
    const merged = rows(
      ['街道', '面积', '面积', '户数'],
      ['街道', '建筑面积', '套内面积', '户数'],
      ['东街', '1200', '900', '12'],
    );
    expect(titles(guessHeader(merged))).toEqual(['街道', '面积/建筑面积', '面积/套内面积', '户数']);
    expect(guessHeader(merged)).toMatchObject({ row: 1, dataFrom: 3 });
    const units = rows(['小区名称', '建筑面积', '总户数'], ['', '平方米', '户'], ['东湖', '1200', '12']);
    expect(titles(guessHeader(units))).toEqual(['小区名称', '建筑面积/平方米', '总户数/户']);
    const pasted = rows(['街道', '面积', '', '户数'], ['', '建筑面积', '套内面积', ''], ['东街', '1200', '900', '12']);
    expect(titles(guessHeader(pasted))).toEqual(['街道', '面积/建筑面积', '面积/套内面积', '户数']);
  });

  it('全是文字的第一行数据不会被当作第二行表头', () => {
    const header = guessHeader(
      rows(['小区名称', '所属街道', '物业公司'], ['东湖花园', '东街街道', '安居物业'], ['金山', '西街', '乐居']),
    );
    expect(header).toMatchObject({ row: 1, dataFrom: 2 });
  });

  it('可以由人指定表头行；没有这一行就没有表头', () => {
    const lines = rows(['名称', '街道'], ['小区名称', '所属街道'], ['东湖', '东街']);
    expect(headerAt(lines, 2)).toMatchObject({ row: 2, dataFrom: 3 });
    expect(headerAt(lines, 9)).toBeUndefined();
    expect(guessHeader(rows(['1', '2'], ['3', '4']))).toBeUndefined();
  });

  it('认得模板隐藏的键行与版本，忽略错误清单多出的两列，列序可调', () => {
    const header = guessHeader(
      rows(
        ['小区名册：需要更正的行'],
        ['#estates@3.!row', '#estates@3.!reason', '#estates@3.area', '#estates@3.name'],
        ['原行号', '错误原因', '随便什么（万平方米）', '小区名称*'],
        ['17', '面积：不是数字', '12', '东湖'],
      ),
    )!;
    expect(header).toMatchObject({ row: 3, dataFrom: 4, template: { name: 'estates', version: 3 } });
    expect(matchColumns(header.columns, fields)).toEqual([
      {
        index: 2,
        title: '随便什么（万平方米）',
        key: 'area',
        confidence: 1,
        unit: { text: '万平方米', zeros: 4, percent: false },
      },
      { index: 3, title: '小区名称*', key: 'name', confidence: 1, unit: undefined },
    ]);
  });
});

describe('列对上字段', () => {
  const match = (...names: string[]) =>
    Object.fromEntries(
      matchColumns(
        names.map((title, index) => ({ index, title })),
        fields,
      ).map(({ title, key }) => [title, key]),
    );

  it.each([
    ['小 区 名 称', 'name'],
    ['小区名称*（必填）', 'name'],
    ['物业项目名称', 'name'],
    ['建筑面积（㎡）', 'area'],
    ['建筑面积/平方米', 'area'],
    ['面积情况/总建筑面积（万平方米）', 'area'],
    ['户数（户）', 'households'],
    ['街道办事处', 'subdistrict'],
  ])('%s', (title, key) => {
    expect(match(title)).toEqual({ [title]: key });
  });

  it('不相干的列不硬对', () => {
    expect(match('联系电话', '备注', '面积', '名')).toEqual({});
  });

  it('一列只对一个字段，一个字段只对一列，更像的优先', () => {
    expect(match('项目名称', '小区名称')).toEqual({ 小区名称: 'name' });
  });

  it('记住的对应优先于猜测，记住“不要”的列不再对', () => {
    const columns = [
      { index: 0, title: '楼盘' },
      { index: 1, title: '总户数' },
    ];
    const remembered = { [normaliseTitle('楼盘')]: 'name', [normaliseTitle('总户数')]: null };
    expect(matchColumns(columns, fields, remembered).map(({ index, key }) => [index, key])).toEqual([[0, 'name']]);
  });

  it.each([
    ['建筑面积（万平方米）', 4],
    ['建筑面积/万㎡', 4],
    ['金额(千元)', 3],
    ['资金余额（单位：万元）', 4],
    ['建筑面积（平方米）', undefined],
    ['万达广场', undefined],
    ['千家万户', undefined],
  ])('单位：%s', (title, zeros) => {
    expect(unitOf(title)?.zeros).toBe(zeros);
  });

  it('合计与落款不是名册里的一条', () => {
    const summary = (...cells: string[]) => isSummaryRow({ number: 9, cells });
    expect([summary('', '合 计', '12'), summary('填表人：张三'), summary('注：以上为初步数据')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([summary('1', '合计花园'), summary('说明书小区')]).toEqual([false, false]);
  });
});
