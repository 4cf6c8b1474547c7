import { type LocalDate, yearOf } from '../../kernel/local-date.ts';
import type { DutyEntry } from '../../law/pack.ts';
import { ORGANISATION_KINDS, type OrganisationKind } from '../../law/pack.ts';
import { formatDue } from '../../law/recurrence.ts';
import type { Transaction } from '../../platform/database.ts';
import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Person, type Route, route } from '../../platform/http.ts';
import { inEachPost } from '../../registers/people/index.ts';
import {
  answerWait,
  awaitBody,
  type By,
  confirmWaiver,
  declineWaiver,
  pauseDuty,
  proposeWaiver,
  resumeDuty,
  seenOf,
  stopWaiting,
} from './commands.ts';
import * as contracts from './contract.ts';
import { readEscalationWarnDays } from './conventions.ts';
import { letterRoutes } from './letter-routes.ts';
import { monthRoutes } from './month-routes.ts';
import {
  bearersOwing,
  countDuties,
  escalatedTo,
  findDuties,
  findDuty,
  findEscalations,
  findInterventions,
  findProposals,
  readBefallen,
  readBoardOf,
  readRuleOf,
  sumByClause,
  sumDuties,
  waitsFor,
  warnedOf,
} from './queries.ts';
import { digitsBelow, dutyActLabels, dutyActs, refusalsOfAct } from './rules.ts';

/** Items of one post on the workbench; the rest is a list away. */
const WORKBENCH_ITEMS = 50;

/** An owner acts for no body: the number names none. */
function byOf({ personId, post, actor }: Person, today: LocalDate): By {
  return {
    personId,
    postId: post.id,
    organisationId: post.organisationId ?? -1,
    isOffice: actor.standing === 'office',
    today,
  };
}

const nothingAsked = { awaited: [], waiting: 0, escalated: [], warned: [] };

/** What others ask of a body, and what will be asked of others because of it. */
async function askedOf(tx: Transaction, body: number, today: LocalDate) {
  return {
    awaited: await waitsFor(tx, body, WORKBENCH_ITEMS),
    waiting: await countDuties(tx, { borneBy: body, waiting: 'yes' }),
    escalated: await escalatedTo(tx, body, WORKBENCH_ITEMS),
    warned: await warnedOf(tx, body, await readEscalationWarnDays(tx, today), WORKBENCH_ITEMS),
  };
}

