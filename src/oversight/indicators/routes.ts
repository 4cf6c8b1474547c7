import { divisionRange, levelOfDivision } from '../../kernel/identifiers.ts';
import type { Transaction } from '../../platform/database.ts';
import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { type Asked, notFound, type Person, type Route, route } from '../../platform/http.ts';
import { findArea } from '../../registers/areas/index.ts';
import { closedSurveysOver } from '../../registers/surveys/index.ts';
import { freezeBase, releaseBase } from './commands.ts';
import * as contracts from './contract.ts';
import { findIndicatorSubjects, readIndicatorOf, readIndicators } from './queries.ts';
import { type Figure, maskSmall, type PublicCell } from './rules.ts';
import { readTrendOf } from './snapshots.ts';

/** The area asked for; an office that names none asks about its own. */
function areaOf({ input, person }: Pick<Asked<{ area?: string | undefined }>, 'input' | 'person'>): string | undefined {
  return input.area ?? (person.actor.standing === 'office' ? (person.post.areaCode ?? undefined) : undefined);
}

export const routes: Route[] = [
  route(contracts.listIndicators, (asked) =>
    asked.act(async (tx) => ({ today: asked.today, items: await readIndicators(tx, areaOf(asked), asked.today) })),
  ),

  route(contracts.exportIndicators, async (asked) => {
    const items = await asked.act((tx) => readIndicators(tx, areaOf(asked), asked.today));
    return exportOf(
      asked,
      sheetOf({
        title: '指标',
        notes: [`截至 ${asked.today}；已结束的行动显示其截止日的结果。每一行的口径、政策包和条款在最后几栏。`],
        items,
        columns: [
          { title: '指标', kind: 'text', width: 34, of: (one) => one.label },
          { title: '分子', kind: 'integer', of: (one) => BigInt(one.numerator) },
          { title: '分母', kind: 'integer', of: (one) => BigInt(one.denominator) },
          { title: '待补', kind: 'integer', of: (one) => BigInt(one.unknown) },
          { title: '面积待补的个数', kind: 'integer', of: (one) => one.unweighed },
          { title: '单位', kind: 'text', of: (one) => one.unit },
          { title: '目标', kind: 'text', width: 14, of: (one) => one.target?.text ?? '只作观察' },
          { title: '期限', kind: 'date', of: (one) => one.by },
          { title: '截至', kind: 'date', of: (one) => one.asOf },
          { title: '结论', kind: 'text', of: (one) => contracts.verdictLabels[one.verdict] },
          { title: '政策包', kind: 'text', width: 24, of: (one) => one.packLabel },
          { title: '条款', kind: 'text', width: 14, of: (one) => one.clauses.join('、') },
          { title: '依据', kind: 'text', width: 40, of: (one) => one.source },
          { title: '冻结的分母', kind: 'text', width: 30, of: (one) => one.frozen.map(frozenWord).join('；') },
          { title: '口径', kind: 'text', width: 60, of: (one) => one.definition },
        ],
      }),
    );
  }),

  route(contracts.readIndicator, (asked) =>
    asked.act(async (tx) => {
      const area = areaOf(asked);
      const found = await readIndicatorOf(tx, asked.input.id, area, asked.today, digitsBelow(area));
      return found ? { ...found, freezable: await freezableIn(tx, found, area, asked.person) } : notFound();
    }),
  ),

  route(contracts.exportForPublication, async (asked) => {
    const area = areaOf(asked);
    const of = await asked.act((tx) => readIndicatorOf(tx, asked.input.id, area, asked.today, digitsBelow(area)));
    if (!of) return notFound();
    const { total, cells } = maskSmall(countsOf(of), of.areas.map(countsOf), LEAST_PUBLISHED);
    return exportOf(
      asked,
      sheetOf<PublicCell & { name: string }>({
        title: `${of.label}（公开版）`,
        notes: [
          of.definition,
          `不足 ${LEAST_PUBLISHED} ${of.unit}的，以及能由此推算出来的，不公布；各地之和因此可能少于合计。`,
        ],
        items: [{ name: '合计', ...total }, ...cells.map((cell, at) => ({ name: of.areas[at]!.name, ...cell }))],
        columns: [
          { title: '地方', kind: 'text', width: 24, of: (one) => one.name },
          { title: `分子（${of.unit}）`, kind: 'integer', width: 16, unknown: '不公布', of: (one) => one.numerator },
          { title: `分母（${of.unit}）`, kind: 'integer', width: 16, unknown: '不公布', of: (one) => one.denominator },
        ],
      }),
    );
  }),

  route(contracts.listIndicatorSubjects, (asked) =>
    asked.act(async (tx) => {
      const { input, today } = asked;
      const found = await findIndicatorSubjects(tx, input.id, { ...input, area: areaOf(asked) }, today, input);
      return { ...found, offset: input.offset, limit: input.limit };
    }),
  ),

  route(contracts.exportIndicatorSubjects, async (asked) => {
    const { rows, indicator } = await asked.act(async (tx) => ({
      ...(await findIndicatorSubjects(
        tx,
        asked.input.id,
        { ...asked.input, area: areaOf(asked) },
        asked.today,
        everything,
      )),
      indicator: await readIndicatorOf(tx, asked.input.id, areaOf(asked), asked.today, digitsBelow(areaOf(asked))),
    }));
    return exportOf(
      asked,
      sheetOf({
        title: `${indicator?.label ?? '指标'}名单`,
        notes: indicator
          ? [`${contracts.partLabels[asked.input.part]}。${indicator.definition}`, ...indicator.frozen.map(frozenWord)]
          : [],
        items: rows,
        columns: [
          { title: '名称', under: '对象', kind: 'text', width: 30, of: (one) => one.label },
          { title: '所在', kind: 'text', width: 26, of: (one) => one.place },
          { title: '是否达到', under: '情况', kind: 'yesNo', unknown: '待补', of: (one) => one.counted },
          { title: '建筑面积待补', under: '情况', kind: 'yesNo', of: (one) => one.unweighed },
        ],
      }),
    );
  }),

  route(contracts.freezeBase, ({ input, act, person, today }) => act((tx) => freezeBase(tx, person, input, today))),

  route(contracts.releaseBase, ({ input, act, person, today }) => act((tx) => releaseBase(tx, person, input, today))),

  route(contracts.readTrend, (asked) =>
    asked.act(async (tx) => ({
      months: await readTrendOf(tx, { ...asked.input, area: areaOf(asked) }, asked.today),
    })),
  ),

  route(contracts.exportTrend, async (asked) => {
    const area = areaOf(asked);
    const { indicator, months } = await asked.act(async (tx) => ({
      indicator: await readIndicatorOf(tx, asked.input.id, area, asked.today, digitsBelow(area)),
      months: await readTrendOf(tx, { ...asked.input, area }, asked.today),
    }));
    return exportOf(
      asked,
      sheetOf({
        title: `${indicator?.label ?? '指标'}走势`,
        notes: ['每月最后一天的数，存下后不再改动；只计当日已纳入的对象。每一行的口径在最后一栏。'],
        items: months,
        columns: [
          { title: '截至', kind: 'date', of: (one) => one.asOf },
          { title: '分子', kind: 'integer', of: (one) => BigInt(one.numerator) },
          { title: '分母', kind: 'integer', of: (one) => BigInt(one.denominator) },
          { title: '待补', kind: 'integer', of: (one) => BigInt(one.unknown) },
          { title: '单位', kind: 'text', of: () => indicator?.unit ?? '' },
          { title: '重算分子', kind: 'integer', of: (one) => one.anew && BigInt(one.anew.numerator) },
          { title: '重算分母', kind: 'integer', of: (one) => one.anew && BigInt(one.anew.denominator) },
          { title: '存下的日期', kind: 'date', of: (one) => one.takenOn },
          { title: '口径', kind: 'text', width: 60, of: (one) => one.definition },
        ],
      }),
    );
  }),
];

