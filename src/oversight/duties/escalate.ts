import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { canonicalJson } from '../../platform/journal.ts';
import { readEscalationWarnDays } from './conventions.ts';

/** The levels that the packs in force name: of which requirement, after how many days, to which kind of body. */
export const levels = sql`(
  select r.id as requirement_id, l.level::int as level, (l.value->>'after')::int as after_days, l.value->>'to' as recipient_kind
  from registers.requirement r cross join lateral jsonb_array_elements(coalesce(r.definition->'escalations', '[]')) with ordinality l (value, level)
  where r.kind = 'duty' and r.retired_at is null)`;

/**
 * Takes overdue duties to whom their packs say, as the engine: a level is warned of first, `warnDays` later it is reached, and the next one is
 * warned of only after that. Neither in trial mode, nor while the due day is provisional, nor where the recipient is not registered. Each step
 * is a row that can exist once: a second scheduler waits for the first and finds nothing left to do.
 */
export async function escalateDuties(
  tx: Transaction,
  today: LocalDate,
): Promise<{ warned: number; escalated: number }> {
  const warnDays = await readEscalationWarnDays(tx, today);
  await sql`select pg_advisory_xact_lock(hashtext('duties.escalate'))`.execute(tx);
  const escalated = await step(
    tx,
    'escalated',
    today,
    sql`d.standing = 'overdue' and d.due_on + l.after_days <= ${today}::date
      and ${stepped('warned', sql`l.level`)} and w.stepped_on <= ${addDays(today, -warnDays)}::date`,
  );
  const warned = await step(
    tx,
    'warned',
    today,
    sql`d.standing in ('overdue', 'due-soon') and d.due_on + l.after_days - ${warnDays}::int <= ${today}::date
      and (l.level = 1 or exists (select from oversight.escalation w where ${stepped('escalated', sql`l.level - 1`)}))`,
  );
  const bodies = [...new Set([...escalated, ...warned])].sort((a, b) => a - b);
  if (bodies.length > 0) {
    const count = (of: readonly number[], body: number) => of.filter((one) => one === body).length;
    await sql`select platform.record_each(${sql.val(bodies.map((body) => `organisation:${body}`))}::text[], 'duties.escalated', ${`day:${today}`},
      ${sql.val(bodies.map((body) => canonicalJson({ escalated: count(escalated, body), warned: count(warned, body) })))}::text[])`.execute(
      tx,
    );
  }
  return { warned: warned.length, escalated: escalated.length };
}

/** Writes one stage wherever `when` holds; answers on whose chain each row is told: the recipient's, or the warned body's. */
async function step(
  tx: Transaction,
  stage: 'warned' | 'escalated',
  today: LocalDate,
  when: Fragment,
): Promise<number[]> {
  const warnings = stage === 'escalated' ? sql`cross join oversight.escalation w` : sql``;
  const { rows } = await sql<{ body: number }>`
    insert into oversight.escalation (requirement_id, subject_kind, subject_id, period, scope, estate_id, level, stage, due_on, after_days, answerable_id, recipient_id, stepped_on)
    select d.requirement_id, d.subject_kind, d.subject_id, d.period, d.scope, d.estate_id, l.level, ${stage}, d.due_on, l.after_days,
      coalesce(d.awaited_id, d.bearer_id), o.id, ${today}::date
    from ${levels} l join oversight.duty_standing d on d.requirement_id = l.requirement_id
    join registers.organisation o on o.id = registers.nearest_body(l.recipient_kind, d.scope) ${warnings}
    where not d.in_trial and not d.provisional and d.effect not in ('trial', 'informs') and ${when}
    order by d.requirement_id, d.subject_kind, d.subject_id, d.period, l.level
    on conflict do nothing returning ${sql.raw(stage === 'warned' ? 'coalesce(answerable_id, recipient_id)' : 'recipient_id')} as body`.execute(
    tx,
  );
  return rows.map((row) => row.body);
}

/** `w` is the row of this stage and level of the duty `d`. */
function stepped(stage: 'warned' | 'escalated', level: Fragment): Fragment {
  return sql`w.requirement_id = d.requirement_id and w.subject_kind = d.subject_kind and w.subject_id = d.subject_id and w.period = d.period
    and w.stage = ${stage} and w.level = ${level}`;
}
