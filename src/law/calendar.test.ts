import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCalendar } from './calendar.ts';

const folder = new URL('../../policy/calendars/', import.meta.url);

describe('休息日历', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s 可读，且年份与文件名相符', (name) => {
    const parsed = parseCalendar({ path: name, text: readFileSync(new URL(name, folder), 'utf8') });
    expect(parsed).toMatchObject({
      calendar: { year: Number(name.slice(0, 4)), notice: expect.stringContaining('国') },
    });
  });

  it('各种错误一次列全', () => {
    const text =
      'year: 2026\nrest: [2026-02-30, 2025-12-24, 2026-01-01, 2026-01-01]\nwork:\n  - 2026-01-05\n  - 2026-01-01\nx: 1\n';
    expect(parseCalendar({ path: 'c.yaml', text })).toEqual({
      problems: [
        { file: 'c.yaml', line: 6, message: expect.stringContaining('不认识的字段 x') },
        { file: 'c.yaml', line: 2, message: expect.stringContaining('“2026-02-30”不是日期') },
        { file: 'c.yaml', line: 2, message: expect.stringContaining('2025-12-24 不在 2026 年') },
        { file: 'c.yaml', line: 2, message: expect.stringContaining('2026-01-01 重复') },
        { file: 'c.yaml', line: 4, message: expect.stringContaining('2026-01-05 不是周末') },
        { file: 'c.yaml', line: 5, message: expect.stringContaining('2026-01-01 不是周末') },
        { file: 'c.yaml', line: 5, message: expect.stringContaining('同时列为休息和上班') },
      ],
    });
  });

  it.each([
    ['', '字段'],
    ['year: 26\nrest: []\nwork: []\n', '四位年份'],
    ['year: 2026\nwork: []\n', 'rest 应为日期列表'],
    ['- a\n', '字段'],
  ])('不成形的日历拒绝读入（%#）', (text, message) => {
    expect(parseCalendar({ path: 'c.yaml', text })).toMatchObject({
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining(message) })]),
    });
  });
});