/** Fewer than this are told to nobody but those who supervise. Ours; no text sets it. */
const LEAST_PUBLISHED = 5n;

function countsOf({ numerator, denominator, unknown, unweighed }: contracts.Counts): Figure {
  return {
    numerator: BigInt(numerator),
    denominator: BigInt(denominator),
    unknown: BigInt(unknown),
    unweighed: BigInt(unweighed),
  };
}

type Frozen = contracts.Indicator['frozen'][number];

function frozenWord(of: Frozen): string {
  return `${of.areaName}：${of.frozenOn} 由${of.organisationName}冻结，${contracts.listOf(of)}（${of.document}）`;
}

/** The area asked about, when its denominator could be frozen by this office: a campaign's, over subjects, not frozen yet, inside its range. */
async function freezableIn(tx: Transaction, of: contracts.Indicator, area: string | undefined, person: Person) {
  const { lo, hi } = person.actor;
  if (area === undefined || lo === undefined || hi === undefined || of.campaign === null || of.over === 'duties')
    return null;
  const range = divisionRange(area);
  if (range.lo < lo || range.hi > hi || of.frozen.length > 0) return null;
  const found = await findArea(tx, area);
  return found && { code: area, name: found.name, surveys: await surveysFor(tx, of, range) };
}

/** Surveys list estates; one closed after the campaign's last day says nothing of it. */
async function surveysFor(tx: Transaction, { over, by }: contracts.Indicator, range: { lo: string; hi: string }) {
  if (over !== 'estates') return [];
  return (await closedSurveysOver(tx, range)).filter(({ closedOn }) => by === null || closedOn <= by);
}

function digitsBelow(area: string | undefined): number {
  if (area === undefined) return 2;
  const level = levelOfDivision(area);
  return level === 'province' ? 4 : level === 'city' ? 6 : level === 'district' ? 9 : 12;
}
