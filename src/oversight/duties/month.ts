/** A month as it is handed out: in a chat, and as a file for other calendars. Pure. */
import { addDays, dayOf, type LocalDate, localDate, monthOf } from '../../kernel/local-date.ts';
import type { MonthLine } from './contract.ts';

/** What a chat shows without folding it away. */
export const CHAT_LIMIT = 300;

/** The month's list for a chat: as many lines as fit whole, and how many there are. */
export function chatOf(of: {
  name: string;
  month: string;
  lines: readonly MonthLine[];
  owed: number;
  url: string;
}): string {
  const open = of.lines.filter((line) => line.done < line.total);
  const head = `【${of.name}·${Number(of.month.slice(5))}月要办的事】`;
  const foot = [
    of.lines.length > open.length && `已办成 ${of.lines.length - open.length} 项。`,
    of.owed > 0 && `以前还欠 ${of.owed} 项。`,
    `办成后报备：${of.url}`,
  ]
    .filter(Boolean)
    .join('');
  if (open.length === 0) return cut(`${head}\n没有要办的事。\n${foot}`);
  const said = open.map((line, at) => `${at + 1}. ${dayInWords(line.dueOn)}前${line.label}${aboutOf(line)}`);
  for (let many = said.length; many > 0; many -= 1) {
    const rest = many < said.length ? [`……共 ${said.length} 项`] : [];
    const text = [head, ...said.slice(0, many), ...rest, foot].join('\n');
    if ([...text].length <= CHAT_LIMIT) return text;
  }
  return cut([head, `共 ${said.length} 项。`, foot].join('\n'));
}

const cut = (text: string) => [...text].slice(0, CHAT_LIMIT).join('');

function aboutOf({ about, clauses, provisional }: MonthLine): string {
  return `（${[about, clauses[0], provisional && '暂定'].filter(Boolean).join('，')}）`;
}

/** 12月10日 */
export function dayInWords(on: string): string {
  const day = localDate(on);
  return `${monthOf(day)}月${dayOf(day)}日`;
}

export interface Entry {
  /** The same for the same thing, so that a file taken in again replaces and does not double. */
  key: string;
  on: LocalDate;
  title: string;
  description: string;
  url: string;
}

/** An iCalendar file (RFC 5545) of whole days. `stamp` is the moment of making: 20261122T040000Z. */
export function calendarFile(name: string, entries: readonly Entry[], stamp: string): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//gongzhi//calendar//ZH',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...entries.flatMap((one) => [
      'BEGIN:VEVENT',
      `UID:${one.key}@gongzhi`,
      `DTSTAMP:${stamp}`,
      `DTSTART;VALUE=DATE:${one.on.replaceAll('-', '')}`,
      `DTEND;VALUE=DATE:${addDays(one.on, 1).replaceAll('-', '')}`,
      `SUMMARY:${escaped(one.title)}`,
      `DESCRIPTION:${escaped(one.description)}`,
      `URL:${one.url}`,
      // Nobody is busy because something is due.
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (letter) => `\\${letter}`).replaceAll(/\r?\n/g, '\\n');
}

const FOLD = 75;

/** A line is at most 75 octets; what is longer goes on after a line break and a space, and no letter is torn. */
function folded(line: string): string {
  let text = '';
  let length = 0;
  for (const letter of line) {
    length += octetsOf(letter);
    if (length > FOLD) {
      text += '\r\n ';
      length = 1 + octetsOf(letter);
    }
    text += letter;
  }
  return text;
}

/** In UTF-8. */
function octetsOf(letter: string): number {
  const code = letter.codePointAt(0)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
