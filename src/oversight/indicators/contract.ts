import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** How an indicator stands against its target. */
export const verdictLabels = {
  reached: '已达到',
  short: '未达到',
  undecided: '待补数据',
  none: '没有对象',
  watch: '只作观察',
} as const;
const verdict = z.enum(Object.keys(verdictLabels) as [keyof typeof verdictLabels, ...(keyof typeof verdictLabels)[]]);

export const partLabels = {
  counted: '已达到的',
  missing: '未达到的',
  unknown: '待补的',
  all: '全部',
  leftOut: '冻结后新增、不计入的',
} as const;
const part = z.enum(Object.keys(partLabels) as [Part, ...Part[]]);
export type Part = keyof typeof partLabels;

const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');

export const figure = z.object({
  numerator: z.string().regex(/^\d+$/),
  denominator: z.string().regex(/^\d+$/),
  /** Subjects of the denominator of which it is not known whether they count. */
  unknown: z.string().regex(/^\d+$/),
  /** How many of the denominator are in no sum because their floor area is 待补. */
  unweighed: z.number().int(),
  verdict,
});
export type Counts = Omit<z.infer<typeof figure>, 'verdict'>;

const base = z.object({
  id: z.number().int(),
  areaCode: z.string(),
  areaName: z.string(),
  baseOn: z.string(),
  frozenOn: z.string(),
  /** The closed survey whose list it is; null: the registers of the base day. */
  surveyId: z.number().int().nullable(),
  document: z.string(),
  organisationName: z.string(),
});

/** Which list a frozen denominator is, in words. */
export const listOf = ({ baseOn, surveyId }: { baseOn: string; surveyId: number | null }) =>
  surveyId === null ? `按 ${baseOn} 的名单` : `按第 ${surveyId} 次摸排 ${baseOn} 结束时的名单`;

export const indicator = figure.extend({
  id: z.number().int(),
  key: z.string(),
  label: z.string(),
  category: z.string().nullable(),
  force: z.string(),
  rank: z.string(),
  status: z.string(),
  effect: z.string(),
  clauses: z.array(z.string()),
  source: z.string(),
  packLabel: z.string(),
  assumption: z.string().nullable(),
  note: z.string().nullable(),
  over: z.string(),
  unit: z.string(),
  target: z.object({ comparison: z.string(), a: z.number(), b: z.number(), text: z.string() }).nullable(),
  by: z.string().nullable(),
  campaign: z.string().nullable(),
  /** The day the figure is of: today, or the last day of a finished campaign. */
  asOf: z.string(),
  final: z.boolean(),
  /** 口径: what is counted over what, what is left out, as of which day, by which pack and clause; in words. */
  definition: z.string(),
  /** Denominators in force that were frozen in this area, above it or inside it. */
  frozen: z.array(base),
});
export type Indicator = z.infer<typeof indicator>;

export const listIndicators = contract({
  method: 'GET',
  path: '/api/indicators',
  label: '一地的指标',
  may: ['office', 'body'],
  input: z.object({ area: areaCode.optional() }),
  output: z.object({ today: z.string(), items: z.array(indicator) }),
});

export const exportIndicators = contract({
  method: 'GET',
  path: '/api/indicators/export',
  label: '导出指标',
  may: ['office'],
  input: z.object({ area: areaCode.optional() }),
  output: 'workbook',
});

export const readIndicator = contract({
  method: 'GET',
  path: '/api/indicators/:id',
  label: '一项指标及各地情况',
  may: ['office', 'body'],
  input: z.object({ id: z.coerce.number().int(), area: areaCode.optional() }),
  output: indicator.extend({
    areas: z.array(figure.extend({ code: z.string(), name: z.string(), level: z.string() })),
    /** The area whose denominator the asker could freeze; null when there is nothing to freeze. */
    freezable: z
      .object({
        code: z.string(),
        name: z.string(),
        /** Closed surveys that went over all of it, when their list is of the indicator's kind. */
        surveys: z.array(z.object({ id: z.number().int(), title: z.string(), closedOn: z.string() })),
      })
      .nullable(),
  }),
});

/** For whoever publishes: no count of a few, and nothing from which one could be worked out. */
export const exportForPublication = contract({
  method: 'GET',
  path: '/api/indicators/:id/publication',
  label: '导出指标的公开版',
  may: ['office'],
  input: z.object({ id: z.coerce.number().int(), area: areaCode.optional() }),
  output: 'workbook',
});

export const indicatorSubject = z.object({
  subjectKind: z.string(),
  subjectId: z.string(),
  label: z.string(),
  place: z.string(),
  estateId: z.number().int().nullable(),
  counted: z.boolean().nullable(),
  /** Its floor area is 待补, so that it is in no sum. */
  unweighed: z.boolean(),
});
export type IndicatorSubject = z.infer<typeof indicatorSubject>;

export const listIndicatorSubjects = contract({
  method: 'GET',
  path: '/api/indicators/:id/subjects',
  label: '指标背后的名单',
  may: ['office', 'body'],
  input: z.object({ id: z.coerce.number().int(), area: areaCode.optional(), part: part.default('all'), ...pageFields }),
  output: page(indicatorSubject),
});

export const exportIndicatorSubjects = contract({
  method: 'GET',
  path: '/api/indicators/:id/subjects/export',
  label: '导出指标背后的名单',
  may: ['office'],
  input: z.object({ id: z.coerce.number().int(), area: areaCode.optional(), part: part.default('all') }),
  output: 'workbook',
});

const reason = z.string().trim().min(2, '请写明理由');

export const freezeBase = contract({
  method: 'POST',
  path: '/api/indicators/:id/bases',
  label: '冻结指标的分母',
  may: ['office'],
  input: z.object({
    id: z.coerce.number().int(),
    area: areaCode,
    /** The registers of a day, or the list of a closed survey: one of the two. */
    baseOn: z.iso.date('日期应写成 2026-07-10 的样子').optional(),
    survey: z.coerce.number().int().optional(),
    document: z.string().trim().min(2, '请写明依据的文件').max(200),
  }),
  output: z.object({ id: z.number().int(), subjects: z.number().int() }),
});

export const releaseBase = contract({
  method: 'POST',
  path: '/api/indicator-bases/:id/release',
  label: '解除分母的冻结',
  may: ['office'],
  input: z.object({ id: z.coerce.number().int(), reason }),
  output: z.object({ id: z.number().int() }),
});

const month = figure.extend({
  asOf: z.string(),
  /** 口径 as it stood when the snapshot was taken. */
  definition: z.string(),
  takenOn: z.string(),
  /** The same day worked out anew from the registers as they are now; null when not asked for. */
  anew: figure.nullable(),
});
export type IndicatorMonth = z.infer<typeof month>;

const trendInput = z.object({
  id: z.coerce.number().int(),
  area: areaCode.optional(),
  anew: z.enum(['yes']).optional(),
});

export const readTrend = contract({
  method: 'GET',
  path: '/api/indicators/:id/trend',
  label: '指标的月末走势',
  may: ['office'],
  input: trendInput,
  output: z.object({ months: z.array(month) }),
});

export const exportTrend = contract({
  method: 'GET',
  path: '/api/indicators/:id/trend/export',
  label: '导出月末走势',
  may: ['office'],
  input: trendInput,
  output: 'workbook',
});
