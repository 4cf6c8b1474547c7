import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codes, type District, engine, testDistrict, today } from '../../../tests/district.ts';
import { requireHere } from '../../../tests/requirements.ts';
import { localDate } from '../../kernel/local-date.ts';
import type { Actor } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { addOrganisations } from '../../registers/organisations/index.ts';
import type { MonthLine } from './contract.ts';
import { CHAT_LIMIT, calendarFile, chatOf } from './month.ts';
import { countOwedBefore, findBodiesOf, findDays, findEnds, findLines } from './month-queries.ts';
import { findDuties } from './queries.ts';

const line = (label: string, more: Partial<MonthLine> = {}): MonthLine => ({
  matter: 'm',
  label,
  clauses: ['XX-1'],
  source: '示〔2024〕1号 一（XX-1）',
  effect: 'opens-duty',
  bearerKind: 'residents-committee',
  subjectKind: 'estates',
  period: '2026年11月',
  dueOn: '2026-12-10',
  provisional: false,
  total: 1,
  done: 0,
  overdue: 0,
  id: 7,
  about: '春江花园',
  ...more,
});
const sheet = {
  name: '春江社区',
  month: '2026-12',
  owed: 0,
  url: 'https://gongzhi.example/console/sheet?month=2026-12',
};

describe('发到群里的话', () => {
  it('一行一件：哪天前、什么事、哪里、凭什么；办成的只数数', () => {
    const lines = [
      line('公布经费'),
      line('接待住户', { total: 3, id: null, about: '3 个小区', provisional: true, dueOn: '2026-12-31' }),
      line('开会', { done: 1 }),
    ];
    expect(chatOf({ ...sheet, lines, owed: 2 })).toBe(
      [
        '【春江社区·12月要办的事】',
        '1. 12月10日前公布经费（春江花园，XX-1）',
        '2. 12月31日前接待住户（3 个小区，XX-1，暂定）',
        '已办成 1 项。以前还欠 2 项。办成后报备：https://gongzhi.example/console/sheet?month=2026-12',
      ].join('\n'),
    );
  });

  it('没有要办的事，就这么说', () => {
    expect(chatOf({ ...sheet, lines: [] })).toContain('没有要办的事。');
  });

  it('无论几件、多长，不超过 300 字；装不下的不截半行，说明共几项', () => {
    for (const many of [1, 5, 9, 10, 11, 40]) {
      for (const length of [2, 17, 18, 19, 200, 400]) {
        const lines = Array.from({ length: many }, () => line('办'.repeat(length)));
        const text = chatOf({ ...sheet, lines });
        expect([...text].length).toBeLessThanOrEqual(CHAT_LIMIT);
        const whole = text.split('\n').filter((one) => /^\d+\. /.test(one));
        expect(whole.every((one) => one.endsWith('（春江花园，XX-1）'))).toBe(true);
        if (whole.length < many) expect(text).toContain(`共 ${many} 项`);
      }
    }
  });

  it('恰好 300 字的一条不截', () => {
    const rest = [...chatOf({ ...sheet, lines: [line('')] })].length;
    const just = chatOf({ ...sheet, lines: [line('办'.repeat(CHAT_LIMIT - rest))] });
    expect([...just]).toHaveLength(CHAT_LIMIT);
    expect(just).toContain('春江花园');
    expect(chatOf({ ...sheet, lines: [line('办'.repeat(CHAT_LIMIT - rest + 1))] })).not.toContain('春江花园');
  });
});

describe('日历文件', () => {
  const file = calendarFile(
    '共治 2026-12',
    [
      {
        key: 'a-1',
        on: localDate('2026-12-31'),
        title: '公布经费；收益,两样',
        description: `很长的说明${'字'.repeat(60)}`,
        url: 'https://gongzhi.example/console/filings/new?duty=7',
      },
    ],
    '20261122T040000Z',
  );

  it('全天的一件事，次日为止，年底也对；特殊字符写对', () => {
    expect(file).toContain('DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n');
    expect(file).toContain('SUMMARY:公布经费；收益\\,两样\r\n');
    expect(file).toContain('UID:a-1@gongzhi\r\n');
    expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
  });

  it('每行不超过 75 字节，折行不拆字，展开即原文', () => {
    for (const one of file.split('\r\n')) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
    expect(file.replaceAll('\r\n ', '')).toContain(`DESCRIPTION:很长的说明${'字'.repeat(60)}\r\n`);
  });
});

