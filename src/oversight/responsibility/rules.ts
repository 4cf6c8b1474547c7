/** What a text says in the bracket after each task: who leads, who joins in, who carries out, who guides. */

export const parts = ['牵头', '责任', '配合', '落实', '指导'] as const;
export type Part = (typeof parts)[number];

export interface Share {
  part: Part;
  bodies: string;
}

/** “牵头：住建；配合：民政” part by part; what names no part of these is left out. */
export function sharesIn(text: string): Share[] {
  return text.split('；').flatMap((one) => {
    const [part, bodies] = one.split('：');
    const known = parts.find((each) => each === part);
    return known && bodies ? [{ part: known, bodies }] : [];
  });
}

/** Whether a division of work speaks of a section: 三（四）分工 of all in 三（四）, 任务7分工 of the seventh task wherever it stands. */
export function speaksOf(label: string, section: string): boolean {
  const place = /^(.+?)分工/.exec(label)?.[1];
  if (place === undefined) return false;
  const task = /^任务(\d+)$/.exec(place)?.[1];
  return task === undefined ? section.startsWith(place) : new RegExp(`）${task}(?!\\d)`).test(section);
}
