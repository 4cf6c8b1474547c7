/** What the invented bodies have done: filings made from the duties they owe, whatever the packs say, with gaps as they are found in life. */
import type { LocalDate } from '../../kernel/local-date.ts';
import type { Condition } from '../../law/conditions.ts';
import type { DutyEntry, IndicatorEntry } from '../../law/pack.ts';
import { EVENTS } from '../../law/recurrence.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { FileStore } from '../../platform/files.ts';
import { requirementsByRange } from '../../registers/requirements/index.ts';
import { subjectsOn } from '../../registers/subjects/index.ts';

/** A number from 0 to 1 that follows from the seed and words about the row; ids are no part of it, because a second attempt would count on from the first. */
function chance(seed: number, topic: string, ...words: Fragment[]): Fragment {
  return sql`(('x' || left(md5(concat_ws('/', ${`${seed}/${topic}`}::text, ${sql.join(words)})), 8))::bit(32)::bigint / 4294967296.0)`;
}

const place = sql`d.scope`;
const subject = sql`d.subject_label`;
const matter = sql`d.matter`;
const period = sql`d.period`;

/** Who files for a body: its first post. A duty that nobody bears yet is filed by the residents' committee of the place. */
const filers = sql`
  filer as (
    select distinct on (organisation_id) organisation_id, person_id, id as post_id from registers.post
    where organisation_id is not null and role not like '%administrator' order by organisation_id, id
  ), nearby as (select area_code, min(id) as id from registers.organisation where kind = 'residents-committee' group by area_code)`;

const columns = sql.raw(
  'matter, subject_kind, subject_id, subject_label, scope, estate_id, organisation_id, period, done_on, filed_on, person_id, post_id, summary, evidence',
);

/** Files what has been done; gives the number of filings. */
export async function fileDeeds(
  tx: Transaction,
  { seed, today, files }: { seed: number; today: LocalDate; files?: FileStore | undefined },
): Promise<number> {
  const before = await fileDuties(tx, seed, today);
  const past = await filePastEvents(tx, seed, today);
  if (files) await attachSamples(tx, seed, files);
  return before + past;
}

/**
 * From every duty that has fallen due since enrolment: most in time, some late, some not at all. One body in eight is a laggard and carries
 * most of the gaps, so that there is somebody to call on. Duties with one fixed day before enrolment are reported as past deeds, with evidence
 * to follow; of those that are running, some are done early.
 */
