/**
 * What invented offices ask of one another: each by the command an officer would use, on the day it would have been. One is passed on and waits for the
 * body below, one asks for an overdue duty, one is late, one wants more time, one is answered, one is done with.
 */
import { divisionRange } from '../../kernel/identifiers.ts';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { issueDirective, passOnDirective, takeStep } from '../../oversight/directives/index.ts';
import { type Database, sql, type Transaction } from '../../platform/database.ts';
import type { Refused } from '../../platform/http.ts';
import type { cast } from './names.ts';

type Part = keyof typeof cast &
  ('bureauOfficer' | 'departmentOfficer' | 'subdistrictOfficer' | 'westOfficer' | 'communityWorker');
type Officer = (part: Part) => Promise<{ personId: number; postId: number; organisationId: number; area: string }>;

interface Step {
  by: Part;
  daysAgo: number;
  note: string;
  act: 'reply' | 'askExtension' | 'close' | 'return';
  /** Days from the anchor, for an extension. */
  until?: number;
}

interface Story {
  from: Part;
  to: Part;
  /** How many days before the anchor it was issued, and how many after the anchor it falls due. */
  daysAgo: number;
  due: number;
  clause: string;
  title: string;
  demand: string;
  passedOn?: { to: Part; daysAgo: number; due: number; demand: string };
  steps?: Step[];
}

const stories: readonly Story[] = [
  {
    from: 'bureauOfficer',
    to: 'subdistrictOfficer',
    daysAgo: 9,
    due: 12,
    clause: 'LC-4.2d',
    title: '老旧小区党群服务站选点',
    demand: '请提出能改作党群服务站的物业用房或架空层，说明产权和改造条件。',
    passedOn: {
      to: 'communityWorker',
      daysAgo: 7,
      due: 6,
      demand: '请先到各小区看场地，提出一处，写明面积和要改什么。',
    },
  },
  {
    from: 'bureauOfficer',
    to: 'westOfficer',
    daysAgo: 26,
    due: -3,
    clause: 'LC-3.8d',
    title: '阳台、露台花盆加固',
    demand: '请逐栋劝导，把临街阳台上没有固定的花盆移走或固定，报处理经过。',
  },
  {
    from: 'departmentOfficer',
    to: 'westOfficer',
    daysAgo: 15,
    due: 2,
    clause: 'LC-2.3d',
    title: '推荐样板小区党支部',
    demand: '请推荐一个，写明机制、队伍、活动、场地四方面的做法。',
    steps: [{ by: 'westOfficer', daysAgo: 1, act: 'askExtension', until: 14, note: '两个支部正在换届，换届后再定。' }],
  },
  {
    from: 'bureauOfficer',
    to: 'subdistrictOfficer',
    daysAgo: 18,
    due: 1,
    clause: 'LC-5.2a',
    title: '红色物业做法一则',
    demand: '请写一则本街道的做法，八百字以内，说清做了什么、解决了什么。',
    steps: [
      { by: 'subdistrictOfficer', daysAgo: 2, act: 'reply', note: '已写成“一张长桌议停车”，附在春江花园的材料里。' },
    ],
  },
  {
    from: 'departmentOfficer',
    to: 'subdistrictOfficer',
    daysAgo: 40,
    due: -14,
    clause: 'LC-2.1c',
    title: '业委会委员党课名额',
    demand: '请定下参加第二期党课的业委会委员，并说明没有参加的原因。',
    steps: [
      { by: 'subdistrictOfficer', daysAgo: 20, act: 'reply', note: '六人参加，两人因出差改下一期。' },
      { by: 'departmentOfficer', daysAgo: 19, act: 'return', note: '请写明改到哪一期、由谁联系。' },
      { by: 'subdistrictOfficer', daysAgo: 17, act: 'reply', note: '改到第三期，由春江社区联系。' },
      { by: 'departmentOfficer', daysAgo: 16, act: 'close', note: '已清楚，第三期再看。' },
    ],
  },
];

