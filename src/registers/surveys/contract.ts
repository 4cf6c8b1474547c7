/** What outsiders may ask about surveys of the register of estates. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** What can be gone over, and the column of the roster that changes it. */
export const surveyFields = {
  kind: { label: '类型', column: '小区类型' },
  address: { label: '地址', column: '地址' },
  urban: { label: '城镇小区', column: '是否城镇' },
  households: { label: '户数', column: '户数' },
  buildingCount: { label: '楼栋数', column: '楼栋数' },
  floorArea: { label: '建筑面积（㎡）', column: '建筑面积' },
  completedYear: { label: '建成年份', column: '建成年份' },
  served: { label: '有物业服务', column: '是否有物业服务' },
  hasCommittee: { label: '有业委会', column: '是否有业委会' },
  longTermManaged: { label: '已长效管理', column: '是否长效管理' },
} as const satisfies Record<string, { label: string; column: string }>;
export type SurveyField = keyof typeof surveyFields;

export const sheetStates = {
  waiting: '待核对',
  missing: '有待补的，先补',
  changed: '核对后又改了，再核对',
  confirmed: '已核对',
  unconfirmed: '结束时没有核对',
} as const;
export type SheetState = keyof typeof sheetStates;

const id = z.coerce.number().int().positive();
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const field = z.enum(Object.keys(surveyFields) as [SurveyField, ...SurveyField[]]);
const state = z.enum(Object.keys(sheetStates) as [SheetState, ...SheetState[]]);
const day = z.iso.date('请填写日期，如 2026-12-31');

export const survey = z.object({
  id: z.number().int(),
  title: z.string(),
  basis: z.string(),
  areaCode: z.string(),
  areaName: z.string(),
  fields: z.array(field),
  organisationId: z.number().int(),
  organisationName: z.string(),
  openedOn: day,
  dueOn: day,
  closedOn: day.nullable(),
  note: z.string().nullable(),
});
export type Survey = z.infer<typeof survey>;

export const listSurveys = contract({
  method: 'GET',
  path: '/api/surveys',
  label: '底数摸排',
  may: ['office'],
  input: z.object({ closed: z.enum(['yes', 'no']).optional(), ...pageFields }),
  output: page(survey),
});

export const openSurvey = contract({
  method: 'POST',
  path: '/api/surveys',
  label: '开始摸排',
  may: ['office'],
  input: z.object({
    title: z.string().trim().min(2, '请写明摸什么底').max(60, '最多 60 字'),
    basis: z.string().trim().min(2, '请写明依据哪一条，或为什么').max(200, '最多 200 字'),
    area: areaCode,
    fields: z.array(field).min(1, '请选择要核对哪几项').max(20),
    dueOn: day,
  }),
  output: z.object({ id: z.number().int() }),
});

export const showSurvey = contract({
  method: 'GET',
  path: '/api/surveys/:id',
  label: '一次摸排',
  may: ['office'],
  input: z.object({ id }),
  output: survey.extend({
    /** So many of so many in each community in sight, in the order of the areas. */
    progress: z.array(
      z.object({ areaCode: z.string(), areaName: z.string(), total: z.number().int(), confirmed: z.number().int() }),
    ),
    mayClose: z.boolean(),
  }),
});

export const sheet = z.object({
  estateId: z.number().int(),
  name: z.string(),
  areaName: z.string(),
  state,
  facts: z.array(z.object({ field, label: z.string(), says: z.string().nullable() })),
  /** Stands for what is shown: a confirmation of something else is refused. */
  mark: z.string(),
  confirmedOn: day.nullable(),
  confirmedBy: z.string().nullable(),
  /** The row of the roster that changes it, to be pasted. */
  row: z.string(),
});
export type Sheet = z.infer<typeof sheet>;

const sheetFilter = { id, area: areaCode.optional(), state: state.optional() };

export const listSheets = contract({
  method: 'GET',
  path: '/api/surveys/:id/sheets',
  label: '核对单',
  may: ['office'],
  input: z.object({ ...sheetFilter, ...pageFields }),
  output: page(sheet),
});

export const exportSheets = contract({
  method: 'GET',
  path: '/api/surveys/:id/sheets/export',
  label: '导出核对单',
  may: ['office'],
  input: z.object(sheetFilter),
  output: 'workbook',
});

export const confirmSheet = contract({
  method: 'POST',
  path: '/api/surveys/:id/sheets',
  label: '核对无误',
  may: ['office'],
  input: z.object({ id, estate: id, mark: z.string().max(64) }),
  output: z.object({ id: z.number().int() }),
});

export const closeSurvey = contract({
  method: 'POST',
  path: '/api/surveys/:id/closing',
  label: '结束摸排',
  may: ['office'],
  input: z.object({ id, note: z.string().trim().min(2, '请写明情况').max(300, '最多 300 字') }),
  output: z.object({ subjects: z.number().int() }),
});
