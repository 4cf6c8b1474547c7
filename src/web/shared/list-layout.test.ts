import { describe, expect, it } from 'vitest';
import { arranged, filtersOf, moved } from './list-layout.ts';

const columns = [{ title: '小区', name: true }, { title: '类型' }, { title: '户数' }, { title: '建成年份' }];
const shown = (wanted: { title: string; shown: boolean }[]) =>
  arranged(columns, wanted)
    .filter((one) => one.shown)
    .map((one) => one.column.title);

describe('列设置', () => {
  it.each([
    ['没有设过：照页面', [], ['小区', '类型', '户数', '建成年份']],
    [
      '换了次序、藏了一列',
      [
        { title: '户数', shown: true },
        { title: '小区', shown: true },
        { title: '类型', shown: false },
        { title: '建成年份', shown: true },
      ],
      ['户数', '小区', '建成年份'],
    ],
    ['名称列藏不掉', [{ title: '小区', shown: false }], ['小区', '类型', '户数', '建成年份']],
    ['页面已没有的列不再出现', [{ title: '早先的列', shown: true }], ['小区', '类型', '户数', '建成年份']],
    [
      '页面新添的列站在页面给它的位置',
      [
        { title: '小区', shown: true },
        { title: '户数', shown: true },
        { title: '建成年份', shown: false },
      ],
      ['小区', '类型', '户数'],
    ],
  ])('%s', (_, wanted, expected) => expect(shown(wanted)).toEqual(expected));

  it('上移、下移一位', () => {
    expect(moved(['甲', '乙', '丙'], 2, -1)).toEqual(['甲', '丙', '乙']);
    expect(moved(['甲', '乙', '丙'], 0, 1)).toEqual(['乙', '甲', '丙']);
  });

  it('同样的筛选是同样的文字：不论先后，不论第几页', () => {
    expect(filtersOf('?served=no&kind=old&page=3')).toBe(filtersOf('?kind=old&served=no'));
    expect(filtersOf('?page=2')).toBe('');
  });
});