async function fileDuties(tx: Transaction, seed: number, today: LocalDate): Promise<number> {
  const result = await sql`
    with ${filers}, drawn as (
      select d.*, coalesce(d.bearer_id, n.id) as filed_by,
        -- The share of gaps: by sub-district from 4 to 13 of a hundred, by matter from a half to one and a half of that, by body.
        (0.04 + 0.09 * ${chance(seed, 'subdistrict', sql`left(d.scope, 9)`)}) * (0.5 + ${chance(seed, 'matter', matter)})
          * (case when ${chance(seed, 'body', sql`coalesce(b.name, left(d.scope, 9))`)} < 0.12 then 4 else 0.6 end) as gap,
        ${chance(seed, 'done', place, subject, matter, period)} as luck,
        ${chance(seed, 'day', place, subject, matter, period)} as moment,
        ${chance(seed, 'evidence', place, subject, matter, period)} as proof,
        d.due_on < d.enrolled_on as past
      from oversight.duty d
      left join registers.organisation b on b.id = d.bearer_id
      left join nearby n on n.area_code = left(d.scope, 12)
      where d.enrolled_on <= ${today}::date
    ), dated as (
      select d.*, case
        when past then due_on - (moment * 80)::int
        when due_on < ${today}::date and luck >= gap then greatest(coalesce(period_from, due_on - 30), due_on - (moment * 26)::int)
        -- Half of the gaps were closed late; the older, the surer.
        when due_on < ${today}::date and luck < gap * (case when due_on < ${today}::date - 120 then 0.7 else 0.35 end) then due_on + 1 + (moment * 24)::int
        when due_on >= ${today}::date and period_from <= ${today}::date and luck > 0.62 then ${today}::date - (moment * (${today}::date - period_from))::int
        end as done_on
      from drawn d
      where not past or (period ~ '^\\d{4}-\\d{2}-\\d{2}$' and luck < 0.86)
    )
    insert into filings.filing (${columns})
    select d.matter, d.subject_kind, d.subject_id, d.subject_label, d.scope, d.estate_id, d.filed_by, d.period, d.done_on,
      least(${today}::date, case when past then greatest(d.enrolled_on, d.done_on) + 3 + (moment * 50)::int else d.done_on + (moment * 4)::int end),
      f.person_id, f.post_id, case when past then '纳入前已办成，补报' end,
      case when past and proof < 0.55 or proof < 0.05 then 'to-follow' else 'none' end
    from dated d join filer f on f.organisation_id = d.filed_by
    where d.done_on <= ${today}::date
    order by d.done_on, d.matter, d.scope, d.subject_label, d.period`.execute(tx);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * What indicators count as done although no duty of today asks for it, because its event (a registration, the start of a project or a term)
 * lies years back: reported as a past deed for most.
 */
async function filePastEvents(tx: Transaction, seed: number, today: LocalDate): Promise<number> {
  const duties = await requirementsByRange(tx, 'duty', today);
  const counted = new Set<string>();
  for (const { definition } of await requirementsByRange(tx, 'indicator', today)) {
    for (const one of mattersIn((definition as unknown as IndicatorEntry).counts)) counted.add(one);
  }
  let filed = 0;
  for (const { key, definition, lo, hi } of duties) {
    const { due, over, bearer } = definition as unknown as DutyEntry;
    if (!counted.has(key) || due.shape !== 'afterEvent') continue;
    const event = sql.raw(
      `s.${EVENTS[due.event].attribute.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`,
    );
    const own =
      bearer === 'owners-committee' || bearer === 'management-committee' ? sql`s.committee_id` : sql`s.company_id`;
    const result = await sql`
      with ${filers}, d as (
        select s.*, s.label as subject_label, ${key}::text as matter, ${event}::text as period, ${event} as event_on, coalesce(${own}, n.id) as filed_by
        from ${subjectsOn(over, sql`${today}::date`)} s left join nearby n on n.area_code = left(s.scope, 12)
        where s.scope >= ${lo} and s.scope < ${hi} and ${event} < s.enrolled_on and s.enrolled_on <= ${today}::date
          and not exists (select from oversight.duty o where o.matter = ${key} and o.subject_kind = ${over} and o.subject_id = s.subject_id)
      ), drawn as (
        select d.*, ${chance(seed, 'done', place, subject, matter, period)} as luck, ${chance(seed, 'day', place, subject, matter, period)} as moment from d
      )
      insert into filings.filing (${columns})
      select d.matter, ${over}, d.subject_id, d.subject_label, d.scope, d.estate_id, d.filed_by, d.period,
        least(d.event_on + (moment * 40)::int, d.enrolled_on), least(${today}::date, d.enrolled_on + 4 + (moment * 60)::int),
        f.person_id, f.post_id, '纳入前已办成，补报', case when moment < 0.4 then 'to-follow' else 'none' end
      from drawn d join filer f on f.organisation_id = d.filed_by
      where luck < 0.83 order by d.scope, d.subject_label`.execute(tx);
    filed += Number(result.numAffectedRows ?? 0n);
  }
  return filed;
}

function mattersIn(condition: Condition | null | undefined): string[] {
  if (!condition) return [];
  if (condition.kind === 'filed') return [condition.matter];
  return condition.kind === 'any' || condition.kind === 'all' ? condition.conditions.flatMap(mattersIn) : [];
}

/** Some of the evidence that was to follow has come in: one invented sheet stands behind all of it. */
async function attachSamples(tx: Transaction, seed: number, files: FileStore): Promise<void> {
  const sheet = '演示材料\n\n本文件为演示数据，内容均为虚构，不对应任何真实单位、小区和人员。\n';
  const digest = await files.put(tx, Buffer.from(sheet, 'utf8'), 'text/plain; charset=utf-8');
  await sql`
    insert into filings.evidence (filing_id, file_digest, name, person_id)
    select d.id, ${digest}, '演示材料.txt', d.person_id from filings.filing d
    where d.evidence = 'to-follow' and ${chance(seed, 'sheet', place, subject, matter, period)} < 0.6 order by d.id`.execute(
    tx,
  );
}
