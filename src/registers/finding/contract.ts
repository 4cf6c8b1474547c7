/** What outsiders may ask of finding: everything in sight that answers to some words. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

/** In the order they are shown in. */
export const foundKinds = {
  estate: '小区',
  unit: '房屋',
  company: '物业服务企业',
  committee: '业主组织',
  organisation: '单位',
  entry: '其他底册',
  person: '任职人员',
  area: '区划',
  duty: '要办的事',
  indicator: '指标',
  clause: '条款',
} as const;
export type FoundKind = keyof typeof foundKinds;

export const found = z.object({
  kind: z.enum(Object.keys(foundKinds) as [FoundKind, ...FoundKind[]]),
  /** Of its kind: a row's id, an area's code, a clause's id; of an entry, its register and id. */
  id: z.string(),
  name: z.string(),
  /** Where it lies or belongs. */
  place: z.string().nullable(),
});
export type Found = z.infer<typeof found>;

export const findEverything = contract({
  method: 'POST',
  path: '/api/find',
  label: '查找',
  may: ['office', 'body', 'resident'],
  input: z.object({
    words: z.string().trim().min(1, '请填写要找的名称、拼音、代码或房号').max(60, '最多 60 字'),
    /** At most so many of each kind. */
    each: z.number().int().min(1).max(20).default(6),
  }),
  output: z.object({
    groups: z.array(z.object({ kind: found.shape.kind, rows: z.array(found), more: z.boolean() })),
  }),
});
