/** What outsiders may ask about corrections: that a record is wrong, and what became of it. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** What can be said to be wrong, record by record. `column`: what the roster that changes it calls it. */
export const correctable = {
  estate: {
    label: '小区',
    roster: 'estates',
    fields: {
      name: { label: '名称' },
      address: { label: '地址', column: '地址' },
      kind: { label: '类型', column: '小区类型' },
      households: { label: '户数', column: '户数' },
      buildingCount: { label: '楼栋数', column: '楼栋数' },
      floorArea: { label: '建筑面积（㎡）', column: '建筑面积' },
      completedYear: { label: '建成年份', column: '建成年份' },
      other: { label: '其他' },
    },
  },
  unit: {
    label: '房屋',
    roster: 'units',
    fields: {
      name: { label: '房号' },
      area: { label: '面积（㎡）', column: '建筑面积' },
      kind: { label: '用途', column: '房屋类型' },
      owners: { label: '业主' },
      other: { label: '其他' },
    },
  },
  committee: {
    label: '业主组织',
    roster: 'committees',
    fields: {
      name: { label: '名称', column: '组织名称' },
      termFrom: { label: '任期开始', column: '任期起' },
      termTo: { label: '任期届满', column: '任期止' },
      members: { label: '委员人数', column: '委员人数' },
      roll: { label: '委员名单' },
      other: { label: '其他' },
    },
  },
  project: {
    label: '物业项目',
    roster: 'estates',
    fields: {
      company: { label: '物业企业', column: '物业服务企业' },
      manager: { label: '项目负责人' },
      startedOn: { label: '进场日期', column: '服务开始日期' },
      endedOn: { label: '退场日期' },
      other: { label: '其他' },
    },
  },
} as const satisfies Record<
  string,
  { label: string; roster: string; fields: Record<string, { label: string; column?: string }> }
>;
export type About = keyof typeof correctable;

export const correctionStates = {
  open: '待答复',
  accepted: '已同意，还没有改',
  corrected: '已更正',
  declined: '不予更正',
  withdrawn: '已撤回',
} as const;
export type CorrectionState = keyof typeof correctionStates;

export const correctionSides = { mine: '我提出的', received: '要我们答复的' } as const;

const id = z.coerce.number().int().positive();
const about = z.enum(Object.keys(correctable) as [About, ...About[]]);
const state = z.enum(Object.keys(correctionStates) as [CorrectionState, ...CorrectionState[]]);
/** A record by its kind and number, as in `unit:12`. */
const subject = z.string().regex(/^(estate|unit|committee|project):[1-9]\d{0,8}$/, '没有指明是哪一项登记');
const words = (most: number, what: string) => z.string().trim().min(1, what).max(most, `最多 ${most} 字`);

export const correction = z.object({
  id: z.number().int(),
  estateId: z.number().int(),
  estateName: z.string().nullable(),
  about,
  subjectId: z.number().int(),
  subjectLabel: z.string(),
  field: z.string(),
  fieldLabel: z.string(),
  /** What the register said then, and says now; null is 待补, or nothing single. */
  said: z.string().nullable(),
  says: z.string().nullable(),
  shouldBe: z.string(),
  reason: z.string(),
  state,
  keeperId: z.number().int(),
  keeperName: z.string(),
  /** A body that asked; null for an owner. */
  organisationName: z.string().nullable(),
  askedBy: z.string().nullable(),
  askedOn: z.iso.date(),
  answer: z.string().nullable(),
  answeredOn: z.iso.date().nullable(),
  previousId: z.number().int().nullable(),
});
export type Correction = z.infer<typeof correction>;

const filter = {
  side: z.enum(['mine', 'received']).default('mine'),
  state: z.union([state, z.literal('owed')]).optional(),
};

export const listCorrections = contract({
  method: 'GET',
  path: '/api/corrections',
  label: '纠错',
  may: ['office', 'body', 'resident'],
  input: z.object({ ...filter, ...pageFields }),
  output: page(correction),
});

export const exportCorrections = contract({
  method: 'GET',
  path: '/api/corrections/export',
  label: '导出纠错清单',
  may: ['office', 'body'],
  input: z.object(filter),
  output: 'workbook',
});

export const showCorrectable = contract({
  method: 'GET',
  path: '/api/corrections/subject',
  label: '一项登记现在怎么写',
  may: ['office', 'body', 'resident'],
  input: z.object({ subject }),
  output: z.object({
    about,
    label: z.string(),
    estateId: z.number().int(),
    keeperName: z.string().nullable(),
    fields: z.array(z.object({ field: z.string(), label: z.string(), says: z.string().nullable() })),
  }),
});

export const showCorrection = contract({
  method: 'GET',
  path: '/api/corrections/:id',
  label: '一件纠错',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: correction.extend({
    acts: z.array(z.object({ act: z.enum(['attach', 'accept', 'decline', 'withdraw', 'object']), label: z.string() })),
    /** The row that changes the register, to be pasted as it stands; null where no roster does. */
    row: z.object({ roster: z.string(), text: z.string() }).nullable(),
    /** Photos and scans, in the order they came. */
    attachments: z.array(z.object({ id: z.number().int(), name: z.string(), addedOn: z.iso.date() })),
    /** Answered by one's own office: the answer can be put on paper. */
    mayWrite: z.boolean(),
    /** The objection to this one. */
    nextId: z.number().int().nullable(),
  }),
});

export const askCorrection = contract({
  method: 'POST',
  path: '/api/corrections',
  label: '提出纠错',
  may: ['office', 'body', 'resident'],
  input: z.object({
    subject,
    field: z.string().max(40),
    shouldBe: words(200, '请写明应当是什么'),
    reason: words(500, '请写明怎么知道的'),
  }),
  output: z.object({ id: z.number().int() }),
});

export const objectToAnswer = contract({
  method: 'POST',
  path: '/api/corrections/:id/objection',
  label: '对不予更正提出异议',
  may: ['office', 'body', 'resident'],
  input: z.object({ id, reason: words(500, '请写明为什么不同意') }),
  output: z.object({ id: z.number().int() }),
});

export const answerCorrection = contract({
  method: 'POST',
  path: '/api/corrections/:id/answer',
  label: '答复或撤回纠错',
  may: ['office', 'body', 'resident'],
  input: z.object({ id, act: z.enum(['accept', 'decline', 'withdraw']), note: words(500, '请写明答复或理由') }),
  output: z.object({ id: z.number().int() }),
});

export const attachToCorrection = contract({
  method: 'POST',
  path: '/api/corrections/:id/attachments',
  label: '附上照片或扫描件',
  may: ['office', 'body', 'resident'],
  input: z.object({ id }),
  output: z.object({ id: z.number().int() }),
  body: 'file',
});

export const readAttachment = contract({
  method: 'GET',
  path: '/api/corrections/:id/attachments/:attachment',
  label: '查看纠错所附的材料',
  may: ['office', 'body', 'resident'],
  input: z.object({ id, attachment: id }),
  output: 'file',
});
