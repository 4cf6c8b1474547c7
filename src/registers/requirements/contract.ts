/** What outsiders may ask about requirements: the packs, where they are bound, and the clauses with what answers them. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const forces = {
  binding: '应当',
  forbidding: '不得',
  permitting: '可以',
  guiding: '一般、原则上',
  encouraging: '鼓励',
} as const;
/** Of a clause, which may also only describe or exhort. */
export const clauseForces = { ...forces, descriptive: '说明', exhortation: '号召' } as const;
export const ranks = { law: '法律', regulation: '法规规章', covenant: '规约', policy: '政策文件' } as const;
export const statuses = { 'in-force': '现行', draft: '征求意见稿', 'press-report': '新闻报道' } as const;
export const packLevels = {
  national: '全国',
  province: '省',
  city: '市',
  district: '县（市、区）',
  covenant: '规约',
} as const;
/** How sure we are of the words of a law. */
export const confidences = { original: '已核原文', copy: '见于转载', unverified: '原文待核' } as const;
export const effects = {
  refuses: '不予办理',
  'opens-duty': '产生职责',
  warns: '提醒',
  'asks-reason': '提醒并须说明理由',
  informs: '告知',
  trial: '试算',
} as const;
export const requirementKinds = { parameter: '参数', duty: '职责', indicator: '指标' } as const;
/** What answers a clause. */
export const answerKinds = {
  parameter: '参数',
  duty: '职责',
  indicator: '指标',
  step: '办理步骤',
  page: '页面',
  exhortation: '号召性条款',
  planned: '建设中',
} as const;
export const groups = {
  organisation: '组织覆盖',
  joint: '联动共治',
  committees: '业主组织',
  coverage: '服务覆盖',
  disclosure: '公开',
  money: '资金监管',
  supervision: '企业监管',
  safety: '安全',
  requests: '诉求',
  reports: '报告',
  campaigns: '创建宣传',
} as const;

const keysOf = <K extends string>(labels: Record<K, string>) => Object.keys(labels) as [K, ...K[]];
const force = z.enum(keysOf(forces));
const clauseForce = z.enum(keysOf(clauseForces));
const rank = z.enum(keysOf(ranks));
const status = z.enum(keysOf(statuses));
const effect = z.enum(keysOf(effects));
const requirementKind = z.enum(keysOf(requirementKinds));
const answerKind = z.enum(keysOf(answerKinds));
const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const day = z.iso.date('请填写日期，如 2026-03-31');

export const binding = z.object({
  areaCode: z.string(),
  areaName: z.string(),
  packId: z.string(),
  packLabel: z.string(),
  fromOn: z.string(),
  toOn: z.string().nullable(),
  document: z.string().nullable(),
  inForce: z.boolean(),
});
export type Binding = z.infer<typeof binding>;

export const pack = z.object({
  id: z.string(),
  label: z.string(),
  level: z.string(),
  under: z.string().nullable(),
  status,
  rank,
  fromOn: z.string(),
  toOn: z.string().nullable(),
  document: z.object({
    number: z.string().optional(),
    title: z.string().optional(),
    issuedOn: z.string().optional(),
    issuers: z.array(z.string()).optional(),
    note: z.string().optional(),
  }),
  parameters: z.number().int(),
  duties: z.number().int(),
  indicators: z.number().int(),
  clauses: z.number().int(),
  bindings: z.array(binding),
});
export type Pack = z.infer<typeof pack>;

export const listPacks = contract({
  method: 'GET',
  path: '/api/packs',
  label: '政策包及其适用地',
  may: ['signed-in'],
  input: z.object(pageFields),
  output: page(pack),
});

export const exportPacks = contract({
  method: 'GET',
  path: '/api/packs/export',
  label: '导出政策包',
  may: ['signed-in'],
  input: z.object(pageFields),
  output: 'workbook',
});

export const bindPackHere = contract({
  method: 'POST',
  path: '/api/areas/:code/packs',
  label: '适用政策包',
  may: ['system', 'office'],
  input: z.object({
    code: areaCode,
    packId: z.string().min(1, '请选择政策包'),
    from: day,
    /** The day from which it no longer applies. */
    to: day.optional(),
    document: z.string().trim().max(200, '依据文件最多 200 字').optional(),
  }),
  output: binding,
});

export const requirement = z.object({
  id: z.number().int(),
  packId: z.string(),
  packLabel: z.string(),
  key: z.string(),
  kind: requirementKind,
  label: z.string(),
  /** What a parameter says today, in words. */
  says: z.string().nullable(),
  group: z.string().nullable(),
  force,
  rank,
  effect,
  status,
  clauses: z.array(z.string()),
  /** Citation in Chinese. */
  source: z.string(),
  assumption: z.string().nullable(),
  note: z.string().nullable(),
  confidence: z.enum(keysOf(confidences)).nullable(),
  /** When somebody last compared it with the text. */
  checked: z.string().nullable(),
});
export type Requirement = z.infer<typeof requirement>;

