/** Official letters about duties, from what is owed and what is due. Pure: data in, words out. */
import { dayInWords, type LocalDate, labelOfPeriod } from '../../kernel/local-date.ts';
import { type Refusal, refusal } from '../../kernel/results.ts';

/** Longer letters name the rest by its number and say where the list is. */
export const LETTER_ITEMS = 60;

/** What one line of a letter says: one matter of one period, of one subject or of several. */
export interface LetterItem {
  label: string;
  about: string;
  period: string;
  dueOn: string;
  clauses: readonly string[];
  source: string;
  daysLate: number;
}

interface Passage {
  text: string;
  as?: 'heading';
}

export function refusalsOfReminder({
  today,
  until,
  items,
}: {
  today: LocalDate;
  until: LocalDate;
  items: number;
}): Refusal[] {
  return [
    ...(items === 0 ? [refusal('这个单位没有超期的事，不用提醒。')] : []),
    ...(until < today ? [refusal('补报的期限不能早于今天。', { field: 'until' })] : []),
  ];
}

/** 限期补报提醒函: what a body owes, each with its day and clause, and until when it is to be made up. */
export function reminderOf({
  items,
  until,
  today,
}: {
  items: readonly LetterItem[];
  until: LocalDate;
  today: LocalDate;
}): { title: string; passages: Passage[] } {
  const basis = [...new Set(items.flatMap(({ source }) => source.split('\n')))];
  return {
    title: '关于限期补报超期事项的提醒函',
    passages: [
      { text: `截至${dayInWords(today)}，你单位有 ${items.length} 类事项已过应办日期，尚未报备。现提醒如下。` },
      { text: '一、已超期的事项', as: 'heading' },
      ...listed(items, (item) => `应于${dayInWords(item.dueOn)}前办成，已超期 ${item.daysLate} 天`),
      { text: '二、办理要求', as: 'heading' },
      { text: `请于${dayInWords(until)}前办成并报备；已经办成的，请补报办成日期和材料。` },
      { text: '确有困难，或者认为不应由你单位办理的，请在期限内书面说明理由。' },
      { text: '三、依据', as: 'heading' },
      ...basis.map((text) => ({ text })),
    ],
  };
}

/** 本月清单通知: what is due in a month in one community, by day. */
export function monthNoticeOf({ name, month, items }: { name: string; month: string; items: readonly LetterItem[] }): {
  title: string;
  passages: Passage[];
} {
  const label = labelOfPeriod(month);
  return {
    title: `关于${name}${label}应办事项的通知`,
    passages: [
      { text: `${label}，${name}共有 ${items.length} 项应办事项，按日期列出，请按时办理，办成后报备。` },
      ...listed(items, (item) => `${dayInWords(item.dueOn)}前办成`),
    ],
  };
}

function listed(items: readonly LetterItem[], when: (item: LetterItem) => string): Passage[] {
  const said = items.slice(0, LETTER_ITEMS).map((item, at) => {
    const clauses = item.clauses.length > 0 ? `（${item.clauses.join('、')}）` : '';
    return { text: `${at + 1}．${item.label}${clauses}：${item.about}，${item.period}，${when(item)}。` };
  });
  const more = items.length - said.length;
  return more > 0 ? [...said, { text: `另有 ${more} 项，见系统的义务清单。` }] : said;
}
