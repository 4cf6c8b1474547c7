import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, atMost, below, formatFraction, fraction, moreThan, parseFraction } from './fraction.ts';

const twoThirds = fraction(2, 3);
const half = fraction(1, 2);

describe('分数', () => {
  it.each([
    ['2/3', 2n, 3n],
    ['70/100', 70n, 100n],
    ['90%', 90n, 100n],
    ['66.5％', 665n, 1000n],
    ['11', 11n, 1n],
    ['１/２', 1n, 2n],
  ])('“%s” 为 %s/%s', (text, a, b) => {
    expect(parseFraction(text)).toEqual({ ok: true, value: { a, b } });
  });

  it.each(['', '1/0', '-1/2', '2/3/4', '0.5', 'a/b'])('“%s” 不是分数', (text) => {
    expect(parseFraction(text).ok).toBe(false);
  });

  it.each([
    ['GEN-01 三分之二以上 200/300', atLeast(200, 300, twoThirds), true],
    ['GEN-01 三分之二以上 199/300', atLeast(199, 300, twoThirds), false],
    ['GEN-01 过半数 150/300', moreThan(150, 300, half), false],
    ['GEN-01 过半数 151/300', moreThan(151, 300, half), true],
    ['GEN-01 半数以上 3/6', atLeast(3, 6, half), true],
    ['GEN-01 不足 30%，恰为 30%', below(30, 100, fraction(30, 100)), false],
    ['GEN-01 不足 30%，为 29%', below(29, 100, fraction(30, 100)), true],
    ['GEN-01 高于 50%，恰为 50%', moreThan(50, 100, half), false],
    ['不超过一半，恰为一半', atMost(50, 100, half), true],
    ['不超过一半，超出一人', atMost(51, 100, half), false],
    ['GEN-02 6666/10000 对三分之二', atLeast(6666n, 10000n, twoThirds), false],
    ['GEN-02 20000/30000 对三分之二', atLeast(20000n, 30000n, twoThirds), true],
    ['GEN-02 总数为零不适用', atLeast(0, 0, twoThirds), null],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });

  it('以上与不足互补，超过与不超过互补', () => {
    const count = fc.bigInt({ min: 0n, max: 10n ** 18n });
    fc.assert(
      fc.property(count, count, count, count, (part, total, a, b) => {
        const limit = fraction(a, b + 1n);
        expect(atLeast(part, total + 1n, limit)).toBe(!below(part, total + 1n, limit));
        expect(moreThan(part, total + 1n, limit)).toBe(!atMost(part, total + 1n, limit));
      }),
    );
  });

  it('整数不显示分母', () => {
    expect(formatFraction(fraction(11, 1))).toBe('11');
    expect(formatFraction(twoThirds)).toBe('2/3');
  });
});
