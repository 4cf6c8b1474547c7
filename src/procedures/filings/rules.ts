import { addDays, isLocalDate, type LocalDate, parsePeriod, periodOf } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import { normaliseNumberText } from '../../kernel/text.ts';
import type { DutyEntry } from '../../law/pack.ts';
import type { Deed, FilingRole } from './filings.ts';

/** Why a second filing for the same matter, subject and period is refused. */
export const filedAlreadyReason = '这一期间已经报备过。如要更正，请先撤回原来的一件，再重新报备。';

/** Every reason why a deed cannot be filed as it stands; none when it can. Lateness is no reason: it is shown, not barred. */
export function refusalsOfDeed(deed: Deed): Refusal[] {
  const refusals: Refusal[] = [];
  if (deed.role === 'other')
    refusals.push(refusal('这件事由责任单位或其上级报备，您当前的任职不在其中。请切换任职后再报。'));
  if (!deed.period) {
    refusals.push(refusal(`没有这个期间。可填：${deed.periodsNearby.join('、')}。`, { field: 'period' }));
  } else if (deed.period.from !== null && deed.doneOn < deed.period.from) {
    refusals.push(
      refusal(`办成日期 ${deed.doneOn} 早于所报期间的第一天 ${deed.period.from}，请核对期间或日期。`, {
        field: 'doneOn',
      }),
    );
  }
  if (deed.doneOn > deed.today) {
    refusals.push(refusal(`办成日期 ${deed.doneOn} 还没有到，只能报备已经办成的事。`, { field: 'doneOn' }));
  }
  if (deed.filedAlready) refusals.push(refusal(filedAlreadyReason, { field: 'period' }));
  return refusals;
}

/** The period asked for, if the matter has such a one, and those around the day, to be named in a refusal. */
export function periodsOf(
  due: DutyEntry['due'],
  asked: string,
  doneOn: LocalDate,
): Pick<Deed, 'period' | 'periodsNearby'> {
  if (due.shape === 'once') {
    return { period: asked === due.on ? { key: asked, from: null } : undefined, periodsNearby: [due.on] };
  }
  if (due.shape === 'afterEvent') {
    return {
      period: isLocalDate(asked) ? { key: asked, from: asked } : undefined,
      periodsNearby: ['事件发生的日期，如 2026-07-10'],
    };
  }
  const current = periodOf(due.every, doneOn);
  const previous = periodOf(due.every, addDays(current.from, -1));
  const named = parsePeriod(asked);
  return {
    period: named?.rhythm === due.every ? { key: named.key, from: named.from } : undefined,
    periodsNearby: [previous.key, current.key],
  };
}

/**
 * The key of a period as people write it: 2026年第三季度, 2026年7月, 2026年上半年, 2026年度, 2026年7月10日. What is none of these comes back
 * as it stands, and no matter has such a period. Excel makes the first day of the month out of 2026年7月: for a monthly matter it is the month.
 */
export function periodKeyOf(text: string, due: DutyEntry['due']): string {
  const plain = normaliseNumberText(text).replace(/[–—]/g, '-');
  const quarter = /^(\d{4})(?:年度?|-)?(?:第?([一二三四1-4])季度?|Q([1-4]))$/i.exec(plain);
  if (quarter) return `${quarter[1]}-Q${quarter[3] ?? ('一二三四'.indexOf(quarter[2]!) + 1 || quarter[2])}`;
  const half = /^(\d{4})(?:年度?|-)?(?:([上下])半年度?|H([12]))$/i.exec(plain);
  if (half) return `${half[1]}-H${half[3] ?? (half[2] === '上' ? 1 : 2)}`;
  const year = /^(\d{4})(?:年度?|年?全年)?$/.exec(plain);
  if (year) return year[1]!;
  const day = /^(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月份?)?$/.exec(plain);
  if (!day) return text;
  const month = `${day[1]}-${day[2]!.padStart(2, '0')}`;
  if (day[3] === undefined) return month;
  const isMonthly = 'every' in due && due.every === 'month';
  return isMonthly && Number(day[3]) === 1 ? month : `${month}-${day[3].padStart(2, '0')}`;
}

interface Range {
  readonly lo: string;
  readonly hi: string;
}

/** Whether a requirement speaks to a place; an area inside with a binding of its own has requirements of its own. */
export function speaksTo(requirement: Range & { readonly except: readonly Range[] }, scope: string): boolean {
  const within = ({ lo, hi }: Range) => lo <= scope && scope < hi;
  return within(requirement) && !requirement.except.some(within);
}

/** What a body is to a deed: offices see only what lies in their range, so there they bear the duty or supervise whoever does. */
export function roleFor(
  body: { isOffice: boolean; organisationId: number | null; organisationKind: string | null },
  duty: Pick<DutyEntry, 'bearer'>,
  subject: { companyId: number | null; committeeId: number | null },
): FilingRole {
  if (body.isOffice) return body.organisationKind === duty.bearer ? 'filer' : 'supervisor';
  const own = body.organisationId !== null && [subject.companyId, subject.committeeId].includes(body.organisationId);
  return own && bearers[duty.bearer]?.includes(body.organisationKind ?? '') ? 'filer' : 'other';
}

/** Bodies that speak for the bearer named in a pack. */
const bearers: Partial<Record<DutyEntry['bearer'], readonly string[]>> = {
  'property-company': ['property-company'],
  'company-party-organisation': ['property-company', 'company-party-organisation'],
  'owners-committee': ['owners-committee'],
  'management-committee': ['management-committee'],
};
