import { type LocalDate, labelOfPeriod, localDate } from '../../kernel/local-date.ts';
import { verdictOf } from '../../kernel/results.ts';
import { SUBJECTS, type Subject } from '../../law/conditions.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { type By, draftDocument } from '../../procedures/documents/index.ts';
import * as contracts from './contract.ts';
import { type LetterItem, monthNoticeOf, refusalsOfReminder, reminderOf } from './letters.ts';
import { findBodiesOf, findLines, TOLD } from './month-queries.ts';
import { standing, wanted } from './queries.ts';

/** What a body owes, one item a matter, period and day; calculated on trial and only told is not in it. */
async function findOwedItems(tx: Transaction, bearer: number): Promise<LetterItem[]> {
  const { rows } = await sql<Omit<LetterItem, 'about'> & { total: number; subjectKind: string; subjectLabel: string }>`
    select r.label, r.clauses, r.source, d.subject_kind as "subjectKind", d.period, d.due_on as "dueOn", platform.today() - d.due_on as "daysLate",
      count(*)::int as total, min(d.subject_label) as "subjectLabel"
    from ${standing} where ${wanted({ bearer, standing: 'overdue' })} and d.effect <> all (${sql.val(TOLD)}::text[])
    group by r.id, r.label, r.clauses, r.source, d.subject_kind, d.period, d.due_on order by d.due_on, r.id, d.period`.execute(
    tx,
  );
  return rows.map(({ total, subjectKind, subjectLabel, ...item }) => ({
    ...item,
    period: labelOfPeriod(item.period),
    about: total === 1 ? subjectLabel : `${total} 个${SUBJECTS[subjectKind as Subject].label}`,
  }));
}

/** Where a letter to a body belongs: at the body, or, when that is registered elsewhere, at the office that writes. */
async function placeFor(tx: Transaction, body: number, { actor, post }: By): Promise<{ scope: string }> {
  const { rows } = await sql<{
    scope: string;
  }>`select scope from registers.organisation where id = ${body}::int`.execute(tx);
  const scope = rows[0]?.scope;
  const inRange = scope !== undefined && scope >= (actor.lo ?? '') && scope < (actor.hi ?? '');
  return { scope: inRange ? scope : (post.areaCode ?? '') };
}

/** Drafts a reminder to a body of all it owes, to be made up until a day. */
export async function draftReminderTo(
  tx: Transaction,
  person: By,
  input: { bearer: number; until: string },
  today: LocalDate,
  system: Parameters<typeof draftDocument>[4],
) {
  const items = await findOwedItems(tx, input.bearer);
  const until = localDate(input.until);
  const verdict = verdictOf(refusalsOfReminder({ today, until, items: items.length }));
  if (!verdict.allowed) return verdict;
  const draft = {
    ...reminderOf({ items, until, today }),
    kind: 'reminder' as const,
    toId: input.bearer,
    place: await placeFor(tx, input.bearer, person),
    isPublic: false,
    about: `bearer:${input.bearer}`,
  };
  return draftDocument(tx, person, draft, today, system);
}

export const letterRoutes: Route[] = [
  route(contracts.draftReminder, ({ input, act, person, today, system }) =>
    act((tx) => draftReminderTo(tx, person, input, today, system)),
  ),

  route(contracts.draftMonthNotice, ({ input, act, person, today, system }) =>
    act(async (tx) => {
      const community = await findBodiesOf(tx, input.area);
      if (!community) return notFound('没有这个社区。本月清单按社区发通知。');
      const lines = await findLines(tx, { month: input.month, bearers: community.ids }, { binding: true });
      const open = lines.filter((line) => line.done < line.total).map((line) => ({ ...line, daysLate: 0 }));
      const draft = {
        ...monthNoticeOf({ name: community.name, month: input.month, items: open }),
        kind: 'month-notice' as const,
        addressee: `${community.name}各单位`,
        place: { area: input.area },
        isPublic: true,
        about: `month:${input.month}`,
      };
      // A letter that says there is nothing to do is not written.
      return draftDocument(tx, person, open.length === 0 ? { ...draft, passages: [] } : draft, today, system);
    }),
  ),
];
