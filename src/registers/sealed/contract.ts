/** What outsiders may ask about sealed fields: to see one, who has seen them, and to have a person's erased. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

const id = z.coerce.number().int().positive();
const reason = z.string().trim().min(4, '理由至少 4 个字').max(200, '理由最多 200 字');

export const showPhone = contract({
  method: 'POST',
  path: '/api/people/:id/phone',
  label: '查看电话',
  may: ['office'],
  input: z.object({ id, reason }),
  /** Null: there is none, or the person was erased. */
  output: z.object({ phone: z.string().nullable() }),
});

export const showMyPhone = contract({
  method: 'POST',
  path: '/api/me/phone',
  label: '查看自己的电话',
  may: ['office', 'body', 'resident'],
  input: z.object({}),
  output: z.object({ phone: z.string().nullable() }),
});

export const readKinds = {
  own: '本人查看',
  task: '承办事项',
  browsing: '逐个查看',
  bulk: '成批处理',
  export: '导出',
} as const;
export const fields = { phone: '电话', identity: '证件号码' } as const;

/** One reading of one field. Names are for those who see the reader; a person who was read sees at least from where. */
export const reading = z.object({
  id: z.number().int(),
  at: z.string(),
  reader: z.string().nullable(),
  organisationName: z.string().nullable(),
  behalf: z.string().nullable(),
  field: z.string(),
  kind: z.enum(Object.keys(readKinds) as [keyof typeof readKinds, ...(keyof typeof readKinds)[]]),
  purpose: z.string().nullable(),
});
export type Reading = z.infer<typeof reading>;

export const listReadings = contract({
  method: 'GET',
  path: '/api/readings',
  label: '敏感信息查看记录',
  may: ['security', 'audit'],
  input: z.object({ kind: reading.shape.kind.optional(), search: z.string().optional(), ...pageFields }),
  output: page(reading),
});

export const listReadingsOfMe = contract({
  method: 'GET',
  path: '/api/me/readings',
  label: '谁看过我的信息',
  may: ['office', 'body', 'resident'],
  input: z.object({ ...pageFields }),
  output: page(reading),
});

export const askErasure = contract({
  method: 'POST',
  path: '/api/people/:id/erasure',
  label: '申请抹除个人信息',
  may: ['office'],
  input: z.object({ id, reason }),
  output: z.object({ id: z.number().int() }),
});

export const erasure = z.object({
  id: z.number().int(),
  personId: z.number().int(),
  /** Null where names of owners are not for the reader. */
  personName: z.string().nullable(),
  place: z.string().nullable(),
  reason: z.string(),
  organisationName: z.string(),
  askedOn: z.string(),
  carriedOut: z.boolean().nullable(),
  answer: z.string().nullable(),
  decidedOn: z.string().nullable(),
});
export type Erasure = z.infer<typeof erasure>;

export const listErasures = contract({
  method: 'GET',
  path: '/api/erasures',
  label: '抹除个人信息',
  may: ['office', 'security', 'audit'],
  input: z.object({ state: z.enum(['open', 'decided']).optional(), ...pageFields }),
  output: page(erasure),
});

export const decideErasure = contract({
  method: 'POST',
  path: '/api/erasures/:id/decision',
  label: '决定是否抹除',
  may: ['security'],
  input: z.object({ id, carryOut: z.boolean(), answer: reason }),
  output: z.object({ carriedOut: z.boolean() }),
});

/** One event of the journal, as the audit administrator reads it. */
export const event = z.object({
  chain: z.string(),
  seq: z.number().int(),
  at: z.string(),
  act: z.string(),
  object: z.string(),
  person: z.string().nullable(),
  organisationName: z.string().nullable(),
  reason: z.string().nullable(),
  detail: z.string(),
  request: z.string().nullable(),
});
export type Event = z.infer<typeof event>;

export const listEvents = contract({
  method: 'GET',
  path: '/api/journal',
  label: '留痕',
  may: ['audit', 'security'],
  input: z.object({
    act: z.string().max(60).optional(),
    object: z.string().max(80).optional(),
    from: z.iso.date('请填写日期，如 2026-03-31').optional(),
    to: z.iso.date('请填写日期，如 2026-03-31').optional(),
    ...pageFields,
  }),
  output: page(event),
});
