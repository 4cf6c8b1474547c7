import { z } from 'zod';
import { contract, page, pageFields } from '../../kernel/contract.ts';

/** Standing of a duty on a day: the subtraction's answer for one row. */
export const standingLabels = {
  overdue: '已超期',
  'due-soon': '将到期',
  'not-due': '未到期',
  paused: '暂停',
  met: '已完成',
  waived: '已免除',
  'not-enrolled': '未纳入',
  lapsed: '试算',
} as const;
export type DutyStanding = keyof typeof standingLabels;
export const standings = Object.keys(standingLabels) as [DutyStanding, ...DutyStanding[]];
const standing = z.enum(standings);

const areaCode = z.string().regex(/^(?!00)\d{12}$/, '区划代码应为 12 位数字');
const day = z.string();
const month = z.string().regex(/^(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])$/, '月份应写成 2026-12 的样子');

export const duty = z.object({
  id: z.number().int(),
  matter: z.string(),
  label: z.string(),
  category: z.string().nullable(),
  effect: z.string(),
  clauses: z.array(z.string()),
  source: z.string(),
  packLabel: z.string(),
  subjectKind: z.string(),
  subjectId: z.string(),
  subjectLabel: z.string(),
  estateId: z.number().int().nullable(),
  place: z.string(),
  /** Who receives what is done, who helps the bearer, who guides it: kinds of bodies, in words. */
  owedTo: z.array(z.string()),
  supporting: z.array(z.string()),
  guides: z.array(z.string()),
  bearerId: z.number().int().nullable(),
  bearerKind: z.string(),
  bearerName: z.string().nullable(),
  period: z.string(),
  /** As a filing names it: 2026-Q3. */
  periodKey: z.string(),
  /** Moved by the days of its pauses. */
  dueOn: day,
  /** The rest days of a year it depends on are not known yet. */
  provisional: z.boolean(),
  standing,
  pausedDays: z.number().int(),
  /** The day from which it runs again, while it is paused. */
  pausedUntil: day.nullable(),
  /** The body it waits for and counts against, since when, for how many days. */
  awaitedId: z.number().int().nullable(),
  awaitedName: z.string().nullable(),
  waitingSince: day.nullable(),
  waitingDays: z.number().int().nullable(),
  inTrial: z.boolean(),
  /** Days past the due day; negative before it. */
  daysLate: z.number().int(),
  metOn: day.nullable(),
  filingId: z.number().int().nullable(),
  evidenceDue: z.boolean(),
  waivedReason: z.string().nullable(),
});
export type Duty = z.infer<typeof duty>;

/** The subtraction: what had to be done by now, what of it was, what is owed; and what lies outside of it. */
export const subtraction = z.object({
  required: z.number().int(),
  done: z.number().int(),
  owed: z.number().int(),
  dueSoon: z.number().int(),
  notDue: z.number().int(),
  paused: z.number().int(),
  waived: z.number().int(),
  notEnrolled: z.number().int(),
  lapsed: z.number().int(),
  evidenceDue: z.number().int(),
});
export type Subtraction = z.infer<typeof subtraction>;

export const dutyFilter = {
  area: areaCode.optional(),
  year: z.coerce.number().int().min(2000).max(2200).optional(),
  standing: z.union([standing, z.array(standing)]).optional(),
  category: z.string().optional(),
  matter: z.string().optional(),
  clause: z.string().optional(),
  effect: z.string().optional(),
  /** The body a duty counts against: its bearer, or the one it waits for. */
  bearer: z.coerce.number().int().optional(),
  /** The bearer, even where the duty waits for another. */
  borneBy: z.coerce.number().int().optional(),
  waiting: z.enum(['yes']).optional(),
  estate: z.coerce.number().int().optional(),
  evidenceDue: z.enum(['yes']).optional(),
  /** Only what has fallen due: with `met`, the list behind the subtraction's 已为. */
  fallenDue: z.enum(['yes']).optional(),
  text: z.string().trim().optional(),
  /** Only what is due in this month. */
  month: month.optional(),
};

