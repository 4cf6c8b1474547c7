import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMoney, parseMoney } from './money.ts';

describe('金额', () => {
  it.each([
    ['1,234.5 元', 123450n],
    ['1234.56', 123456n],
    ['￥100', 10000n],
    ['１，２３４．５０元', 123450n],
    ['0', 0n],
    ['0.01', 1n],
    ['3.2万元', 3200000n],
    ['1.000001万', 1000001n],
    ['12345678901234567.89', 1234567890123456789n],
  ])('“%s” 为 %s 分', (text, fen) => {
    expect(parseMoney(text)).toEqual({ ok: true, value: fen });
  });

  it.each([
    ['', '未填写'],
    ['1.234', '两位小数'],
    ['1.0000001万元', '六位小数'],
    ['-5', '负数'],
    ['12,34', '不是金额'],
    ['1e3', '不是金额'],
    ['约100元', '不是金额'],
    ['=1+1', '不是金额'],
  ])('“%s” 不能作为金额：%s', (text, reason) => {
    expect(parseMoney(text)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it.each([
    [0n, '0.00'],
    [5n, '0.05'],
    [123456789n, '1,234,567.89'],
    [-100000n, '-1,000.00'],
  ])('%s 分显示为 %s', (fen, text) => {
    expect(formatMoney(fen)).toBe(text);
  });

  it('显示后可原样读回', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), (fen) => {
        expect(parseMoney(`${formatMoney(fen)} 元`)).toEqual({ ok: true, value: fen });
      }),
    );
  });
});
