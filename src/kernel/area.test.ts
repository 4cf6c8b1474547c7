import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArea, parseArea } from './area.ts';

describe('面积', () => {
  it.each([
    ['89.34', 8934n],
    ['89.3㎡', 8930n],
    ['89 平方米', 8900n],
    ['1,289.30m²', 128930n],
    ['８９．３４', 8934n],
  ])('“%s” 为 %s（0.01 平方米）', (text, area) => {
    expect(parseArea(text)).toEqual({ ok: true, value: area });
  });

  it.each([
    ['89.345', '两位小数'],
    ['', '未填写'],
    ['-1', '不是面积'],
    ['两百', '不是面积'],
  ])('“%s” 不能作为面积：%s', (text, reason) => {
    expect(parseArea(text)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('显示后可原样读回', () => {
    expect(formatArea(128930n)).toBe('1,289.30');
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (area) => {
        expect(parseArea(formatArea(area))).toEqual({ ok: true, value: area });
      }),
    );
  });
});