export const listDuties = contract({
  method: 'GET',
  path: '/api/duties',
  label: '义务清单',
  may: ['office', 'body', 'resident'],
  input: z.object({ ...dutyFilter, ...pageFields }),
  output: page(duty).extend({ today: day }),
});

export const exportDuties = contract({
  method: 'GET',
  path: '/api/duties/export',
  label: '导出义务清单',
  may: ['office', 'body'],
  input: z.object(dutyFilter),
  output: 'workbook',
});

export const readBoard = contract({
  method: 'GET',
  path: '/api/duties/board',
  label: '应为减已为：一地的总账',
  may: ['office', 'body', 'resident'],
  input: z.object({
    area: dutyFilter.area,
    year: dutyFilter.year,
    estate: dutyFilter.estate,
    bearer: dutyFilter.bearer,
  }),
  output: z.object({
    today: day,
    year: z.number().int(),
    total: subtraction,
    categories: z.array(subtraction.extend({ category: z.string() })),
    matters: z.array(
      subtraction.extend({
        matter: z.string(),
        label: z.string(),
        category: z.string().nullable(),
        effect: z.string(),
        clauses: z.array(z.string()),
        packLabel: z.string(),
      }),
    ),
    areas: z.array(subtraction.extend({ code: z.string(), name: z.string(), level: z.string(), inTrial: z.boolean() })),
  }),
});

export const readInterventions = contract({
  method: 'GET',
  path: '/api/duties/interventions',
  label: '要干预清单',
  may: ['office'],
  input: z.object({ area: areaCode.optional(), limit: z.coerce.number().int().min(1).max(100).default(10) }),
  output: z.object({
    today: day,
    items: z.array(
      z.object({
        subjectKind: z.string(),
        subjectId: z.string(),
        subjectLabel: z.string(),
        estateId: z.number().int().nullable(),
        place: z.string(),
        bearerId: z.number().int().nullable(),
        bearerName: z.string().nullable(),
        bearerKind: z.string(),
        overdue: z.number().int(),
        daysLate: z.number().int(),
        worst: z.object({ id: z.number().int(), label: z.string(), period: z.string(), clauses: z.array(z.string()) }),
      }),
    ),
  }),
});

/** An act, whether it is open to the one who asks, and if not why. */
const acts = z.array(
  z.object({ act: z.string(), label: z.string(), allowed: z.boolean(), refusals: z.array(z.string()) }),
);

export const readDuty = contract({
  method: 'GET',
  path: '/api/duties/:id',
  label: '一项义务',
  may: ['office', 'body', 'resident'],
  input: z.object({ id: z.coerce.number().int() }),
  output: duty.extend({
    rhythm: z.string(),
    assumption: z.string().nullable(),
    demands: z.array(z.object({ id: z.string(), section: z.string(), demand: z.string(), force: z.string() })),
    mayFile: z.boolean(),
    /** The last proposal to waive it, and what became of it. */
    waiver: z
      .object({
        state: z.enum(['proposed', 'confirmed', 'declined']),
        reason: z.string(),
        document: z.string().nullable(),
        proposedBy: z.string(),
        proposedOn: day,
        decidedBy: z.string().nullable(),
        answer: z.string().nullable(),
      })
      .nullable(),
    pauses: z.array(
      z.object({
        from: day,
        to: day,
        reason: z.string(),
        basis: z.string(),
        by: z.string(),
        resumedOn: day.nullable(),
        resumedReason: z.string().nullable(),
      }),
    ),
    waits: z.array(
      z.object({
        awaited: z.string(),
        since: day,
        asked: z.string(),
        endedOn: day.nullable(),
        answered: z.boolean().nullable(),
        answer: z.string().nullable(),
        days: z.number().int(),
      }),
    ),
    /** Whom it is taken to while overdue, level after level. */
    escalations: z.array(
      z.object({
        level: z.number().int(),
        after: z.number().int(),
        kind: z.string(),
        /** null: no such body is registered here, and the level is not reached. */
        recipient: z.string().nullable(),
        warnedOn: day.nullable(),
        escalatedOn: day.nullable(),
      }),
    ),
    /** Bodies it may wait for: those above its subject, and those of its estate. */
    awaitable: z.array(z.object({ id: z.number().int(), name: z.string() })),
    acts,
  }),
});

