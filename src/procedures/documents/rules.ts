import { divisionRange } from '../../kernel/identifiers.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';
import type { CopyStanding, DocumentStanding } from './contract.ts';

/** What a chat shows without folding it away. */
export const CHAT_LIMIT = 300;

/** How a document stands: what makes it valid is a sealed copy and nothing else. */
export function standingOf({ copies, withdrawn }: { copies: number; withdrawn: boolean }): DocumentStanding {
  if (withdrawn) return 'withdrawn';
  return copies > 0 ? 'valid' : 'drafted';
}

/** Of several sealed copies the last is valid; of a withdrawn document none is. */
export function standingOfCopy(
  place: number,
  { copies, withdrawn }: { copies: number; withdrawn: boolean },
): CopyStanding {
  if (withdrawn) return 'withdrawn';
  return place === copies ? 'valid' : 'superseded';
}

/** Whether one place lies within another; an estate's serial stands behind its community's code. */
export function isWithin(place: string, of: string): boolean {
  const { lo, hi } = rangeOf(of);
  return lo <= place && place < hi;
}

export function rangeOf(place: string): { lo: string; hi: string } {
  return place.length > 12 ? { lo: place, hi: `${place}:` } : divisionRange(place);
}

export interface DraftToMake {
  /** Where the document belongs, null when it is out of the drafter's sight. */
  place: string | null;
  issuer: { organisationId: number; lo: string; hi: string };
  recipient: { id: number; name: string; dissolved: boolean } | null | undefined;
  passages: readonly { text: string }[];
}

/** Every reason why a document cannot be drafted. `recipient`: null when it has no single one, undefined when there is none such. */
export function refusalsOfDraft({ place, issuer, recipient, passages }: DraftToMake): Refusal[] {
  const inRange = place !== null && place >= issuer.lo && place < issuer.hi;
  return [
    ...(inRange ? [] : [refusal('没有这个地方，或不在您的辖区内。', { field: 'area' })]),
    ...(recipient === undefined ? [refusal('没有这个主送单位。', { field: 'to' })] : []),
    ...(recipient?.dissolved ? [refusal(`${recipient.name}已经撤销。`, { field: 'to' })] : []),
    ...(recipient?.id === issuer.organisationId ? [refusal('主送单位不能是自己。', { field: 'to' })] : []),
    ...(passages.length === 0 ? [refusal('没有内容可写。')] : []),
  ];
}

export interface PostingToTick {
  standing: DocumentStanding;
  isPublic: boolean;
  place: string;
  group: { scope: string; name: string; closedOn: string | null; organisationId: number } | undefined;
  posted: boolean;
  /** Who ticks, and whether as an office. */
  by: { organisationId: number | null; isOffice: boolean };
}

/** Every reason why it cannot be said that a notice was posted in a group. */
export function refusalsOfPosting({ standing, isPublic, place, group, posted, by }: PostingToTick): Refusal[] {
  return [
    ...(standing === 'withdrawn' ? [refusal('这份文件已经撤回，不能再发。')] : []),
    ...(standing === 'drafted' ? [refusal('还没有盖章件，不能发到群里。')] : []),
    ...(isPublic ? [] : [refusal('这份文件不公开，不能发到群里。')]),
    ...(group === undefined ? [refusal('没有这个群，或不在您的范围之内。', { field: 'group' })] : []),
    ...(group && group.closedOn !== null ? [refusal(`群“${group.name}”已经停用。`, { field: 'group' })] : []),
    ...(group && !isWithin(group.scope, place)
      ? [refusal(`群“${group.name}”不在这份通知的范围内。`, { field: 'group' })]
      : []),
    ...(group && !by.isOffice && group.organisationId !== by.organisationId
      ? [refusal(`群“${group.name}”由别的单位负责。`, { field: 'group' })]
      : []),
    ...(posted ? [refusal('这个群已经记过一次了。', { field: 'group' })] : []),
  ];
}

const REST = '……全文见盖章件。';

/** A notice in a few words, to be pasted into a chat: whole paragraphs as far as they fit, then where the sealed copy is. */
export function chatOf(of: {
  title: string;
  issuer: string;
  issuedOn: string;
  passages: readonly string[];
  url: string;
}): string {
  const head = `【${of.title}】`;
  const foot = `${of.issuer} ${of.issuedOn}\n盖章件：${of.url}`;
  for (let many = of.passages.length; many > 0; many -= 1) {
    const rest = many < of.passages.length ? [REST] : [];
    const text = [head, ...of.passages.slice(0, many), ...rest, foot].join('\n');
    if (lengthOf(text) <= CHAT_LIMIT) return text;
  }
  // Not even the first paragraph fits: as much of it as does.
  const room = Math.max(0, CHAT_LIMIT - lengthOf(`${head}\n${REST}\n${foot}`));
  const begun = [...(of.passages[0] ?? '')].slice(0, room).join('');
  return [...`${head}\n${begun}${REST}\n${foot}`].slice(0, CHAT_LIMIT).join('');
}

const lengthOf = (text: string) => [...text].length;
