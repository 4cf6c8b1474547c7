import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { type RestCalendar, restCalendar } from '../../kernel/term.ts';
import type { ParameterEntry } from '../../law/pack.ts';
import { daysIn, type Is, valueOn, yesIn } from '../../law/parameter.ts';
import { sql, type Transaction } from '../../platform/database.ts';

/** What the national base says about all duties: whether deadlines roll over rest days, and how early a duty is announced. */
export interface Conventions {
  roll: boolean;
  warnDays: number;
}

export async function readConventions(tx: Transaction, today: LocalDate): Promise<Conventions> {
  const value = await valuesOf(tx, ['terms.rollForward', 'duties.warnDays'], today);
  return { roll: yesIn(value('terms.rollForward')), warnDays: daysIn(value('duties.warnDays')) };
}

/** How many days before it is taken further the body that owes a duty is told. */
export async function readEscalationWarnDays(tx: Transaction, today: LocalDate): Promise<number> {
  return daysIn((await valuesOf(tx, ['duties.escalationWarnDays'], today))('duties.escalationWarnDays'));
}

/** Values that the national base sets for every place. */
async function valuesOf(tx: Transaction, keys: readonly string[], today: LocalDate): Promise<(key: string) => Is> {
  const { rows } = await sql<{ key: string; definition: ParameterEntry }>`
    select r.key, r.definition from registers.requirement r join registers.pack p on p.id = r.pack_id
    where p.under is null and r.kind = 'parameter' and r.retired_at is null and r.key = any (${sql.val(keys)}::text[])`.execute(
    tx,
  );
  return (key: string) => {
    const found = rows.find((row) => row.key === key);
    const dated = found && valueOn(found.definition.values, today);
    if (!dated) throw new Error(`全国基础包缺少参数 ${key}，无法推算义务。请用 bin/gongzhi policy check policy 检查。`);
    return dated.is;
  };
}

/** The rest days that are known; a year that is missing makes terms provisional (GEN-07). */
export async function readCalendar(tx: Transaction): Promise<RestCalendar> {
  const { rows: years } = await sql<{ year: number }>`select year from platform.calendar_year order by year`.execute(
    tx,
  );
  const { rows: days } = await sql<{
    day: string;
    kind: 'rest' | 'work';
    year: number;
  }>`select day, kind, year from platform.calendar_day`.execute(tx);
  const of = (year: number, kind: 'rest' | 'work') =>
    days.filter((one) => one.year === year && one.kind === kind).map((one) => localDate(one.day));
  return restCalendar(years.map(({ year }) => ({ year, rest: of(year, 'rest'), work: of(year, 'work') })));
}