const id = z.coerce.number().int();
const words = (message: string) => z.string().trim().min(4, message).max(2000);
const someDay = z.iso.date('日期应写成 2026-07-10 的样子');

export const proposeWaiver = contract({
  method: 'POST',
  path: '/api/duties/:id/waiver',
  label: '提出免除一项义务',
  may: ['office'],
  input: z.object({ id, reason: words('请写明免除的理由'), document: z.string().trim().optional() }),
  output: duty,
});

export const confirmWaiver = contract({
  method: 'POST',
  path: '/api/duties/:id/waiver/confirmation',
  label: '确认免除一项义务',
  may: ['office'],
  input: z.object({ id }),
  output: duty,
});

export const declineWaiver = contract({
  method: 'POST',
  path: '/api/duties/:id/waiver/declining',
  label: '不同意免除一项义务',
  may: ['office'],
  input: z.object({ id, reason: words('请写明不同意的理由') }),
  output: duty,
});

export const pauseDuty = contract({
  method: 'POST',
  path: '/api/duties/:id/pause',
  label: '暂停一项义务',
  may: ['office'],
  input: z.object({
    id,
    to: someDay,
    reason: words('请写明暂停的理由'),
    basis: words('请写明依据的条款或文件'),
  }),
  output: duty,
});

export const resumeDuty = contract({
  method: 'POST',
  path: '/api/duties/:id/pause/end',
  label: '提前恢复一项义务',
  may: ['office'],
  input: z.object({ id, reason: words('请写明恢复的理由') }),
  output: duty,
});

export const awaitBody = contract({
  method: 'POST',
  path: '/api/duties/:id/wait',
  label: '说明在等哪个单位',
  may: ['office', 'body'],
  input: z.object({ id, awaited: z.coerce.number().int(), since: someDay, asked: words('请写明在等什么') }),
  output: duty,
});

export const answerWait = contract({
  method: 'POST',
  path: '/api/duties/:id/wait/answer',
  label: '答复等待的单位',
  may: ['office', 'body'],
  input: z.object({ id, answer: words('请写明答复') }),
  output: duty,
});

export const stopWaiting = contract({
  method: 'POST',
  path: '/api/duties/:id/wait/end',
  label: '不再等待',
  may: ['office', 'body'],
  input: z.object({ id, reason: words('请写明为什么不再等') }),
  output: duty,
});

export const readWorkbench = contract({
  method: 'GET',
  path: '/api/workbench',
  label: '工作台：我的待办',
  may: ['signed-in'],
  input: z.object({}),
  output: z.object({
    today: day,
    posts: z.array(
      z.object({
        postId: z.number().int(),
        organisationName: z.string(),
        own: subtraction,
        items: z.array(duty),
        /** Duties of others that wait for this body. */
        awaited: z.array(duty.extend({ asked: z.string() })),
        /** Overdue duties taken to this body, and when. */
        escalated: z.array(duty.extend({ escalatedOn: day })),
        /** Duties counted against this body that will be taken further: to whom, and from which day on. */
        warned: z.array(duty.extend({ recipient: z.string(), escalatesOn: day })),
        /** How many of its own wait for others. */
        waiting: z.number().int(),
        /** Proposals to waive that this person may decide. */
        proposals: z.array(duty.extend({ proposedReason: z.string() })),
        supervised: subtraction.nullable(),
      }),
    ),
  }),
});

