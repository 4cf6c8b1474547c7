import { describe, expect, it } from 'vitest';
import { businessDay, fixedClock, systemClock } from './clock.ts';

describe('业务日', () => {
  it.each([
    ['2026-11-21T15:59:59.999Z', '2026-11-21'],
    ['2026-11-21T16:00:00.000Z', '2026-11-22'],
    ['2026-12-31T16:00:00.000Z', '2027-01-01'],
    ['2024-02-28T16:00:00.000Z', '2024-02-29'],
  ])('%s 在北京时间是 %s', (instant, day) => expect(businessDay(new Date(instant))).toBe(day));

  it('系统时钟的今天就是此刻的业务日', () => {
    const before = businessDay(systemClock.now());
    const today = systemClock.today();
    expect([before, businessDay(systemClock.now())]).toContain(today);
  });

  it('固定时钟停在所给之日；不存在的日子不收', () => {
    expect(fixedClock('2026-11-22').today()).toBe('2026-11-22');
    expect(businessDay(fixedClock('2026-11-22').now())).toBe('2026-11-22');
    expect(() => fixedClock('2026-02-30')).toThrow(RangeError);
  });
});