export const routes: Route[] = [
  route(contracts.listDuties, ({ input, act, today }) =>
    act(async (tx) => ({ ...(await findDuties(tx, input, input)), offset: input.offset, limit: input.limit, today })),
  ),

  route(contracts.exportDuties, async (asked) => {
    const { rows } = await asked.act((tx) => findDuties(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '义务清单',
        notes: [`口径：截至 ${asked.today}；应为来自现行政策包，已为来自报备；纳入之前到期的不计。`],
        items: rows,
        columns: [
          { title: '事项', kind: 'text', width: 36, of: (one) => one.label },
          { title: '对象', kind: 'text', width: 24, of: (one) => one.subjectLabel },
          { title: '所在', kind: 'text', width: 20, of: (one) => one.place },
          { title: '责任单位', kind: 'text', width: 32, unknown: '待补', of: (one) => one.bearerName },
          { title: '办给谁', under: '责任单位', kind: 'text', width: 20, of: (one) => one.owedTo.join('、') || null },
          {
            title: '配合单位',
            under: '责任单位',
            kind: 'text',
            width: 20,
            of: (one) => one.supporting.join('、') || null,
          },
          { title: '指导单位', kind: 'text', width: 20, of: (one) => one.guides.join('、') || null },
          { title: '期间', kind: 'text', width: 16, of: (one) => one.period },
          { title: '应办日期', kind: 'date', of: (one) => one.dueOn },
          { title: '状态', kind: 'text', of: (one) => contracts.standingLabels[one.standing] },
          { title: '暂停到', under: '状态', kind: 'date', of: (one) => one.pausedUntil },
          { title: '在等哪个单位', under: '状态', kind: 'text', width: 28, of: (one) => one.awaitedName },
          { title: '等了几天', under: '状态', kind: 'integer', of: (one) => one.waitingDays },
          { title: '期限暂定', under: '状态', kind: 'text', of: (one) => (one.provisional ? '暂定' : null) },
          {
            title: '超期天数',
            under: '状态',
            kind: 'integer',
            of: (one) => (one.standing === 'overdue' ? one.daysLate : null),
          },
          { title: '办成日期', kind: 'date', of: (one) => one.metOn },
          { title: '依据', kind: 'text', width: 40, of: (one) => one.source },
          { title: '免除理由', under: '状态', kind: 'text', width: 24, of: (one) => one.waivedReason },
        ],
      }),
    );
  }),

  route(contracts.readBoard, ({ input, act, person, today }) =>
    act(async (tx) => {
      const year = input.year ?? yearOf(today);
      // A body's own area is where it is registered, not where its estates lie.
      const area = input.area ?? (person.actor.standing === 'office' ? person.post.areaCode : null) ?? undefined;
      return {
        today,
        year,
        ...(await readBoardOf(tx, { area, year, estate: input.estate, bearer: input.bearer }, digitsBelow(area))),
      };
    }),
  ),

  route(contracts.readInterventions, ({ input, act, today }) =>
    act(async (tx) => ({ today, items: await findInterventions(tx, { area: input.area }, input.limit) })),
  ),

  route(contracts.readDuty, ({ input, act, person, today }) =>
    act(async (tx) => {
      const duty = await findDuty(tx, input.id);
      if (!duty) return notFound('没有这项义务，或不在您的辖区内。');
      const { definition, demands } = await readRuleOf(tx, duty.requirementId);
      const entry = definition as DutyEntry;
      const befallen = await readBefallen(tx, duty);
      const by = byOf(person, today);
      const open = duty.standing !== 'met' && duty.standing !== 'waived';
      return {
        ...duty,
        ...befallen,
        escalations: (await findEscalations(tx, duty.id)).map((one) => ({
          ...one,
          kind: ORGANISATION_KINDS[one.kind as OrganisationKind],
        })),
        rhythm: formatDue(entry.due),
        assumption: entry.assumption,
        demands,
        mayFile: open && (by.isOffice || (duty.bearerId !== null && duty.bearerId === by.organisationId)),
        acts: dutyActs.map((name) => {
          const refusals = refusalsOfAct(name, seenOf(duty, befallen), by, today);
          return {
            act: name,
            label: dutyActLabels[name],
            allowed: refusals.length === 0,
            refusals: refusals.map((one) => one.reason),
          };
        }),
      };
    }),
  ),

  route(contracts.proposeWaiver, ({ input, act, person, today }) =>
    act((tx) => proposeWaiver(tx, input, byOf(person, today))),
  ),
  route(contracts.confirmWaiver, ({ input, act, person, today }) =>
    act((tx) => confirmWaiver(tx, input, byOf(person, today))),
  ),
  route(contracts.declineWaiver, ({ input, act, person, today }) =>
    act((tx) => declineWaiver(tx, input, byOf(person, today))),
  ),
  route(contracts.pauseDuty, ({ input, act, person, today }) => act((tx) => pauseDuty(tx, input, byOf(person, today)))),
  route(contracts.resumeDuty, ({ input, act, person, today }) =>
    act((tx) => resumeDuty(tx, input, byOf(person, today))),
  ),
  route(contracts.awaitBody, ({ input, act, person, today }) => act((tx) => awaitBody(tx, input, byOf(person, today)))),
  route(contracts.answerWait, ({ input, act, person, today }) =>
    act((tx) => answerWait(tx, input, byOf(person, today))),
  ),
  route(contracts.stopWaiting, ({ input, act, person, today }) =>
    act((tx) => stopWaiting(tx, input, byOf(person, today))),
  ),

  route(contracts.readClauseStanding, ({ input, act, today }) =>
    act(async (tx) => {
      const filter = { clause: input.id, area: input.area };
      const { rows: items } = await findDuties(tx, { ...filter, standing: 'overdue' }, { offset: 0, limit: 20 });
      return { today, total: await sumDuties(tx, filter), owing: items, bearers: await bearersOwing(tx, filter) };
    }),
  ),

  route(contracts.readClauseStandings, ({ input, act, today }) =>
    act(async (tx) => ({ today, clauses: await sumByClause(tx, input) })),
  ),

  // One list over all posts.
  route(contracts.readWorkbench, async (asked) => {
    const { person, today } = asked;
    const posts = await inEachPost(asked, async (tx, post, actor) => {
      const mine = { bearer: post.organisationId ?? -1 };
      // An owner bears no duty; what stands open in the estate is shown instead.
      const open = post.organisationId === null ? {} : mine;
      const { rows: items } = await findDuties(
        tx,
        { ...open, standing: ['overdue', 'due-soon'] },
        { offset: 0, limit: WORKBENCH_ITEMS },
      );
      return {
        postId: post.id,
        organisationName: post.organisationName,
        own: await sumDuties(tx, { ...mine, year: yearOf(today) }),
        items,
        ...(post.organisationId === null ? nothingAsked : await askedOf(tx, post.organisationId, today)),
        proposals:
          actor.standing === 'office' && post.organisationId !== null
            ? await findProposals(tx, person.personId, post.organisationId, WORKBENCH_ITEMS)
            : [],
        supervised: actor.standing === 'office' ? await sumDuties(tx, { year: yearOf(today) }) : null,
      };
    });
    return { today, posts };
  }),

  ...monthRoutes,
  ...letterRoutes,
];
