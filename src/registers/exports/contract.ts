/** Exports too long to wait for: asked for, written by the worker, kept for some days, fetched by whoever asked. */
import { z } from 'zod';
import { contract } from '../../kernel/contract.ts';

export const exportStates = {
  waiting: '正在写',
  ready: '可以下载',
  failed: '没有写成',
} as const;
export type ExportState = keyof typeof exportStates;

const id = z.coerce.number().int().positive();
const whoExports = ['office', 'body'] as const;

export const exportJob = z.object({
  id: z.number().int(),
  label: z.string(),
  state: z.enum(Object.keys(exportStates) as [ExportState, ...ExportState[]]),
  askedAt: z.string(),
  /** The last day on which it can be fetched. */
  keptUntil: z.string(),
  name: z.string().nullable(),
  bytes: z.string().regex(/^\d+$/).nullable(),
  problem: z.string().nullable(),
});
export type ExportJob = z.infer<typeof exportJob>;

export const askExport = contract({
  method: 'POST',
  path: '/api/exports',
  label: '申请导出',
  may: whoExports,
  input: z.object({
    /** The path of an export's contract, and its input. */
    path: z.string().max(100),
    input: z.record(z.string().max(40), z.unknown()),
  }),
  output: z.object({ id: z.number().int() }),
});

/** 一小区一档: everything of an estate that whoever asks may see, as one zip. */
export const makeDossier = contract({
  method: 'GET',
  path: '/api/estates/:id/dossier',
  label: '一小区一档',
  may: whoExports,
  input: z.object({ id }),
  output: 'file',
  later: true,
});

export const listExports = contract({
  method: 'GET',
  path: '/api/exports',
  label: '我的导出',
  may: whoExports,
  input: z.object({}),
  output: z.object({ items: z.array(exportJob) }),
});

export const fetchExport = contract({
  method: 'POST',
  path: '/api/exports/:id/file',
  label: '领取导出的文件',
  may: whoExports,
  input: z.object({ id }),
  output: 'file',
});
