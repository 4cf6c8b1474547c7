import { describe, expect, it } from 'vitest';
import { localDate } from '../../kernel/local-date.ts';
import { LETTER_ITEMS, type LetterItem, monthNoticeOf, refusalsOfReminder, reminderOf } from './letters.ts';

const item: LetterItem = {
  label: '报送季报',
  about: '东湖街道',
  period: '2026年第三季度',
  dueOn: '2026-10-10',
  clauses: ['XX-1', 'XX-2'],
  source: '示〔2024〕1号 一（XX-1）',
  daysLate: 43,
};
const today = localDate('2026-11-22');
const until = localDate('2026-12-05');
const words = ({ passages }: { passages: readonly { text: string }[] }) => passages.map(({ text }) => text);

describe('限期补报提醒函', () => {
  it('每类事项一行：事项、条款、对象、期间、应办日期、超期几天；限期、依据另起', () => {
    const letter = reminderOf({ items: [item, { ...item, label: '开联席会议', clauses: [] }], until, today });
    expect(letter.title).toBe('关于限期补报超期事项的提醒函');
    expect(words(letter)).toEqual([
      '截至2026年11月22日，你单位有 2 类事项已过应办日期，尚未报备。现提醒如下。',
      '一、已超期的事项',
      '1．报送季报（XX-1、XX-2）：东湖街道，2026年第三季度，应于2026年10月10日前办成，已超期 43 天。',
      '2．开联席会议：东湖街道，2026年第三季度，应于2026年10月10日前办成，已超期 43 天。',
      '二、办理要求',
      '请于2026年12月5日前办成并报备；已经办成的，请补报办成日期和材料。',
      '确有困难，或者认为不应由你单位办理的，请在期限内书面说明理由。',
      '三、依据',
      '示〔2024〕1号 一（XX-1）',
    ]);
  });

  it.each([LETTER_ITEMS, LETTER_ITEMS + 1])('%i 类事项：写得下的都写，写不下的说明还有几项', (many) => {
    const text = words(reminderOf({ items: Array.from({ length: many }, () => item), until, today })).join('\n');
    expect(text.includes('另有 1 项')).toBe(many > LETTER_ITEMS);
    expect(text).toContain(`${LETTER_ITEMS}．`);
    expect(text).not.toContain(`${LETTER_ITEMS + 1}．`);
  });

  it.each([
    ['合适', until, 1, []],
    ['限今天', today, 1, []],
    ['限昨天', localDate('2026-11-21'), 1, [/不能早于今天/]],
    ['没有超期的事', until, 0, [/没有超期的事/]],
  ] as const)('%s', (_, day, items, reasons) => {
    const refusals = refusalsOfReminder({ today, until: day, items });
    expect(refusals).toHaveLength(reasons.length);
    for (const [at, reason] of reasons.entries()) expect(refusals[at]!.reason).toMatch(reason);
  });
});

it('本月清单通知：按日期一项一行', () => {
  const notice = monthNoticeOf({ name: '春江社区', month: '2026-12', items: [{ ...item, dueOn: '2026-12-10' }] });
  expect(notice.title).toBe('关于春江社区2026年12月应办事项的通知');
  expect(words(notice)[1]).toBe('1．报送季报（XX-1、XX-2）：东湖街道，2026年第三季度，2026年12月10日前办成。');
});