describe('一个月的法定日期', () => {
  let district: District;
  let bureau: Actor;
  let partyId: number;
  beforeAll(async () => {
    district = await testDistrict();
    partyId = await district.database.transaction(engine, async (tx) => {
      const [id] = await addOrganisations(tx, [
        {
          kind: 'community-party-organisation',
          name: '春江社区党总支',
          areaCode: codes.spring,
          enrolledOn: '2026-01-01',
        },
      ]);
      await record(tx, { chain: `organisation:${id!}`, act: 'tests.founded', object: `organisation:${id}` });
      return id!;
    });
    await requireHere(district);
    // A draft beside it, which is calculated on trial.
    await requireHere(district, 'yunnan');
    bureau = {
      standing: 'office',
      lo: codes.district.replace(/0+$/, ''),
      hi: `${codes.district.replace(/0+$/, '')}:`,
      today,
      organisationId: district.organisations.bureau,
    };
  });
  afterAll(() => district?.close());
  const ask = <T>(work: Parameters<typeof district.database.transaction<T>>[1]) =>
    district.database.transaction(bureau, work);

  it('按日、按事项合计，与这个月的义务清单一项不差', async () => {
    for (const month of ['2026-10', '2026-12', '2027-01']) {
      const lines = await ask((tx) => findLines(tx, { month, area: codes.district }));
      const { rows } = await ask((tx) =>
        findDuties(
          tx,
          { month, area: codes.district, standing: ['overdue', 'due-soon', 'not-due', 'met'] },
          { offset: 0, limit: 5000 },
        ),
      );
      expect(rows.length).toBeGreaterThan(0);
      expect(lines.reduce((sum, one) => sum + one.total, 0)).toBe(rows.length);
      for (const one of lines)
        expect(
          rows.filter(
            (row) =>
              row.matter === one.matter &&
              row.source === one.source &&
              row.dueOn === one.dueOn &&
              row.bearerKind === one.bearerKind &&
              row.period === one.period,
          ),
        ).toHaveLength(one.total);
      expect(lines.every((one) => one.dueOn.startsWith(month))).toBe(true);
    }
  });

  it('放假的日子、调休上班的日子、平常的周末，各是各的', async () => {
    const days = await ask((tx) => findDays(tx, '2026-10'));
    const of = (on: string) => days.find((one) => one.on === on)!;
    expect(days).toHaveLength(31);
    expect(of('2026-10-01')).toMatchObject({ rest: true, marked: 'rest', settled: true });
    expect(of('2026-10-10')).toMatchObject({ rest: false, marked: 'work' });
    expect(of('2026-10-17')).toMatchObject({ rest: true, marked: null });
    expect(of('2026-10-12')).toMatchObject({ rest: false, marked: null });
  });

  it('放假安排没有公布的年份，每一天都没有定', async () => {
    expect((await ask((tx) => findDays(tx, '2027-01'))).every((one) => !one.settled)).toBe(true);
    // New Year's rest may reach back into the last days of December.
    const lines = await ask((tx) => findLines(tx, { month: '2026-12', area: codes.district }));
    expect(lines.some((one) => one.provisional)).toBe(true);
    const known = await ask((tx) => findLines(tx, { month: '2026-10', area: codes.district }));
    expect(known.every((one) => !one.provisional)).toBe(true);
  });

  it('行动的最后一天落在这个月的，列出；别的月没有', async () => {
    const ends = await ask((tx) => findEnds(tx, codes.spring, '2024-12', today));
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.every((one) => one.on.startsWith('2024-12') && one.clauses.length > 0)).toBe(true);
    expect(await ask((tx) => findEnds(tx, codes.spring, '2024-11', today))).toEqual([]);
  });

  it('社区的清单：只有社区自己的两个单位的事；试算和只告知的不上墙', async () => {
    const bodies = (await ask((tx) => findBodiesOf(tx, codes.spring)))!;
    expect(bodies).toEqual({ name: '春江社区', ids: [district.organisations.springCommittee, partyId] });
    const lines = await ask((tx) => findLines(tx, { month: '2026-12', bearers: bodies.ids }, { binding: true }));
    const { rows } = await ask((tx) =>
      findDuties(tx, { month: '2026-12', bearer: partyId }, { offset: 0, limit: 500 }),
    );
    const binding = rows.filter((one) => !['trial', 'informs'].includes(one.effect));
    expect(binding.length).toBeGreaterThan(0);
    expect(rows.length).toBeGreaterThan(binding.length);
    expect(lines.reduce((sum, one) => sum + one.total, 0)).toBe(binding.length);
    expect(await ask((tx) => findBodiesOf(tx, codes.east))).toBeNull();
  });

  it('以前还欠的：本月之前到期而没有办的', async () => {
    const owed = await ask((tx) => countOwedBefore(tx, [district.committee], '2026-11'));
    const { rows } = await ask((tx) =>
      findDuties(tx, { bearer: district.committee, standing: 'overdue' }, { offset: 0, limit: 500 }),
    );
    expect(owed).toBe(rows.filter((one) => one.dueOn < '2026-11-01').length);
    expect(owed).toBeGreaterThan(0);
  });
});