const stackInput = z.object({
  code: areaCode,
  kind: requirementKind.optional(),
  group: z.string().optional(),
  search: z.string().optional(),
  ...pageFields,
});

export const listRequirements = contract({
  method: 'GET',
  path: '/api/areas/:code/requirements',
  label: '一地适用的要求',
  may: ['signed-in'],
  input: stackInput,
  output: page(requirement).extend({
    packs: z.array(z.object({ id: z.string(), label: z.string(), status, note: z.string().nullable() })),
  }),
});

export const exportRequirements = contract({
  method: 'GET',
  path: '/api/areas/:code/requirements/export',
  label: '导出一地适用的要求',
  may: ['office'],
  input: stackInput,
  output: 'workbook',
});

export const clause = z.object({
  id: z.string(),
  packId: z.string(),
  packLabel: z.string(),
  documentNumber: z.string().nullable(),
  section: z.string(),
  demand: z.string(),
  force: clauseForce,
  kind: z.string(),
  kindLabel: z.string(),
  mechanism: z.string(),
  mechanismLabel: z.string(),
  actors: z.array(z.object({ code: z.string(), label: z.string() })),
  /** Keys of requirements, acts or pages, as the kind says; a planned answer names its room. */
  answer: z.object({ kind: answerKind, keys: z.array(z.string()), room: z.string().nullable() }),
});
export type Clause = z.infer<typeof clause>;

const clauseListInput = z.object({
  pack: z.string().optional(),
  /** As it is cited: 三（三）. */
  section: z.string().optional(),
  actor: z.string().optional(),
  /** Only these, or all but these. */
  ids: z.union([z.string(), z.array(z.string())]).optional(),
  without: z.union([z.string(), z.array(z.string())]).optional(),
  mechanism: z.string().optional(),
  force: clauseForce.optional(),
  answer: answerKind.optional(),
  search: z.string().optional(),
  ...pageFields,
});

/** How many clauses of the same filter, with this one question left open. */
const counts = z.array(z.object({ code: z.string(), label: z.string(), count: z.number().int() }));

export const listClauses = contract({
  method: 'GET',
  path: '/api/clauses',
  label: '条款',
  may: ['signed-in'],
  input: clauseListInput,
  output: page(clause).extend({
    counts: z.object({
      pack: counts,
      section: counts,
      mechanism: counts,
      actor: counts,
      force: counts,
      answer: counts,
    }),
  }),
});

export const exportClauses = contract({
  method: 'GET',
  path: '/api/clauses/export',
  label: '导出条款',
  may: ['signed-in'],
  input: clauseListInput,
  output: 'workbook',
});

/** The official file of a policy text, as an office attached it. */
export const officialText = z.object({
  id: z.number().int(),
  /** The text it is the file of, and that text's document number on the day. */
  text: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  attachedOn: z.string(),
  attachedBy: z.string(),
  mayWithdraw: z.boolean(),
});
export type OfficialText = z.infer<typeof officialText>;

export const attachText = contract({
  method: 'POST',
  path: '/api/texts/:text/files',
  label: '附上政策文件的原文',
  may: ['office'],
  input: z.object({ text: z.string().min(1) }),
  output: officialText,
  body: 'file',
});

export const readTextFile = contract({
  method: 'GET',
  path: '/api/texts/files/:id',
  label: '下载政策文件的原文',
  may: ['signed-in'],
  input: z.object({ id: z.coerce.number().int() }),
  output: 'file',
});

export const withdrawText = contract({
  method: 'POST',
  path: '/api/texts/files/:id/withdrawal',
  label: '撤下政策文件的原文',
  may: ['office'],
  input: z.object({ id: z.coerce.number().int(), reason: z.string().trim().min(2, '请写明撤下的理由').max(200) }),
  output: officialText,
});

export const showClause = contract({
  method: 'GET',
  path: '/api/clauses/:id',
  label: '一个条款',
  may: ['signed-in'],
  input: z.object({ id: z.string().min(1), area: areaCode.optional() }),
  output: clause.extend({
    /** Which text it is a clause of. */
    text: z.string().nullable(),
    mayAttach: z.boolean(),
    /** What the text says itself, if an office attached its file: the section, and where it can be told the paragraph. */
    official: officialText
      .extend({
        readable: z.boolean(),
        namesNumber: z.boolean(),
        passage: z.object({ paragraphs: z.array(z.string()), nearest: z.number().int().nullable() }).nullable(),
      })
      .nullable(),
    pack: pack.omit({ parameters: true, duties: true, indicators: true, clauses: true, bindings: true }),
    /** The requirements that answer it, and others that cite it. */
    answers: z.array(requirement.extend({ answering: z.boolean(), definition: z.unknown() })),
    previousId: z.string().nullable(),
    nextId: z.string().nullable(),
  }),
});
