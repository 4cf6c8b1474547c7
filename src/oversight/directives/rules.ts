import { divisionRange } from '../../kernel/identifiers.ts';
import type { LocalDate } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { DirectiveRole } from './directives.ts';

/** A directive about to be issued or passed on. */
export interface DirectiveToIssue {
  today: LocalDate;
  dueOn: LocalDate;
  clauseKnown: boolean;
  issuer: { organisationId: number; lo: string; hi: string };
  recipient: { id: number; name: string; scope: string; dissolved: boolean } | undefined;
  /** The duty asked for. */
  duty: Owed | null;
  /** A list or a figure asked for, by the page that shows it. */
  shownAt: string | null;
  /** A directive that asks the same of the same body and still stands. */
  standing: { id: number; fromName: string } | undefined;
  /** The directive it passes on. */
  dueAbove: LocalDate | null;
}

/** How the duty asked for stands. */
export interface Owed {
  label: string;
  period: string;
  subjectScope: string;
  bearerId: number | null;
  dueOn: LocalDate;
  standing: string;
  metOn: LocalDate | null;
  filingId: number | null;
}

/** Every reason why it cannot be issued. What is in the system already is not asked for again: the reason says where it is. */
export function refusalsOfIssue(about: DirectiveToIssue): Refusal[] {
  const { today, dueOn, clauseKnown, recipient, duty, shownAt, standing, dueAbove } = about;
  return [
    ...(clauseKnown ? [] : [refusal('没有这一条款。督办要写明依据哪一条。', { field: 'clauseId' })]),
    ...(dueOn < today ? [refusal('期限不能早于今天。', { field: 'dueOn' })] : []),
    ...(dueAbove !== null && dueOn > dueAbove
      ? [refusal(`上一级督办的期限是 ${dueAbove}，转给下级的不能更晚。`, { field: 'dueOn' })]
      : []),
    ...refusalsOfRecipient(about),
    ...(shownAt === null ? [] : [refusal(`要的数和名单系统里已有：见“${shownAt}”，可直接导出，不再向下要。`)]),
    ...(duty === null ? [] : refusalsOfOwed(duty, recipient)),
    ...(standing === undefined
      ? []
      : [refusal(`${standing.fromName}已就此事督办，还没有办结：见督办第 ${standing.id} 件。`)]),
  ];
}

function refusalsOfRecipient(about: DirectiveToIssue): Refusal[] {
  const { issuer, recipient } = about;
  const field = { field: 'to' };
  if (recipient === undefined) return [refusal('没有这个承办单位。', field)];
  if (recipient.id === issuer.organisationId) return [refusal('不能督办自己的单位。', field)];
  if (recipient.dissolved) return [refusal(`${recipient.name}已经撤销。`, field)];
  if (placeOfDirective(about) === null) return [refusal(`${recipient.name}不在您的辖区内，不能向它督办。`, field)];
  return [];
}

/**
 * Where a directive belongs: the place of the body asked, or, when that is registered elsewhere, as companies are, the place of the duty it
 * bears here. null: nowhere within the issuer's range.
 */
export function placeOfDirective({ issuer, recipient, duty }: DirectiveToIssue): string | null {
  const inRange = (scope: string) => scope >= issuer.lo && scope < issuer.hi;
  if (recipient === undefined) return null;
  if (inRange(recipient.scope)) return recipient.scope;
  return duty !== null && duty.bearerId === recipient.id && inRange(duty.subjectScope) ? duty.subjectScope : null;
}

function refusalsOfOwed(duty: Owed, recipient: DirectiveToIssue['recipient']): Refusal[] {
  const where = `${duty.label}（${duty.period}）`;
  const reaches =
    recipient === undefined || recipient.id === duty.bearerId || isAbove(recipient.scope, duty.subjectScope);
  return [
    ...(duty.standing === 'met'
      ? [refusal(`${where}已于 ${duty.metOn} 办成并报备：见报备第 ${duty.filingId} 件。不用再督办。`)]
      : []),
    ...(duty.standing === 'waived' ? [refusal(`${where}已经免除：见该项义务。`)] : []),
    ...(duty.standing === 'not-due' || duty.standing === 'due-soon'
      ? [refusal(`${where}应于 ${duty.dueOn} 前办，还没有到期：见该项义务。到期前系统自会提醒，不用另行督办。`)]
      : []),
    ...(reaches ? [] : [refusal(`${recipient!.name}管不到这项义务的对象。`, { field: 'to' })]),
  ];
}

function isAbove(scope: string, place: string): boolean {
  if (scope.length > 12) return scope === place;
  const { lo, hi } = divisionRange(scope);
  return place >= lo && place < hi;
}

export function roleOn(directive: { fromId: number; toId: number }, organisationId: number | null): DirectiveRole {
  if (organisationId === directive.fromId) return 'issuer';
  return organisationId === directive.toId ? 'recipient' : 'other';
}