/** Who owes what under one clause. */
export const readClauseStanding = contract({
  method: 'GET',
  path: '/api/clauses/:id/standing',
  label: '条款的现状',
  may: ['office', 'body', 'resident'],
  input: z.object({ id: z.string(), area: areaCode.optional() }),
  output: z.object({
    today: day,
    total: subtraction,
    owing: z.array(duty),
    bearers: z.array(z.object({ bearerKind: z.string(), owed: z.number().int() })),
  }),
});

/** What one matter asks on one day, of however many. */
export const monthLine = z.object({
  matter: z.string(),
  label: z.string(),
  clauses: z.array(z.string()),
  /** The citation in words: a law has no clause here. */
  source: z.string(),
  effect: z.string(),
  bearerKind: z.string(),
  subjectKind: z.string(),
  period: z.string(),
  dueOn: day,
  /** The holidays that decide about the day are not published yet. */
  provisional: z.boolean(),
  total: z.number().int(),
  done: z.number().int(),
  overdue: z.number().int(),
  /** The duty itself, where there is only one. */
  id: z.number().int().nullable(),
  /** Whom or what it is about: its name, or how many of which kind. */
  about: z.string(),
});
export type MonthLine = z.infer<typeof monthLine>;

const monthInput = z.object({ month, area: areaCode.optional(), bearer: z.coerce.number().int().optional() });

export const readMonth = contract({
  method: 'GET',
  path: '/api/calendar/:month',
  label: '一个月的法定日期',
  may: ['office', 'body'],
  input: monthInput,
  output: z.object({
    today: day,
    month: z.string(),
    days: z.array(
      z.object({ on: day, rest: z.boolean(), marked: z.enum(['rest', 'work']).nullable(), settled: z.boolean() }),
    ),
    lines: z.array(monthLine),
    /** Campaigns whose last day falls into the month. */
    ends: z.array(z.object({ on: day, indicator: z.number().int(), label: z.string(), clauses: z.array(z.string()) })),
  }),
});

export const exportMonth = contract({
  method: 'GET',
  path: '/api/calendar/:month/export',
  label: '导出一个月的法定日期',
  may: ['office', 'body'],
  input: monthInput,
  output: 'workbook',
});

export const downloadMonth = contract({
  method: 'GET',
  path: '/api/calendar/:month/ics',
  label: '下载日历文件',
  may: ['office', 'body'],
  input: monthInput,
  output: 'file',
});

/** What goes on the wall: the month's duties of a community's own bodies, or of one body. */
export const readSheet = contract({
  method: 'GET',
  path: '/api/sheets/:month',
  label: '本月清单',
  may: ['office', 'body'],
  input: monthInput,
  output: z.object({
    today: day,
    month: z.string(),
    name: z.string(),
    lines: z.array(monthLine.extend({ /** Opens the act half filled. */ url: z.string() })),
    /** Overdue since before the month. */
    owed: z.number().int(),
    owedUrl: z.string(),
    /** For the chat of the community; at most 300 characters. */
    chat: z.string(),
  }),
});

/** How every clause stands in an area: which have somebody owing. */
export const readClauseStandings = contract({
  method: 'GET',
  path: '/api/clause-standings',
  label: '各条款的现状',
  may: ['office', 'body', 'resident'],
  input: z.object({ area: areaCode.optional() }),
  output: z.object({
    today: day,
    clauses: z.array(
      z.object({ id: z.string(), required: z.number().int(), done: z.number().int(), owed: z.number().int() }),
    ),
  }),
});

/** Letters drafted from what is owed; numbered and sealed in the office's own system. */
export const draftReminder = contract({
  method: 'POST',
  path: '/api/duties/reminders',
  label: '起草限期补报提醒函',
  may: ['office'],
  input: z.object({
    bearer: z.number().int(),
    until: z.iso.date('日期应写成 2026-07-10 的样子'),
  }),
  output: z.object({ id: z.number().int() }),
});

export const draftMonthNotice = contract({
  method: 'POST',
  path: '/api/duties/month-notices',
  label: '起草本月清单通知',
  may: ['office'],
  input: z.object({ month, area: areaCode }),
  output: z.object({ id: z.number().int() }),
});
