/** Numbers, dates and blanks as a ledger prints them. */
import type { ReactNode } from 'react';
import { formatArea } from '../../kernel/area.ts';
import { useMe } from './session.tsx';

const thousands = new Intl.NumberFormat('zh-CN');

export function count(value: number | string | bigint): string {
  return thousands.format(typeof value === 'string' ? BigInt(value) : value);
}

/** Unknown is 待补, never 0. */
export function orMissing<T>(value: T | null | undefined, say: (value: T) => ReactNode = String): ReactNode {
  return value === null || value === undefined || value === '' ? <Missing /> : say(value);
}

export function Missing() {
  return <span className="state state-outside">待补</span>;
}

export function yesNo(value: boolean): string {
  return value ? '是' : '否';
}

/** Square metres from hundredths, as digits. */
export function squareMetres(centiM2: string): string {
  return formatArea(BigInt(centiM2));
}

/** A share to one decimal, cut off rather than rounded up: 99.96% is not 100%. */
export function percent(numerator: string, denominator: string): string {
  if (BigInt(denominator) === 0n) return '--';
  const tenths = (BigInt(numerator) * 1000n) / BigInt(denominator);
  return `${tenths / 10n}.${tenths % 10n}%`;
}

/** A campaign by its name; most bear only their year. */
export function campaignWord(name: string | null): string {
  if (name === null) return '行动';
  return /^\d{4}$/.test(name) ? `${name} 年行动` : name;
}

/** How far a due day is, in words. */
export function daysWord(daysLate: number): string {
  if (daysLate > 0) return `超期 ${count(daysLate)} 天`;
  return daysLate === 0 ? '今天到期' : `还有 ${count(-daysLate)} 天`;
}

/** An instant, in the local time of the office: 2026-11-22 15:59. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
}

/** The label of a code; a code no list knows is shown as it stands. */
export function labelIn(labels: Readonly<Record<string, string>>, code: string): string {
  return labels[code] ?? code;
}

export function options<K extends string>(labels: Readonly<Record<K, string>>): { value: K; label: string }[] {
  return (Object.entries(labels) as [K, string][]).map(([value, label]) => ({ value, label }));
}

/** From one day to another; without an end it lasts, unless it has not begun. */
export function Lasting({ from, to }: { from: string | null; to: string | null }) {
  const { today } = useMe().deployment;
  if (to === null && from !== null && from > today) return `${from} 起`;
  return (
    <>
      {orMissing(from)} ～ {to ?? '至今'}
    </>
  );
}
