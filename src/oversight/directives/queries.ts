import { type LocalDate, localDate } from '../../kernel/local-date.ts';
import { judge } from '../../law/procedure.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { Person } from '../../platform/http.ts';
import type { By, DirectiveAct, DirectiveInHand } from './directives.ts';
import { directiveProcedure } from './procedure.ts';
import { roleOn } from './rules.ts';
import {
  countWhere,
  type DirectiveRow,
  findClause,
  findOwed,
  pageOfDirectives,
  selectDirectives,
  selectSteps,
} from './store.ts';

export interface DirectiveFilter {
  side: 'received' | 'sent' | 'all';
  open?: 'yes' | 'no' | 'overdue' | undefined;
  from?: number | undefined;
  to?: number | undefined;
  clause?: string | undefined;
}

/** `d` is the standing of a directive; what is in sight is narrowed by row-level security. */
function wanted({ side, open, from, to, clause }: DirectiveFilter): Fragment {
  const mine = sql`(select platform.my_organisation())`;
  return sql.join(
    [
      side === 'received' ? sql`d.to_id = ${mine}` : side === 'sent' ? sql`d.from_id = ${mine}` : sql`true`,
      ...(open === 'overdue' ? [sql`d.overdue`] : open ? [sql`d.is_open = ${open === 'yes'}`] : []),
      ...(from === undefined ? [] : [sql`d.from_id = ${from}::int`]),
      ...(to === undefined ? [] : [sql`d.to_id = ${to}::int`]),
      ...(clause === undefined ? [] : [sql`d.clause_id = ${clause}`]),
    ],
    sql` and `,
  );
}

export async function findDirectives(
  tx: Transaction,
  filter: DirectiveFilter,
  page: { offset: number; limit: number },
): Promise<{ rows: DirectiveRow[]; total: number }> {
  return pageOfDirectives(tx, wanted(filter), page);
}

/** Ours: more than these are read in the list. */
const MOST_AT_HAND = 50;

/** The directives whose next act is one's own body's: what was asked of it and not answered, what it asked and has been answered. */
export async function findMyTurn(tx: Transaction): Promise<DirectiveRow[]> {
  const mine = sql`(select platform.my_organisation())`;
  return selectDirectives(
    tx,
    sql`(d.to_id = ${mine} and d.state = 'open') or (d.from_id = ${mine} and d.state in ('answered', 'extension-asked'))`,
    { offset: 0, limit: MOST_AT_HAND },
  );
}

export async function findDirective(tx: Transaction, id: number): Promise<DirectiveRow | undefined> {
  return (await selectDirectives(tx, sql`d.id = ${id}::int`))[0];
}

/** How many each body received, and from whom: one's own first. What was taken back is not counted. */
export async function countReceived(tx: Transaction) {
  const { rows } = await sql<{
    toId: number;
    toName: string;
    fromId: number;
    fromName: string;
    mine: boolean;
    total: number;
    open: number;
    overdue: number;
  }>`
    select d.to_id as "toId", t.name as "toName", d.from_id as "fromId", f.name as "fromName", coalesce(d.to_id = platform.my_organisation(), false) as mine,
      count(*)::int as total, count(*) filter (where d.is_open)::int as open, count(*) filter (where d.overdue)::int as overdue
    from oversight.directive_standing d join registers.organisation f on f.id = d.from_id join registers.organisation t on t.id = d.to_id
    where d.state <> 'withdrawn' group by 1, 2, 3, 4 order by 5 desc, 6 desc, 2, 4`.execute(tx);
  return rows;
}

/** A directive with all that its acts are judged by. */
export async function inHand(
  tx: Transaction,
  of: DirectiveRow,
  today: LocalDate,
  until: LocalDate | null = null,
): Promise<DirectiveInHand> {
  const above = of.aboveId === null ? undefined : await findDirective(tx, of.aboveId);
  const duty = await dutyOf(tx, of);
  return {
    today,
    due: localDate(of.due),
    until,
    dueAbove: above ? localDate(above.due) : null,
    openBelow: await countWhere(tx, sql`d.above_id = ${of.id}::int and d.is_open`),
    done: duty ? duty.standing === 'met' || duty.standing === 'waived' : null,
  };
}

async function dutyOf(tx: Transaction, of: DirectiveRow) {
  return of.matter === null
    ? undefined
    : findOwed(
        tx,
        sql`d.matter = ${of.matter} and d.subject_kind = ${of.subjectKind} and d.subject_id = ${of.subjectId} and d.period = ${of.periodKey}`,
      );
}

export function judgeStep(of: DirectiveRow, noun: DirectiveInHand, person: Pick<By, 'post'>, act: DirectiveAct) {
  return judge(directiveProcedure, act, {
    state: of.state,
    role: roleOn(of, person.post.organisationId),
    noun,
    on: noun.today,
  });
}

/** What the page of one directive shows: the chain above and below, every step, and which acts are open and why not. */
export async function readDirectiveOf(tx: Transaction, id: number, person: Person, today: LocalDate) {
  const of = await findDirective(tx, id);
  if (!of) return undefined;
  const noun = await inHand(tx, of, today);
  const duty = await dutyOf(tx, of);
  const role = roleOn(of, person.post.organisationId);
  const acts = (Object.keys(directiveProcedure.steps) as DirectiveAct[]).filter((act) => {
    const { from, by } = directiveProcedure.steps[act];
    return from.includes(of.state) && by.includes(role);
  });
  return {
    ...of,
    clauseDemand: (await findClause(tx, of.clauseId))?.demand ?? null,
    duty: duty ? { id: duty.id, label: duty.label, standing: duty.standing, filingId: duty.filingId } : null,
    above: (of.aboveId === null ? undefined : await findDirective(tx, of.aboveId)) ?? null,
    below: await selectDirectives(tx, sql`d.above_id = ${id}::int`),
    steps: (await selectSteps(tx, id)).map((step) => ({
      ...step,
      by: step.by ?? '—',
      label: directiveProcedure.steps[step.act as DirectiveAct].label,
    })),
    acts: acts.map((act) => {
      const verdict = judgeStep(of, noun, person, act);
      return {
        act,
        label: directiveProcedure.steps[act].label,
        allowed: verdict.allowed,
        refusals: verdict.allowed ? [] : verdict.refusals.map((one) => one.reason),
      };
    }),
  };
}
