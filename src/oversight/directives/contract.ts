import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

export const directiveStates = {
  open: '办理中',
  'extension-asked': '申请延期中',
  answered: '已答复，待核',
  closed: '已办结',
  withdrawn: '已撤回',
} as const;
export type DirectiveState = keyof typeof directiveStates;

/** What the system shows already, with the page where it stands: nobody is asked for it again. */
export const shownLists = {
  estates: '小区',
  companies: '物业企业',
  committees: '业委会',
  organisations: '单位',
  duties: '义务',
  filings: '报备',
  indicators: '指标',
} as const;
export type ShownList = keyof typeof shownLists;

/** Whose directives are listed: those my body received, those it sent, or all within sight. */
export const sides = { received: '我收到的', sent: '我发出的', all: '辖区内全部' } as const;

const state = z.enum(Object.keys(directiveStates) as [DirectiveState, ...DirectiveState[]]);
const day = z.iso.date('日期应写成 2026-07-10 的样子');
const id = z.coerce.number().int();

export const directive = z.object({
  id: z.number().int(),
  aboveId: z.number().int().nullable(),
  clauseId: z.string(),
  title: z.string(),
  demand: z.string(),
  matter: z.string().nullable(),
  subjectLabel: z.string().nullable(),
  period: z.string().nullable(),
  fromId: z.number().int(),
  fromName: z.string(),
  toId: z.number().int(),
  toName: z.string(),
  /** Who asked first, at the top of the chain. */
  originName: z.string(),
  issuedOn: day,
  /** With the last extension granted. */
  due: day,
  state,
  overdue: z.boolean(),
  daysLate: z.number().int(),
});
export type Directive = z.infer<typeof directive>;

const filter = {
  side: z.enum(['received', 'sent', 'all']).default('received'),
  open: z.enum(['yes', 'no', 'overdue']).optional(),
  from: id.optional(),
  to: id.optional(),
  clause: z.string().optional(),
};

export const listDirectives = contract({
  method: 'GET',
  path: '/api/directives',
  label: '督办清单',
  may: ['office', 'body'],
  input: z.object({ ...filter, ...pageFields }),
  output: page(directive),
});

export const exportDirectives = contract({
  method: 'GET',
  path: '/api/directives/export',
  label: '导出督办清单',
  may: ['office', 'body'],
  input: z.object(filter),
  output: 'workbook',
});

export const countDirectives = contract({
  method: 'GET',
  path: '/api/directives/received',
  label: '各单位收到多少督办、谁发的',
  may: ['office', 'body'],
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        toId: z.number().int(),
        toName: z.string(),
        fromId: z.number().int(),
        fromName: z.string(),
        mine: z.boolean(),
        total: z.number().int(),
        open: z.number().int(),
        overdue: z.number().int(),
      }),
    ),
  }),
});

export const listMyTurn = contract({
  method: 'GET',
  path: '/api/directives/my-turn',
  label: '轮到我办的督办',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({ items: z.array(directive.extend({ postId: z.number().int() })) }),
});

export const readDirective = contract({
  method: 'GET',
  path: '/api/directives/:id',
  label: '一件督办',
  may: ['office', 'body'],
  input: z.object({ id }),
  output: directive.extend({
    clauseDemand: z.string().nullable(),
    /** The duty it asks for, as far as it is in sight. */
    duty: z
      .object({ id: z.number().int(), label: z.string(), standing: z.string(), filingId: z.number().int().nullable() })
      .nullable(),
    above: directive.nullable(),
    below: z.array(directive),
    steps: z.array(
      z.object({
        id: z.number().int(),
        act: z.string(),
        label: z.string(),
        note: z.string(),
        until: day.nullable(),
        organisationName: z.string(),
        by: z.string(),
        takenOn: day,
      }),
    ),
    acts: z.array(
      z.object({ act: z.string(), label: z.string(), allowed: z.boolean(), refusals: z.array(z.string()) }),
    ),
  }),
});

const demand = z.string().trim().min(4, '请写明要办什么').max(1000);

export const issueDirective = contract({
  method: 'POST',
  path: '/api/directives',
  label: '发出督办',
  may: ['office'],
  input: z.object({
    to: id,
    clauseId: z.string().trim().min(1, '请写明依据哪一条'),
    title: z.string().trim().min(2, '请写明事由').max(100),
    demand,
    dueOn: day,
    /** The overdue duty asked for. */
    duty: id.optional(),
    /** A list or figure asked for. */
    wants: z.enum(Object.keys(shownLists) as [ShownList, ...ShownList[]]).optional(),
  }),
  output: z.object({ id: z.number().int() }),
});

export const passOnDirective = contract({
  method: 'POST',
  path: '/api/directives/:id/passing-on',
  label: '转办下级',
  may: ['office'],
  input: z.object({ id, to: id, demand, dueOn: day }),
  output: z.object({ id: z.number().int() }),
});

export const stepActs = ['reply', 'askExtension', 'extend', 'decline', 'return', 'close', 'withdraw'] as const;
export type StepAct = (typeof stepActs)[number];

export const takeStep = contract({
  method: 'POST',
  path: '/api/directives/:id/steps',
  label: '办理督办：答复、延期、退回、办结、撤回',
  may: ['office', 'body'],
  input: z.object({
    id,
    act: z.enum(stepActs),
    note: z.string().trim().min(2, '请写明情况或理由').max(2000),
    until: day.optional(),
  }),
  output: z.object({ id: z.number().int() }),
});

export const draftLetter = contract({
  method: 'POST',
  path: '/api/directives/:id/letter',
  label: '起草督办函',
  may: ['office'],
  input: z.object({ id }),
  output: z.object({ id: z.number().int() }),
});
