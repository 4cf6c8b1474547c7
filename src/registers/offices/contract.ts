/** What outsiders may ask about offices: who deputises for whom during which leave, who is suspended, who must keep out of what. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

const id = z.coerce.number().int().positive();
const day = z.iso.date('请填写日期，如 2026-03-31');
const text = (what: string, most = 200) =>
  z.string().trim().min(1, `请填写${what}`).max(most, `${what}最多 ${most} 字`);
const reason = text('理由');
const document = text('依据文件', 100);

export const nameDeputy = contract({
  method: 'POST',
  path: '/api/posts/:id/deputies',
  label: '指定 AB 角',
  may: ['office', 'security'],
  input: z.object({ id, personId: id, fromOn: day, toOn: day, document }),
  output: z.object({ id: z.number().int() }),
});

export const takeLeave = contract({
  method: 'POST',
  path: '/api/posts/:id/leaves',
  label: '登记离岗',
  may: ['office', 'security'],
  input: z.object({ id, fromOn: day, /** The first day back. */ toOn: day, document }),
  output: z.object({ id: z.number().int() }),
});

export const returnFromLeave = contract({
  method: 'POST',
  path: '/api/leaves/:id/return',
  label: '提前返岗',
  may: ['office', 'security'],
  input: z.object({ id }),
  output: z.object({ returnedOn: z.string() }),
});

/** A leave with its deputies, or a deputy who has no leave to stand in for yet. */
export const absence = z.object({
  kind: z.enum(['deputy', 'leave']),
  id: z.number().int(),
  postId: z.number().int(),
  holder: z.string(),
  title: z.string(),
  organisationName: z.string(),
  deputy: z.string().nullable(),
  fromOn: z.string(),
  toOn: z.string(),
  returnedOn: z.string().nullable(),
  document: z.string(),
  inForce: z.boolean(),
});
export type Absence = z.infer<typeof absence>;

export const listAbsences = contract({
  method: 'GET',
  path: '/api/absences',
  label: '离岗与 AB 角',
  may: ['office', 'security', 'audit'],
  input: z.object({ ...pageFields }),
  output: page(absence),
});

export const suspend = contract({
  method: 'POST',
  path: '/api/people/:id/suspensions',
  label: '停职',
  may: ['security'],
  /** Without a post: the person, in every post. */
  input: z.object({ id, post: id.optional(), fromOn: day, toOn: day.optional(), reason, document }),
  output: z.object({ id: z.number().int() }),
});

export const liftSuspension = contract({
  method: 'POST',
  path: '/api/suspensions/:id/lifting',
  label: '恢复履职',
  may: ['security'],
  input: z.object({ id, reason }),
  output: z.object({ liftedOn: z.string() }),
});

export const suspension = z.object({
  id: z.number().int(),
  personId: z.number().int(),
  personName: z.string(),
  organisationName: z.string(),
  /** Null: the person in every post. */
  title: z.string().nullable(),
  fromOn: z.string(),
  toOn: z.string().nullable(),
  reason: z.string(),
  document: z.string(),
  liftedOn: z.string().nullable(),
  liftedReason: z.string().nullable(),
  inForce: z.boolean(),
});

export const listSuspensions = contract({
  method: 'GET',
  path: '/api/suspensions',
  label: '停职',
  may: ['security', 'audit'],
  input: z.object({ ...pageFields }),
  output: page(suspension),
});

/** What somebody may have to keep out of, by its name. */
export const findBarrable = contract({
  method: 'GET',
  path: '/api/bars/subjects',
  label: '可登记回避的小区和单位',
  may: ['security'],
  input: z.object({ search: z.string().optional(), ...pageFields }),
  output: page(z.object({ kind: z.enum(['estate', 'company']), id: z.number().int(), label: z.string() })),
});

export const barPerson = contract({
  method: 'POST',
  path: '/api/people/:id/bars',
  label: '回避',
  may: ['security'],
  input: z.object({
    id,
    estate: id.optional(),
    company: id.optional(),
    fromOn: day,
    toOn: day.optional(),
    reason,
    document: document.optional(),
  }),
  output: z.object({ id: z.number().int() }),
});

export const liftBar = contract({
  method: 'POST',
  path: '/api/bars/:id/lifting',
  label: '解除回避',
  may: ['security'],
  input: z.object({ id, reason }),
  output: z.object({ liftedOn: z.string() }),
});

export const objectToBar = contract({
  method: 'POST',
  path: '/api/bars/:id/objection',
  label: '对回避提出异议',
  may: ['office', 'body'],
  input: z.object({ id, reason }),
  output: z.object({ objectedOn: z.string() }),
});

export const answerObjection = contract({
  method: 'POST',
  path: '/api/bars/:id/objection/answer',
  label: '答复异议',
  may: ['security'],
  input: z.object({ id, uphold: z.boolean(), answer: text('答复') }),
  output: z.object({ answeredOn: z.string() }),
});

export const bar = z.object({
  id: z.number().int(),
  personId: z.number().int(),
  personName: z.string(),
  subject: z.string(),
  fromOn: z.string(),
  toOn: z.string().nullable(),
  reason: z.string(),
  document: z.string().nullable(),
  liftedOn: z.string().nullable(),
  liftedReason: z.string().nullable(),
  inForce: z.boolean(),
  objection: z
    .object({
      reason: z.string(),
      objectedOn: z.string(),
      upheld: z.boolean().nullable(),
      answer: z.string().nullable(),
    })
    .nullable(),
});
export type Bar = z.infer<typeof bar>;

export const listBars = contract({
  method: 'GET',
  path: '/api/bars',
  label: '回避',
  may: ['security', 'audit'],
  input: z.object({ ...pageFields }),
  output: page(bar),
});

export const listMyBars = contract({
  method: 'GET',
  path: '/api/me/bars',
  label: '我的回避',
  may: ['office', 'body'],
  input: z.object({ ...pageFields }),
  output: page(bar),
});