/** Carries the stories out; what stands already from a start that was cut off is left as it is. */
export async function issueDirectives(database: Database, officer: Officer, anchor: LocalDate): Promise<void> {
  const as = async <Result>(part: Part, day: LocalDate, work: (tx: Transaction, by: Acting) => Promise<Result>) => {
    const { area, personId, postId, organisationId } = await officer(part);
    const range = divisionRange(area);
    const by = { personId, post: { id: postId, organisationId }, actor: range };
    return database.transaction({ standing: 'office', ...range, personId, postId, organisationId, today: day }, (tx) =>
      work(tx, by),
    );
  };
  const bodyOf = async (part: Part) => (await officer(part)).organisationId;
  for (const { from, to, daysAgo, due, clause, title, demand, passedOn, steps = [] } of stories) {
    const asked = { to: await bodyOf(to), clauseId: clause, title, demand, dueOn: addDays(anchor, due) };
    const day = addDays(anchor, -daysAgo);
    const id = await as(
      from,
      day,
      async (tx, by) => (await standing(tx, title, asked.to)) ?? made(await issueDirective(tx, by, asked, day)),
    );
    if (passedOn) {
      const next = { id, to: await bodyOf(passedOn.to), demand: passedOn.demand, dueOn: addDays(anchor, passedOn.due) };
      const then = addDays(anchor, -passedOn.daysAgo);
      await as(
        to,
        then,
        async (tx, by) => (await standing(tx, title, next.to)) ?? made(await passOnDirective(tx, by, next, then)),
      );
    }
    for (const [at, { by: part, daysAgo: ago, until, ...step }] of steps.entries()) {
      const then = addDays(anchor, -ago);
      await as(part, then, async (tx, by) => {
        if ((await taken(tx, id)) > at) return;
        made(
          await takeStep(
            tx,
            by,
            { id, ...step, until: until === undefined ? undefined : addDays(anchor, until) },
            then,
          ),
        );
      });
    }
  }
  await askForOverdue(as, bodyOf, anchor);
}

type Acting = Parameters<typeof issueDirective>[1];

/** The sub-district asks for one duty that is overdue: of its community, if that owes one, or of who else bears it. */
async function askForOverdue(
  as: <Result>(part: Part, day: LocalDate, work: (tx: Transaction, by: Acting) => Promise<Result>) => Promise<Result>,
  bodyOf: (part: Part) => Promise<number>,
  anchor: LocalDate,
): Promise<void> {
  const community = await bodyOf('communityWorker');
  await as('subdistrictOfficer', anchor, async (tx, by) => {
    const { rows } = await sql<{ id: number; clause: string; label: string; to: number }>`
      select d.id, r.clauses[1] as clause, r.label, d.bearer_id as "to" from oversight.duty_standing d join registers.requirement r on r.id = d.requirement_id
      where d.bearer_id <> ${by.post.organisationId} and d.effect = 'opens-duty' and d.standing = 'overdue' and exists (select from registers.clause c where c.id = r.clauses[1])
      order by d.bearer_id = ${community} desc, d.awaited_id nulls last, d.matter, d.due_on, d.scope limit 1`.execute(
      tx,
    );
    const [owed] = rows;
    if (!owed || (await standing(tx, owed.label, owed.to))) return;
    const demand = '已经超期。请办成并报备；要等别的单位的，写明在等什么。';
    made(
      await issueDirective(
        tx,
        by,
        { to: owed.to, clauseId: owed.clause, title: owed.label, demand, dueOn: addDays(anchor, 10), duty: owed.id },
        anchor,
      ),
    );
  });
}

async function standing(tx: Transaction, title: string, to: number): Promise<number | undefined> {
  const { rows } = await sql<{
    id: number;
  }>`select id from oversight.directive where title = ${title} and to_id = ${to}`.execute(tx);
  return rows[0]?.id;
}

async function taken(tx: Transaction, id: number): Promise<number> {
  const { rows } = await sql<{
    steps: number;
  }>`select count(*)::int as steps from oversight.directive_step where directive_id = ${id}`.execute(tx);
  return rows[0]!.steps;
}

/** Refused in the demo means that the demo is wrong. */
function made(result: { id: number } | Refused): number {
  if ('id' in result) return result.id;
  throw new Error(`演示督办没有发出：${JSON.stringify(result)}`);
}
