import { describe, expect, it } from 'vitest';
import { creditCheckOf } from '../../kernel/identifiers.ts';
import type { FieldKind } from './index.ts';
import { describeProblem, isFormulaLike, readCell, unitOf } from './index.ts';

const read = (text: string, kind: FieldKind, title = '') => readCell(text, { kind }, unitOf(title));

describe('读成有类型的值', () => {
  it.each<[FieldKind, string, unknown]>([
    ['text', '东湖花园', { value: '东湖花园' }],
    ['text', ' 东湖　花园１号 ', { value: '东湖 花园1号', tidied: true }],
    ['integer', '320', { value: 320 }],
    ['integer', '３２０户', { value: 320, tidied: true }],
    ['integer', '1,320', { value: 1320, tidied: true }],
    ['integer', '12.0', { value: 12 }],
    ['area', '89.34', { value: 8934n }],
    ['area', '89.340', { value: 8934n }],
    ['area', '１，２８９.3 平方米', { value: 128930n, tidied: true }],
    ['area', '89.34m2', { value: 8934n, tidied: true }],
    ['area', '12.5万㎡', { value: 12_500_000n, tidied: true }],
    ['money', '￥1,234.5', { value: 123450n, tidied: true }],
    ['money', '3.2万元', { value: 3_200_000n, tidied: true }],
    ['date', '2024-03-18', { value: '2024-03-18' }],
    ['date', '2024.3.18', { value: '2024-03-18', tidied: true }],
    ['date', '2024/3/18', { value: '2024-03-18', tidied: true }],
    ['date', '2024年3月18日', { value: '2024-03-18', tidied: true }],
    ['date', '20240318', { value: '2024-03-18', tidied: true }],
    ['date', '45369', { value: '2024-03-18', tidied: true }],
    ['date', '2024-03-18 08:30', { value: '2024-03-18', tidied: true }],
    ['date', '２０２４．３．１８', { value: '2024-03-18', tidied: true }],
    ['yesNo', '是', { value: true }],
    ['yesNo', '√', { value: true, tidied: true }],
    ['yesNo', '无', { value: false, tidied: true }],
    ['yesNo', '×', { value: false, tidied: true }],
    ['phone', '138 0013 8000', { value: '13800138000', tidied: true }],
    ['phone', '（0595）22345678', { value: '0595-22345678', tidied: true }],
    ['division', '350599', { value: '350599000000', tidied: true }],
    ['percent', '35%', { value: { a: 35n, b: 100n } }],
    ['percent', '0.35', { value: { a: 35n, b: 100n } }],
    ['percent', '35', { value: { a: 35n, b: 100n } }],
  ])('%s：%s', (kind, text, expected) => {
    expect(read(text, kind)).toEqual(expected);
  });

  it('列标题的单位移动小数点，单元格自带单位时以单元格为准', () => {
    expect(read('12.34', 'area', '建筑面积（万平方米）')).toEqual({ value: 12_340_000n });
    expect(read('12.345678', 'area', '建筑面积（万平方米）')).toEqual({ value: 12_345_678n });
    expect(read('12.3456789', 'area', '建筑面积（万平方米）')).toHaveProperty('problem');
    expect(read('0.0001', 'area', '建筑面积（万平方米）')).toEqual({ value: 100n });
    expect(read('500元', 'money', '余额(万元)')).toEqual({ value: 50_000n, tidied: true });
    expect(read('0.5', 'percent', '占比（%）')).toEqual({ value: { a: 5n, b: 1000n } });
  });

  it('统一社会信用代码核对校验位', () => {
    const body = '91350599MA2XY0000';
    expect(read(`${body}${creditCheckOf(body)}`.toLowerCase(), 'uscc')).toEqual({
      value: `${body}${creditCheckOf(body)}`,
      tidied: true,
    });
    const wrong = creditCheckOf(body) === '0' ? '1' : '0';
    expect(read(`${body}${wrong}`, 'uscc')).toEqual({ problem: '统一社会信用代码校验位不符，请核对是否有误写' });
  });

  it('选项按名称、代码或别名认，认不出时列出可填的', () => {
    const field = {
      kind: 'choice' as const,
      choices: [
        { code: 'managed', label: '专业物业', synonyms: ['有物业'] },
        { code: 'none', label: '无物业' },
      ],
    };
    expect(readCell('专业物业', field)).toEqual({ value: 'managed' });
    expect(readCell('有 物业', field)).toEqual({ value: 'managed', tidied: true });
    expect(readCell('none', field)).toEqual({ value: 'none', tidied: true });
    expect(readCell('准物业', field)).toEqual({ problem: '“准物业”不在可选范围，请填：专业物业、无物业' });
  });
});

describe('不知道、清空与错误', () => {
  it.each(['', '  ', '待补', '不详', '—', '——', '无数据', '/', '-'])('“%s”是不知道，不是 0', (text) => {
    for (const kind of ['text', 'integer', 'area', 'date', 'yesNo'] as const)
      expect(read(text, kind)).toEqual({ unknown: true });
    expect(readCell(text, { kind: 'text', required: true })).toHaveProperty('problem');
  });

  it('“清空”是明说要删去；必填的不能清空', () => {
    expect(readCell('清空', { kind: 'area' })).toEqual({ clear: true });
    expect(readCell('清空', { kind: 'text', required: true })).toEqual({ problem: '此列必填，不能清空' });
  });

  it.each<[FieldKind, string, RegExp]>([
    ['integer', '三百', /不是整数/],
    ['integer', '12.5', /不是整数/],
    ['integer', '-1', /负数/],
    ['area', '89.345', /两位小数/],
    ['area', '约90', /不是面积/],
    ['money', '-5', /负数/],
    ['date', '2024-02-30', /不是存在的日期/],
    ['date', '2024年3月', /缺少月或日/],
    ['date', '2024', /缺少月或日/],
    ['date', '24.3.18', /年份/],
    ['date', '去年', /请填写如/],
    ['yesNo', '也许', /“是”或“否”/],
    ['phone', '1380013800', /11 位/],
    ['phone', '13800138000/13900139000', /一个电话/],
    ['division', '3505', /12 位/],
    ['percent', '1', /百分号/],
    ['percent', '120%', /不能超过/],
    ['text', '字'.repeat(501), /超过 500/],
    ['integer', '#REF!', /公式出错/],
    ['integer', '#未计算', /保存一次/],
  ])('%s：%s', (kind, text, message) => {
    const result = read(text, kind);
    expect('problem' in result ? result.problem : undefined).toMatch(message);
  });

  it('像公式的文字照文字保留并标记，负数不算', () => {
    expect(read('=HYPERLINK("http://x")', 'text')).toEqual({ value: '=HYPERLINK("http://x")', formulaLike: true });
    expect(read('@某某', 'text')).toEqual({ value: '@某某', formulaLike: true });
    expect(['-12.5', '+86', '-5%', '东湖=好', '=1', '-a', '\t=1'].map(isFormulaLike)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('错误的说法只有一种', () => {
    expect(describeProblem({ row: 17, index: 8, title: '证件号码' }, '校验位不对')).toBe(
      '第 17 行 证件号码(I17)：校验位不对',
    );
    expect(describeProblem({ row: 2, index: 26, title: '备注' }, '过长')).toBe('第 2 行 备注(AA2)：过长');
  });
});
