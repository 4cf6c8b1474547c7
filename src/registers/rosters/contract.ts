/** What outsiders may ask about imports. */
import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const batchStates = {
  reading: '读取中',
  read: '待确认列名',
  checking: '检查中',
  checked: '待确认写入',
  committing: '写入中',
  committed: '已写入',
  undoing: '撤销中',
  undone: '已撤销',
  failed: '未能读取',
  cancelled: '已取消',
} as const;
export const rowVerdicts = { new: '新增', changed: '更新', unchanged: '不变', wrong: '错误' } as const;
export const origins = { template: '本系统模板', workbook: '自有表格', paste: '粘贴' } as const;

const id = z.coerce.number().int().positive();
const kind = z.string().regex(/^[a-z][\w-]*$/i, '没有这种名册');
const state = z.enum(Object.keys(batchStates) as [keyof typeof batchStates, ...(keyof typeof batchStates)[]]);
const verdict = z.enum(['new', 'changed', 'unchanged', 'wrong']);
const flag = z.boolean();

export const rosterKind = z.object({
  code: z.string(),
  label: z.string(),
  fields: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      required: z.boolean(),
      hint: z.string().nullable(),
      isDate: z.boolean(),
      /** What may be filled in, where it is one of a few. */
      choices: z.array(z.string()),
    }),
  ),
});

export type RosterFields = z.infer<typeof rosterKind>['fields'];

export const listRosterKinds = contract({
  method: 'GET',
  path: '/api/imports/kinds',
  label: '可导入的名册',
  may: ['office'],
  input: z.object({}),
  output: z.object({ items: z.array(rosterKind) }),
});

export const downloadTemplate = contract({
  method: 'GET',
  path: '/api/imports/templates/:kind',
  label: '下载名册模板',
  may: ['office'],
  input: z.object({ kind }),
  output: 'workbook',
});

const started = z.object({ id: z.number().int() });

/** The file is the body; `name` is its name. What it is (xlsx, xls, csv, our template) is told by its content. */
export const uploadRoster = contract({
  method: 'POST',
  path: '/api/imports',
  label: '上传名册',
  may: ['office'],
  body: 'file',
  input: z.object({ kind, name: z.string().min(1).max(200) }),
  output: started,
});

export const pasteRoster = contract({
  method: 'POST',
  path: '/api/imports/pasted',
  label: '粘贴名册',
  may: ['office'],
  input: z.object({ kind, text: z.string().min(1, '没有粘贴到内容') }),
  output: started,
});

const counts = z.object({
  total: z.number().int(),
  new: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  wrong: z.number().int(),
  /** Cells put in order silently. */
  tidied: z.number().int(),
  problems: z.array(z.object({ key: z.string(), label: z.string(), count: z.number().int() })),
});

export const importBatch = z.object({
  id: z.number().int(),
  kind: z.string(),
  kindLabel: z.string(),
  organisationName: z.string(),
  personName: z.string().nullable(),
  origin: z.enum(['template', 'workbook', 'paste']),
  fileName: z.string(),
  state,
  counts: counts.nullable(),
  problem: z.string().nullable(),
  createdAt: z.string(),
  committedAt: z.string().nullable(),
  undoneAt: z.string().nullable(),
});
export type ImportBatch = z.infer<typeof importBatch>;

export const listImports = contract({
  method: 'GET',
  path: '/api/imports',
  label: '导入记录',
  may: ['office'],
  input: z.object({ kind: kind.optional(), state: state.optional(), ...pageFields }),
  output: page(importBatch),
});

const columnChoice = z.object({
  index: z.number().int(),
  title: z.string(),
  key: z.string().nullable(),
  confidence: z.number(),
});

export const showImport = contract({
  method: 'GET',
  path: '/api/imports/:id',
  label: '一次导入',
  may: ['office'],
  /** Another sheet or header row than the suggested one may be looked at before it is chosen. */
  input: z.object({ id, sheet: z.string().optional(), headerRow: z.coerce.number().int().positive().optional() }),
  output: importBatch.extend({
    /** Until when the file is kept; after that it can neither be written nor its wrong rows listed. */
    keptUntil: z.string(),
    notes: z.array(z.string()),
    sheets: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
    sheet: z.string().nullable(),
    headerRow: z.number().int().nullable(),
    /** The first rows of the sheet, numbers of telephones and papers veiled. */
    sample: z.array(z.object({ number: z.number().int(), cells: z.array(z.string()) })),
    /** The columns with the field chosen, or suggested as long as none was chosen. */
    columns: z.array(columnChoice),
    fields: rosterKind.shape.fields,
    createMissingAreas: flag,
    skipWrongRows: flag,
    /** How far the step under way has come; null when none is. */
    progress: z.object({ done: z.number().int(), total: z.number().int().nullable(), cancelling: flag }).nullable(),
    newAreas: z.array(z.object({ code: z.string(), name: z.string(), level: z.string(), provisional: z.boolean() })),
    /** What may be done now, and why not. */
    acts: z.array(
      z.object({
        act: z.enum(['map', 'commit', 'cancel', 'undo']),
        label: z.string(),
        allowed: z.boolean(),
        refusals: z.array(z.string()),
      }),
    ),
  }),
});

export const mapImport = contract({
  method: 'POST',
  path: '/api/imports/:id/mapping',
  label: '确认列名并检查',
  may: ['office'],
  input: z.object({
    id,
    sheet: z.string(),
    headerRow: z.number().int().positive(),
    columns: z.array(z.object({ index: z.number().int().min(0), key: z.string().nullable() })).min(1, '请至少对应一列'),
    createMissingAreas: flag.default(false),
    skipWrongRows: flag.default(false),
  }),
  output: started,
});

export const importRow = z.object({
  row: z.number().int(),
  label: z.string(),
  verdict,
  problems: z.array(
    z.object({
      cell: z.string().nullable(),
      title: z.string().nullable(),
      problem: z.string(),
      text: z.string().nullable(),
      sentence: z.string(),
    }),
  ),
  /** Field by field; `before` is null for a new row. */
  fields: z.array(z.object({ key: z.string(), label: z.string(), before: z.string().nullable(), after: z.string() })),
});
export type ImportRow = z.infer<typeof importRow>;

export const listImportRows = contract({
  method: 'GET',
  path: '/api/imports/:id/rows',
  label: '导入的各行',
  may: ['office'],
  input: z.object({ id, verdict: verdict.optional(), problem: z.string().optional(), ...pageFields }),
  output: page(importRow),
});

export const downloadErrors = contract({
  method: 'GET',
  path: '/api/imports/:id/errors',
  label: '下载错误行',
  may: ['office'],
  input: z.object({ id }),
  output: 'workbook',
});

export const commitImport = contract({
  method: 'POST',
  path: '/api/imports/:id/commit',
  label: '写入名册',
  may: ['office'],
  input: z.object({ id, skipWrongRows: flag.optional() }),
  output: started,
});

export const undoImport = contract({
  method: 'POST',
  path: '/api/imports/:id/undo',
  label: '撤销导入',
  may: ['office'],
  input: z.object({ id }),
  output: started,
});

/** Before anything was written; a step under way stops at its next rows, and what it did is undone with it. */
export const cancelImport = contract({
  method: 'POST',
  path: '/api/imports/:id/cancel',
  label: '取消导入',
  may: ['office'],
  input: z.object({ id }),
  output: started,
});
