/** What outsiders may ask about areas: the administrative tree from province to community. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const areaLevels = {
  province: '省（自治区、直辖市）',
  city: '设区市',
  district: '县（市、区）',
  subdistrict: '街道（乡镇）',
  community: '社区（村）',
} as const;
export type AreaLevel = keyof typeof areaLevels;

const level = z.enum(Object.keys(areaLevels) as [AreaLevel, ...AreaLevel[]]);
const code = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const day = z.iso.date('请填写日期，如 2026-03-31');

export const area = z.object({
  code,
  name: z.string(),
  level,
  parentCode: z.string().nullable(),
  parentName: z.string().nullable(),
  provisional: z.boolean(),
  demonstrationZone: z.boolean(),
  enrolledOn: z.string(),
  trialUntil: z.string().nullable(),
  inTrial: z.boolean(),
  /** Areas directly below. */
  children: z.number().int(),
  /** Estates within sight anywhere below. */
  estates: z.number().int(),
});
export type Area = z.infer<typeof area>;

const listInput = z.object({
  /** Only this area and what lies below it. */
  area: code.optional(),
  level: level.optional(),
  search: z.string().optional(),
  ...pageFields,
  limit: z.coerce.number().int().min(1).max(500).default(500),
});

export const listAreas = contract({
  method: 'GET',
  path: '/api/areas',
  label: '辖区内的区划及其上级',
  may: ['signed-in'],
  input: listInput,
  output: page(area),
});

export const exportAreas = contract({
  method: 'GET',
  path: '/api/areas/export',
  label: '导出区划',
  may: ['office'],
  input: listInput,
  output: 'workbook',
});

export const showArea = contract({
  method: 'GET',
  path: '/api/areas/:code',
  label: '一个区划',
  may: ['signed-in'],
  input: z.object({ code }),
  output: area.extend({
    /** From the province down to the area itself. */
    chain: z.array(z.object({ code, name: z.string(), level })),
    below: z.array(area),
  }),
});

export const addAreaHere = contract({
  method: 'POST',
  path: '/api/areas',
  label: '新增区划',
  may: ['system', 'office'],
  input: z.object({
    code,
    name: z.string().trim().min(1, '请填写名称').max(60, '名称最多 60 字'),
    parentCode: code,
    provisional: z.boolean().default(false),
    demonstrationZone: z.boolean().default(false),
    enrolledOn: day,
  }),
  output: z.object({ code }),
});

export const enrolArea = contract({
  method: 'POST',
  path: '/api/areas/:code/enrolment',
  label: '设定纳入日期',
  may: ['system', 'office'],
  input: z.object({
    code,
    on: day,
    /** Also for the areas, bodies and estates below. */
    below: z.boolean().default(false),
    reason: z.string().trim().max(200, '理由最多 200 字').optional(),
  }),
  output: z.object({ areas: z.number().int(), organisations: z.number().int(), estates: z.number().int() }),
});

export const tryArea = contract({
  method: 'POST',
  path: '/api/areas/:code/trial',
  label: '设定试运行',
  may: ['system', 'office'],
  input: z.object({
    code,
    /** The last day of the trial; null ends it. */
    until: day.nullable(),
    reason: z.string().trim().max(200, '理由最多 200 字').optional(),
  }),
  output: z.object({ code, trialUntil: z.string().nullable() }),
});
