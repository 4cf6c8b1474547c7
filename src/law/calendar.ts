/** One year's rest days and make-up working days, read from policy/calendars/<year>.yaml. */
import { isLocalDate, type LocalDate, weekdayOf, yearOf } from '../kernel/local-date.ts';
import type { RestYear } from '../kernel/term.ts';
import { type PolicyFile, type Problem, readYaml } from './yaml.ts';

export interface CalendarYear extends RestYear {
  /** Number or title and day of the notice. */
  readonly notice: string | null;
}

export function parseCalendar(file: PolicyFile): { calendar: CalendarYear } | { problems: Problem[] } {
  const yaml = readYaml(file);
  const { report } = yaml;
  const value = yaml.value;
  if (typeof value !== 'object' || Array.isArray(value)) {
    if (yaml.problems.length === 0) report([], '应为若干“字段: 值”');
    return { problems: yaml.problems };
  }
  for (const field of Object.keys(value)) {
    if (!['year', 'notice', 'rest', 'work'].includes(field)) report([field], `不认识的字段 ${field}`);
  }
  const year = typeof value.year === 'string' && /^[1-9]\d{3}$/.test(value.year) ? Number(value.year) : null;
  if (year === null) report(['year'], 'year 应为四位年份');
  const { notice } = value;
  if (notice !== undefined && typeof notice !== 'string') report(['notice'], 'notice 应为文字');
  const days = (field: 'rest' | 'work') => {
    const list = value[field];
    if (!Array.isArray(list)) {
      report([field], `${field} 应为日期列表`);
      return [];
    }
    return list.flatMap((day, at): LocalDate[] => {
      if (typeof day !== 'string' || !isLocalDate(day)) {
        report([field, at], `${typeof day === 'string' ? `“${day}”` : '此处'}不是日期（应如 2026-01-01）`);
        return [];
      }
      // A notice may reach back into the last days of the year before.
      const belongs = year === null || yearOf(day) === year || (yearOf(day) === year - 1 && day.slice(5) >= '12-25');
      if (!belongs) report([field, at], `${day} 不在 ${year} 年的通知范围内`);
      if (list.indexOf(day) !== at) report([field, at], `${day} 重复`);
      return [day];
    });
  };
  const rest = days('rest');
  const work = days('work');
  for (const [at, day] of work.entries()) {
    if (weekdayOf(day) < 6) report(['work', at], `${day} 不是周末，无须列为调休上班`);
    if (rest.includes(day)) report(['work', at], `${day} 同时列为休息和上班`);
  }
  if (yaml.problems.length > 0 || year === null) return { problems: yaml.problems };
  return { calendar: { year, notice: typeof notice === 'string' && notice !== '' ? notice : null, rest, work } };
}
