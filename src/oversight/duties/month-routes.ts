import { localDate } from '../../kernel/local-date.ts';
import { ORGANISATION_KINDS } from '../../law/pack.ts';
import { EFFECTS } from '../../law/parameter.ts';
import type { Transaction } from '../../platform/database.ts';
import { exportOf, sheetOf } from '../../platform/export.ts';
import { type Asked, notFound, type Person, type Route, refuse, route } from '../../platform/http.ts';
import * as contracts from './contract.ts';
import { calendarFile, chatOf } from './month.ts';
import {
  countOwedBefore,
  findBodiesOf,
  findDays,
  findEnds,
  findLines,
  type MonthFilter,
  nameOfBody,
} from './month-queries.ts';

/** An office looks at its area, a body wherever its duties lie. */
function areaOf(person: Person, asked: string | undefined): string | undefined {
  return asked ?? (person.actor.standing === 'office' ? person.post.areaCode : null) ?? undefined;
}

async function readMonth({ input, act, person, today }: Asked<MonthFilter>) {
  return act(async (tx) => ({
    today,
    month: input.month,
    days: await findDays(tx, input.month),
    lines: await findLines(tx, { ...input, area: input.bearer ? input.area : areaOf(person, input.area) }),
    ends: await findEnds(tx, areaOf(person, input.area) ?? person.post.areaCode, input.month, today),
  }));
}

const linkOf = (publicUrl: string, path: string, query: Record<string, string | number | undefined>) => {
  const fields = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return `${publicUrl}/console${path}?${new URLSearchParams(fields)}`;
};

/** The half-filled act of one duty; of several, their list with the act beside each. */
function actOf(publicUrl: string, line: contracts.MonthLine, { month, area, bearer }: MonthFilter): string {
  if (line.id !== null) return linkOf(publicUrl, '/filings/new', { duty: line.id });
  return linkOf(publicUrl, '/duties', { tab: 'all', month, matter: line.matter, area, bearer });
}

async function sheetFor(tx: Transaction, input: MonthFilter) {
  if (input.bearer !== undefined) {
    const name = await nameOfBody(tx, input.bearer);
    return name === null ? null : { name, bearers: [input.bearer] };
  }
  const community = input.area === undefined ? null : await findBodiesOf(tx, input.area);
  return community && { name: community.name, bearers: community.ids };
}

export const monthRoutes: Route[] = [
  route(contracts.readMonth, (asked) => readMonth(asked)),

  route(contracts.exportMonth, async (asked) => {
    const { lines, days, ends } = await readMonth(asked);
    const unsettled = days.some((one) => !one.settled);
    return exportOf(
      asked,
      sheetOf({
        title: `${asked.input.month} 法定日期`,
        notes: [
          `口径：截至 ${asked.today}；未纳入、已免除和试算过期的不列。`,
          ...(unsettled ? ['放假安排尚未公布，标“暂定”的日期公布后可能顺延。'] : []),
          ...ends.map((one) => `${one.on} 行动期限：${one.label}（${one.clauses.join('、')}）`),
        ],
        items: lines,
        columns: [
          { title: '期限', kind: 'date', of: (one) => one.dueOn },
          { title: '暂定', kind: 'text', of: (one) => (one.provisional ? '暂定' : null) },
          { title: '事项', kind: 'text', width: 36, of: (one) => one.label },
          { title: '期间', kind: 'text', width: 16, of: (one) => one.period },
          { title: '对象', kind: 'text', width: 24, of: (one) => one.about },
          {
            title: '谁办',
            kind: 'text',
            width: 20,
            of: (one) => (ORGANISATION_KINDS as Record<string, string>)[one.bearerKind] ?? one.bearerKind,
          },
          { title: '效力', kind: 'text', of: (one) => (EFFECTS as Record<string, string>)[one.effect] ?? one.effect },
          { title: '应办', kind: 'integer', of: (one) => one.total },
          { title: '已办', kind: 'integer', of: (one) => one.done },
          { title: '超期', kind: 'integer', of: (one) => one.overdue },
          { title: '依据', kind: 'text', width: 40, of: (one) => one.source },
        ],
      }),
    );
  }),

  route(contracts.downloadMonth, async (asked) => {
    const { input, system, now } = asked;
    const { lines, ends } = await readMonth(asked);
    const whose = `${input.area ?? ''}-${input.bearer ?? ''}`;
    const name = `共治 ${input.month} 法定日期`;
    const entries = [
      ...lines.map((one) => ({
        key: `${one.matter}-${one.effect}-${one.dueOn}-${one.subjectKind}-${one.bearerKind}-${whose}`,
        on: localDate(one.dueOn),
        title: `${one.label}（${one.about}）${one.provisional ? '·暂定' : ''}`,
        description: `${one.period}，应办 ${one.total}，已办 ${one.done}。依据 ${one.source}`,
        url: actOf(system.publicUrl, one, input),
      })),
      ...ends.map((one) => ({
        key: `campaign-${one.indicator}-${one.on}-${whose}`,
        on: one.on,
        title: `行动期限：${one.label}`,
        description: `依据 ${one.clauses.join('、')}`,
        url: linkOf(system.publicUrl, `/indicators/${one.indicator}`, { area: input.area }),
      })),
    ];
    const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    return {
      name: `${name}.ics`,
      mediaType: 'text/calendar; charset=utf-8',
      bytes: Buffer.from(calendarFile(name, entries, stamp)),
    };
  }),

  route(contracts.readSheet, ({ input, act, system, today }) =>
    act(async (tx) => {
      if (input.bearer === undefined && input.area === undefined)
        return refuse({ reason: '请选择一个社区或一个业委会', field: 'area' });
      const whose = await sheetFor(tx, input);
      if (!whose) return notFound('没有这个社区或单位');
      const { month } = input;
      const found = await findLines(tx, { month, bearers: whose.bearers }, { binding: true });
      const owed = await countOwedBefore(tx, whose.bearers, month);
      const sheet = linkOf(system.publicUrl, '/sheet', { month, area: input.area, bearer: input.bearer });
      const of = { area: input.area, bearer: input.bearer };
      return {
        today,
        month,
        name: whose.name,
        lines: found.map((line) => ({ ...line, url: actOf(system.publicUrl, line, { month, ...of }) })),
        owed,
        owedUrl: linkOf(system.publicUrl, '/duties', { tab: 'overdue', ...of }),
        chat: chatOf({ name: whose.name, month, lines: found, owed, url: sheet }),
      };
    }),
  ),
];
