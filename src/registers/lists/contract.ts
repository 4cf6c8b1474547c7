/** How one has lists shown: columns and their order, closeness of the rows, and filters kept under a name. One's own, in whatever post. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

const list = z.string().trim().min(1).max(60);
/** Everybody but the audit administrator, who reads and changes nothing. */
const whoChanges = ['office', 'body', 'resident', 'system', 'security'] as const;

const columns = z.array(z.object({ title: z.string().min(1).max(60), shown: z.boolean() })).max(60);
export type ListColumns = z.infer<typeof columns>;

export const listLayout = z.object({ list, columns, dense: z.boolean() });
export type ListLayout = z.infer<typeof listLayout>;

export const listView = z.object({ id: z.number().int(), list, name: z.string(), query: z.string() });
export type ListView = z.infer<typeof listView>;

export const readMyLists = contract({
  method: 'GET',
  path: '/api/lists',
  label: '我的列设置和视图',
  may: whoChanges,
  input: z.object({}),
  output: z.object({ layouts: z.array(listLayout), views: z.array(listView) }),
});

export const layOutList = contract({
  method: 'POST',
  path: '/api/lists/layouts',
  label: '保存列设置',
  may: whoChanges,
  input: listLayout,
  output: z.object({}),
});

export const keepListView = contract({
  method: 'POST',
  path: '/api/lists/views',
  label: '保存视图',
  may: whoChanges,
  input: z.object({
    list,
    name: z.string().trim().min(1, '给视图起个名字').max(20, '名字最多 20 字'),
    /** The filters as they stand in the address. */
    query: z.string().max(500, '筛选条件太长，存不下'),
  }),
  output: z.object({ id: z.number().int() }),
});

export const dropListView = contract({
  method: 'POST',
  path: '/api/lists/views/:id/removal',
  label: '删除视图',
  may: whoChanges,
  input: z.object({ id: z.coerce.number().int().positive() }),
  output: z.object({}),
});
