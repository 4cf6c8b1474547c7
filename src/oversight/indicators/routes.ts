import { levelOfDivision } from '../../kernel/identifiers.ts';
import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { type Asked, notFound, type Route, route } from '../../platform/http.ts';
import * as contracts from './contract.ts';
import { findIndicatorSubjects, readIndicatorOf, readIndicators } from './queries.ts';

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
        notes: [`截至 ${asked.today}；已结束的行动显示其截止日的结果。每一行的口径在最后一栏。`],
        items,
        columns: [
          { title: '指标', kind: 'text', width: 34, of: (one) => one.label },
          { title: '分子', kind: 'integer', of: (one) => BigInt(one.numerator) },
          { title: '分母', kind: 'integer', of: (one) => BigInt(one.denominator) },
          { title: '待补', kind: 'integer', of: (one) => BigInt(one.unknown) },
          { title: '单位', kind: 'text', of: (one) => one.unit },
          { title: '目标', kind: 'text', width: 14, of: (one) => one.target?.text ?? '只作观察' },
          { title: '期限', kind: 'date', of: (one) => one.by },
          { title: '截至', kind: 'date', of: (one) => one.asOf },
          { title: '结论', kind: 'text', of: (one) => contracts.verdictLabels[one.verdict] },
          { title: '依据', kind: 'text', width: 40, of: (one) => one.source },
          { title: '口径', kind: 'text', width: 60, of: (one) => one.definition },
        ],
      }),
    );
  }),

  route(contracts.readIndicator, (asked) =>
    asked.act(async (tx) => {
      const area = areaOf(asked);
      return (await readIndicatorOf(tx, asked.input.id, area, asked.today, digitsBelow(area))) ?? notFound();
    }),
  ),

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
        notes: indicator ? [indicator.definition, `截至 ${indicator.asOf}；依据 ${indicator.source}`] : [],
        items: rows,
        columns: [
          { title: '名称', kind: 'text', width: 30, of: (one) => one.label },
          { title: '所在', kind: 'text', width: 26, of: (one) => one.place },
          { title: '是否达到', kind: 'yesNo', unknown: '待补', of: (one) => one.counted },
        ],
      }),
    );
  }),
];

function digitsBelow(area: string | undefined): number {
  if (area === undefined) return 2;
  const level = levelOfDivision(area);
  return level === 'province' ? 4 : level === 'city' ? 6 : level === 'district' ? 9 : 12;
}
