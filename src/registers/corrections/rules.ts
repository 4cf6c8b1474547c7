/** Judgements about corrections. Pure. */
import { type Refusal, refusal } from '../../kernel/results.ts';
import { type About, correctable } from './contract.ts';

/** What is asked, as it is judged. */
export interface ToAsk {
  /** Undefined: not there, or not in sight. */
  subject: { about: About; says: Readonly<Record<string, string | null>> } | undefined;
  field: string;
  shouldBe: string;
  reason: string;
  keeperKnown: boolean;
  /** One's own correction of the same field that still waits. */
  waiting: boolean;
}

/** Every reason why it cannot be asked. */
export function refusalsOfAsking({ subject, field, shouldBe, reason, keeperKnown, waiting }: ToAsk): Refusal[] {
  if (!subject) return [refusal('没有这一项登记，或您看不到它。', { field: 'subject' })];
  const label = labelOf(subject.about, field);
  if (label === undefined) return [refusal('这一项登记里没有所说的内容。', { field: 'field' })];
  const says = subject.says[field] ?? null;
  return [
    ...(says !== null && says === shouldBe ? [refusal(`底册里的${label}就是“${says}”。`, { field: 'shouldBe' })] : []),
    ...refusalsOfNumbers({ shouldBe, reason }),
    ...(keeperKnown ? [] : [refusal('这里还没有登记管底册的单位，请先告诉街道或住建部门。')]),
    ...(waiting ? [refusal(`您说过${label}不对，还在等答复；要改说法请先撤回那一件。`, { field: 'field' })] : []),
  ];
}

/** Whose number stands in a text is read by everybody who reads the text. */
export function refusalsOfNumbers(texts: Readonly<Record<string, string>>): Refusal[] {
  return Object.entries(texts)
    .filter(([, text]) => /\d{11}/.test(text.normalize('NFKC')))
    .map(([field]) => refusal('这里不要写电话或证件号码；电话、证件请到社区当面更正。', { field }));
}

/** Ours: a correction is about one field, and its proof is a page or a few pictures. */
const MOST_ATTACHMENTS = 9;

/** Every reason why a file cannot stand beside a correction; `media` is what its bytes say it is. */
export function refusalsOfAttaching(of: {
  media: string | undefined;
  sameAlready: boolean;
  attached: number;
}): Refusal[] {
  return [
    ...(of.media === undefined ? [refusal('请附照片（JPG、PNG）或扫描件（PDF）。', { field: 'file' })] : []),
    ...(of.sameAlready ? [refusal('这一份已经附过了。', { field: 'file' })] : []),
    ...(of.attached >= MOST_ATTACHMENTS ? [refusal(`一件纠错最多附 ${MOST_ATTACHMENTS} 份。`, { field: 'file' })] : []),
  ];
}

/** What an attachment is called: by its place and kind. */
export function nameOfAttachment(media: string, place: number): string {
  const kinds: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };
  return `${media === 'application/pdf' ? '扫描件' : '照片'} ${place}.${kinds[media]}`;
}

export function labelOf(about: About, field: string): string | undefined {
  const fields: Readonly<Record<string, { label: string }>> = correctable[about].fields;
  return Object.hasOwn(fields, field) ? fields[field]!.label : undefined;
}

/** The row of the roster that changes the register: what names the record, and what it should be. A tab or a line break would be another cell. */
export function rowOf(about: About, field: string, names: Readonly<Record<string, string>>, shouldBe: string) {
  const fields: Readonly<Record<string, { label: string; column?: string }>> = correctable[about].fields;
  const column = fields[field]?.column;
  if (column === undefined) return null;
  const cells = { ...names, [column]: shouldBe };
  const line = (of: readonly string[]) => of.map((one) => one.replaceAll(/[\t\r\n]+/g, ' ')).join('\t');
  return { roster: correctable[about].roster, text: `${line(Object.keys(cells))}\n${line(Object.values(cells))}` };
}
