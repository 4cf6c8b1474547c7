import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const groupKinds = {
  owners: '业主群',
  building: '楼栋群',
  work: '工作群',
  service: '物业服务群',
  other: '其他群',
} as const;
export type GroupKind = keyof typeof groupKinds;

const id = z.coerce.number().int();
const kind = z.enum(Object.keys(groupKinds) as [GroupKind, ...GroupKind[]]);

export const chatGroup = z.object({
  id: z.number().int(),
  estateId: z.number().int(),
  estateName: z.string(),
  name: z.string(),
  kind,
  organisationId: z.number().int(),
  organisationName: z.string(),
  addedOn: z.iso.date(),
  closedOn: z.iso.date().nullable(),
  closedReason: z.string().nullable(),
});
export type ChatGroup = z.infer<typeof chatGroup>;

const filter = {
  area: z.string().optional(),
  estate: id.optional(),
  kind: kind.optional(),
  closed: z.enum(['yes', 'no']).default('no'),
};

export const listGroups = contract({
  method: 'GET',
  path: '/api/groups',
  label: '群台账',
  may: ['office', 'body'],
  input: z.object({ ...filter, ...pageFields }),
  output: page(chatGroup),
});

export const exportGroups = contract({
  method: 'GET',
  path: '/api/groups/export',
  label: '导出群台账',
  may: ['office', 'body'],
  input: z.object(filter),
  output: 'workbook',
});

export const showGroup = contract({
  method: 'GET',
  path: '/api/groups/:id',
  label: '一个群',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: chatGroup,
});

export const addGroup = contract({
  method: 'POST',
  path: '/api/groups',
  label: '登记群',
  may: ['office'],
  input: z.object({
    estate: id,
    name: z.string().trim().min(2, '请填写群的名称').max(60),
    kind,
    /** The body that looks after it; by default one's own. */
    organisation: id.optional(),
  }),
  output: z.object({ id: z.number().int() }),
});

export const closeGroup = contract({
  method: 'POST',
  path: '/api/groups/:id/closing',
  label: '停用群',
  may: ['office'],
  input: z.object({ id, reason: z.string().trim().min(2, '请写明原因').max(200) }),
  output: z.object({ id: z.number().int() }),
});
