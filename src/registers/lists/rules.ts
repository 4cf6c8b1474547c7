import type { Refusal } from '../../kernel/results.ts';

/** Ours: more views of one list than fit a line are found by nobody. */
const MOST_VIEWS = 12;

/** Whether filters may be kept: a telephone or an identity number stays nowhere in clear, not even for oneself. */
export function refusalsOfView(query: string, others: number): Refusal[] {
  return [
    ...(holdsNumber(query) ? [{ field: 'query', reason: '筛选条件里像是有电话或证件号，不保存。请去掉后再存。' }] : []),
    ...(others >= MOST_VIEWS
      ? [{ field: 'name', reason: `每张清单最多存 ${MOST_VIEWS} 个视图，请先删去不用的。` }]
      : []),
  ];
}

function holdsNumber(query: string): boolean {
  const bare = query.split('&').map(readable).join('&').normalize('NFKC').replaceAll(/[\s-]/g, '');
  return /(?<!\d)1\d{10}(?!\d)|\d{17}[\dx]/i.test(bare);
}

function readable(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
