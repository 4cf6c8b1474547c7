import { type LocalDate, localDate } from '../kernel/local-date.ts';

/** The one clock, injected everywhere (decisions 13). A business day is a day in Asia/Shanghai. */
export interface Clock {
  today(): LocalDate;
  now(): Date;
}

export const systemClock: Clock = {
  today: () => businessDay(new Date()),
  now: () => new Date(),
};

/** A clock that stands at 09:00 of a day in Asia/Shanghai: for tests and for the demo's own preparation. */
export function fixedClock(day: string): Clock {
  const today = localDate(day);
  return { today: () => today, now: () => new Date(`${today}T09:00:00+08:00`) };
}

/** China has kept UTC+8 without summer time since 1991; instants before that are never turned into days here. */
export function businessDay(instant: Date): LocalDate {
  return localDate(new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 10));
}
