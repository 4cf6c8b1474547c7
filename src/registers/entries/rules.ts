/** Judgements about entries of the simple registers. Pure; the database refuses the same (migration 0035). */
import { formatArea } from '../../kernel/area.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';

/** From a day until, not including, another; open where null. */
export interface Period {
  fromOn: string | null;
  toOn: string | null;
}

export const periodsMeet = (a: Period, b: Period): boolean =>
  !isEmpty(a) &&
  !isEmpty(b) &&
  !(a.toOn && b.fromOn && a.toOn <= b.fromOn) &&
  !(b.toOn && a.fromOn && b.toOn <= a.fromOn);

/** Written down by mistake: it never was. */
const isEmpty = ({ fromOn, toOn }: Period) => fromOn !== null && fromOn === toOn;

export const spokenPeriod = ({ fromOn, toOn }: Period): string => `${fromOn ?? '（起日待补）'} 至 ${toOn ?? '今'}`;

export function refusalsOfPeriod({ fromOn, toOn }: Period): Refusal[] {
  return fromOn && toOn && toOn <= fromOn ? [refusal(`止于 ${toOn}，不晚于起于 ${fromOn}`, { field: 'toOn' })] : [];
}

/** What stands there already at the same time, under the same name. */
export function refusalsOfOverlap(period: Period, others: readonly Period[]): Refusal[] {
  return others
    .filter((one) => periodsMeet(period, one))
    .map((one) =>
      refusal(`同一项已经登记在 ${spokenPeriod(one)}，时段重叠。有变的请在那一项里办理变更`, { field: 'fromOn' }),
    );
}

type Values = Readonly<Record<string, unknown>>;

/** What the fields of one row say against each other. */
export function refusalsOfValues(code: string, values: Values): Refusal[] {
  const refusals: Refusal[] = [];
  if (code === 'cameras')
    for (const field of ['name', 'deviceCode'])
      if (typeof values[field] === 'string' && isStream.test(values[field]))
        refusals.push(refusal('这里只登记设备，不存取流地址、网址或 IP 地址', { field }));
  if (code === 'grid-workers' && values.worktime === 'full' && values.source != null)
    refusals.push(refusal('专职网格员没有兼职来源，请留空', { field: 'source' }));
  if (code === 'organisation-relations' && values.superior != null && values.superior === values.subordinate)
    refusals.push(refusal('上级和下级是同一个单位', { field: 'subordinate' }));
  return refusals;
}

const isStream = /:\/\/|rtsp|rtmp|www\.|(?:\d{1,3}\.){3}\d/i;

export interface CoveredEstate {
  name: string;
  within: boolean;
  floorAreaCentiM2: bigint | null;
}

/** The estates of an entry: enough of them, all where the entry lies, and no larger together than the whole is said to be. */
export function refusalsOfEstates(
  estates: readonly CoveredEstate[],
  about: { least: number; label: string; areaName: string; floorAreaCentiM2: bigint | null },
): Refusal[] {
  const refusals = estates
    .filter((one) => !one.within)
    .map((one) => refusal(`“${one.name}”不在${about.areaName}`, { field: 'estates' }));
  if (estates.length < about.least)
    refusals.push(refusal(`${about.label}至少要有 ${about.least} 个`, { field: 'estates' }));
  const sum = estates.reduce((total, one) => total + (one.floorAreaCentiM2 ?? 0n), 0n);
  if (about.floorAreaCentiM2 !== null && sum > about.floorAreaCentiM2)
    refusals.push(
      refusal(`所含小区登记的建筑面积合计 ${formatArea(sum)} ㎡，大于所填的 ${formatArea(about.floorAreaCentiM2)} ㎡`, {
        field: 'floorAreaCentiM2',
      }),
    );
  return refusals;
}

/** One body above another, for a time. Guiding is not among them. */
export interface Rank extends Period {
  superior: number;
  subordinate: number;
}

/** The bodies from `above` upwards until `below` is met again at one time, `above` first; null when it is not. */
export function circleOf(ranks: readonly Rank[], added: Rank): number[] | null {
  const above = new Map<number, Rank[]>();
  for (const one of ranks) above.set(one.subordinate, [...(above.get(one.subordinate) ?? []), one]);
  const climb = (at: number, period: Period, way: readonly number[]): number[] | null => {
    if (at === added.subordinate) return [...way, at];
    if (way.includes(at)) return null;
    for (const one of above.get(at) ?? []) {
      if (!periodsMeet(one, period)) continue;
      const found = climb(one.superior, meeting(one, period), [...way, at]);
      if (found) return found;
    }
    return null;
  };
  return isEmpty(added) ? null : climb(added.superior, added, []);
}

const meeting = (a: Period, b: Period): Period => ({
  fromOn: [a.fromOn, b.fromOn].reduce((x, y) => (x !== null && (y === null || x > y) ? x : y)),
  toOn: [a.toOn, b.toOn].reduce((x, y) => (x !== null && (y === null || x < y) ? x : y)),
});

/** `names`: from the superior named up to the subordinate named. */
export function refusalOfCircle(names: readonly string[]): Refusal {
  return refusal(`这样登记，“${names.at(-1)}”就成了自己的上级（已登记的层级，自下而上：${names.join('、')}）`, {
    field: 'superior',
  });
}
