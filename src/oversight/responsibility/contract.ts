import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');

const measure = z.object({
  matter: z.string(),
  label: z.string(),
  /** Where in its text it stands. */
  section: z.string(),
  packLabel: z.string(),
  clauses: z.array(z.string()),
  bearer: z.string(),
  guides: z.array(z.string()),
  supporting: z.array(z.string()),
  /** Who leads, joins in, carries out and guides, as the bracket of the text has it for the task this is part of. */
  shares: z.array(z.object({ part: z.string(), bodies: z.string() })),
  owedTo: z.array(z.string()),
  rhythm: z.string(),
  effect: z.string(),
  required: z.number().int(),
  done: z.number().int(),
  owed: z.number().int(),
});
export type Measure = z.infer<typeof measure>;

const division = z.object({
  key: z.string(),
  label: z.string(),
  text: z.string(),
  clauses: z.array(z.string()),
  packLabel: z.string(),
});

const input = z.object({ area: areaCode.optional() });

export const readMatrix = contract({
  method: 'GET',
  path: '/api/responsibilities',
  label: '责任矩阵',
  may: ['office', 'body'],
  input,
  output: z.object({ today: z.string(), items: z.array(measure), divisions: z.array(division) }),
});

export const exportMatrix = contract({
  method: 'GET',
  path: '/api/responsibilities/export',
  label: '导出责任矩阵',
  may: ['office', 'body'],
  input,
  output: 'workbook',
});

/** Whether the rule is on file: in force, missing past its day, or not yet due. */
export const ruleStates = { filed: '已订立', missing: '缺', pending: '未到期' } as const;
export type RuleState = keyof typeof ruleStates;

export const ownRule = z.object({
  dutyId: z.number().int(),
  matter: z.string(),
  label: z.string(),
  clauses: z.array(z.string()),
  bodyName: z.string().nullable(),
  subjectLabel: z.string(),
  estateId: z.number().int().nullable(),
  state: z.enum(['filed', 'missing', 'pending']),
  dueOn: z.string(),
  ruledOn: z.string().nullable(),
  summary: z.string().nullable(),
  filingId: z.number().int().nullable(),
  files: z.number().int(),
});
export type OwnRule = z.infer<typeof ownRule>;

const ruleFilter = {
  area: areaCode.optional(),
  matter: z.string().optional(),
  state: z.enum(['filed', 'missing', 'pending']).optional(),
};

export const listOwnRules = contract({
  method: 'GET',
  path: '/api/own-rules',
  label: '制度清单',
  may: ['office', 'body'],
  input: z.object({ ...ruleFilter, ...pageFields }),
  output: page(ownRule),
});

export const exportOwnRules = contract({
  method: 'GET',
  path: '/api/own-rules/export',
  label: '导出制度清单',
  may: ['office', 'body'],
  input: z.object(ruleFilter),
  output: 'workbook',
});
