/** SQL of corrections. Where the present wording of a field stands is written here and never comes from a request. */
import type { LocalDate } from '../../kernel/local-date.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { About, CorrectionState } from './contract.ts';

/** Each record with the estate it belongs to; `names` are the columns of a roster that find it. */
const records: Readonly<
  Record<About, { from: Fragment; id: string; label: string; names: string; fields: Readonly<Record<string, string>> }>
> = {
  estate: {
    from: sql`registers.estate e`,
    id: 'e.id',
    label: 'e.name',
    names: `'小区名称', e.name`,
    fields: {
      name: 'e.name',
      address: 'e.address',
      kind: 'e.kind',
      households: 'e.households::text',
      buildingCount: 'e.building_count::text',
      floorArea: 'e.floor_area_centi_m2::text',
      completedYear: 'e.completed_year::text',
    },
  },
  unit: {
    from: sql`registers.unit u join registers.building b on b.id = u.building_id join registers.estate e on e.id = u.estate_id`,
    id: 'u.id',
    label: "e.name || ' ' || b.name || u.name",
    names: `'小区名称', e.name, '楼栋', b.name, '房号', u.name`,
    fields: { name: 'u.name', area: 'u.area_centi_m2::text', kind: 'u.kind' },
  },
  committee: {
    from: sql`registers.committee c join registers.organisation g on g.id = c.organisation_id join registers.estate e on e.id = c.estate_id`,
    id: 'c.organisation_id',
    label: 'g.name',
    names: `'小区名称', e.name, '组织名称', g.name`,
    fields: {
      name: 'g.name',
      termFrom: 'c.term_from::text',
      termTo: 'c.term_to::text',
      members: 'c.member_count::text',
    },
  },
  project: {
    from: sql`registers.service_project p join registers.estate e on e.id = p.estate_id left join registers.organisation g on g.id = p.company_id`,
    id: 'p.id',
    label: "e.name || '的物业服务'",
    names: `'小区名称', e.name`,
    fields: {
      company: 'g.name',
      manager: 'p.manager_name',
      startedOn: 'p.started_on::text',
      endedOn: 'p.ended_on::text',
    },
  },
};

export interface Subject {
  about: About;
  id: number;
  label: string;
  estateId: number;
  scope: string;
  /** Where a roster finds the record. */
  names: Record<string, string>;
  /** What the register holds of each field that has a single wording. */
  held: Record<string, string | null>;
}

export async function findSubject(tx: Transaction, about: About, id: number): Promise<Subject | undefined> {
  const { from, id: key, label, names, fields } = records[about];
  const held = Object.entries(fields).map(([field, column]) => `'${field}', ${column}`);
  const { rows } = await sql<Subject>`
    select ${about}::text as about, ${sql.raw(key)} as id, ${sql.raw(label)} as label, e.id as "estateId", e.scope,
      jsonb_build_object('街道', s.name, '社区', a.name, ${sql.raw(names)}) as names, jsonb_build_object(${sql.raw(held.join(', '))}) as held
    from ${from} join registers.area a on a.code = e.community_code left join registers.area s on s.code = a.parent_code
    where ${sql.raw(key)} = ${id}::int`.execute(tx);
  return rows[0];
}

/** What the register says now, for a correction `c`; and whether the record is in sight at all. */
const nowOf = (about: About): Fragment => {
  const { from, id, fields } = records[about];
  const whens = Object.entries(fields).map(([field, column]) => `when '${field}' then ${column}`);
  return sql`select ${about}::text as about, ${sql.raw(id)} as id, k.field, case k.field ${sql.raw(whens.join(' '))} end as says
    from ${from} join asked k on k.about = ${about} and k.subject_id = ${sql.raw(id)}`;
};

/** Fields that have a single wording; of the others an accepted correction is done when it is accepted. */
const single = sql.val(
  (Object.keys(records) as About[]).flatMap((about) =>
    Object.keys(records[about].fields).map((field) => `${about}.${field}`),
  ),
);

export interface CorrectionRow {
  id: number;
  estateId: number;
  estateName: string | null;
  about: About;
  subjectId: number;
  subjectLabel: string;
  field: string;
  said: string | null;
  says: string | null;
  shouldBe: string;
  reason: string;
  state: CorrectionState;
  keeperId: number;
  keeperName: string;
  organisationName: string | null;
  askedBy: string | null;
  personId: number;
  askedOn: string;
  answer: string | null;
  answeredOn: string | null;
  previousId: number | null;
}

/** Corrections by a condition on `c`, and on the state they have now. Past the last row the count is asked from the first. */
export async function selectCorrections(
  tx: Transaction,
  where: Fragment,
  stateIs: Fragment,
  page: { offset: number; limit: number },
): Promise<{ rows: CorrectionRow[]; total: number }> {
  const { rows } = await sql<CorrectionRow & { total: number }>`
    with asked as materialized (
      select c.*, w.act, w.note, w.answered_on from registers.correction c left join registers.correction_answer w on w.correction_id = c.id where ${where}),
    now as (${sql.join((Object.keys(records) as About[]).map(nowOf), sql` union `)}),
    standing as (
      select k.*, n.says, case coalesce(k.act, 'open') when 'decline' then 'declined' when 'withdraw' then 'withdrawn' when 'open' then 'open'
        else case when k.about || '.' || k.field = any (${single}::text[]) and (n.id is null or n.says is not distinct from k.said) then 'accepted' else 'corrected' end end as state
      from asked k left join now n on n.about = k.about and n.id = k.subject_id and n.field = k.field)
    select k.id, k.estate_id as "estateId", e.name as "estateName", k.about, k.subject_id as "subjectId", k.subject_label as "subjectLabel", k.field, k.said, k.says,
      k.should_be as "shouldBe", k.reason, k.state, k.keeper_id as "keeperId", g.name as "keeperName", o.name as "organisationName", p.name as "askedBy",
      k.person_id as "personId", k.asked_on as "askedOn", k.note as answer, k.answered_on as "answeredOn", k.previous_id as "previousId",
      count(*) over ()::int as total
    from standing k join registers.organisation g on g.id = k.keeper_id left join registers.organisation o on o.id = k.organisation_id
      left join registers.estate e on e.id = k.estate_id left join registers.person p on p.id = k.person_id
    where ${stateIs} order by k.state not in ('open', 'accepted'), k.asked_on, k.id offset ${page.offset} limit ${page.limit}`.execute(
    tx,
  );
  if (rows.length === 0 && page.offset > 0)
    return { rows: [], total: (await selectCorrections(tx, where, stateIs, { offset: 0, limit: 1 })).total };
  return { rows: rows.map(({ total: _, ...one }) => one), total: rows[0]?.total ?? 0 };
}

/** The body that keeps the register of a place: the nearest, or the nearest above another one; which kinds do, the packs say. */
export async function findKeeper(
  tx: Transaction,
  scope: string,
  above?: number,
): Promise<{ id: number; name: string } | undefined> {
  const { rows } = await sql<{ id: number; name: string }>`
    select k.id, k.name from registers.organisation k where k.kind = any (registers.keeper_kinds(${scope.slice(0, 12)})) and k.dissolved_on is null
      and k.scope = any (registers.places_above(${scope.slice(0, 12)}))
      ${above === undefined ? sql`` : sql`and k.scope < (select b.scope from registers.organisation b where b.id = ${above}::int)`}
    order by k.scope desc, k.id limit 1`.execute(tx);
  return rows[0];
}

/** Two acts on the corrections of one estate wait for one another. */
export async function lockCorrections(tx: Transaction, estateId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('registers.correction'), ${estateId}::int)`.execute(tx);
}

export async function isWaiting(tx: Transaction, personId: number, subject: Subject, field: string): Promise<boolean> {
  const { rows } = await sql<{ some: boolean }>`
    select exists (select from registers.correction c where c.person_id = ${personId}::int and c.about = ${subject.about} and c.subject_id = ${subject.id}::int
      and c.field = ${field} and c.id not in (select w.correction_id from registers.correction_answer w)) as some`.execute(
    tx,
  );
  return rows[0]!.some;
}

export async function findNext(tx: Transaction, id: number): Promise<number | null> {
  const { rows } = await sql<{
    id: number;
  }>`select c.id from registers.correction c where c.previous_id = ${id}::int`.execute(tx);
  return rows[0]?.id ?? null;
}

export interface By {
  personId: number;
  postId: number;
  organisationId: number | null;
  on: LocalDate;
}

export async function insertCorrection(
  tx: Transaction,
  of: {
    subject: Subject;
    field: string;
    shouldBe: string;
    reason: string;
    keeperId: number;
    previousId: number | null;
  },
  by: By,
): Promise<number> {
  const { subject } = of;
  const { rows } = await sql<{ id: number }>`
    insert into registers.correction (estate_id, scope, about, subject_id, subject_label, field, said, should_be, reason, keeper_id, previous_id,
      organisation_id, person_id, post_id, asked_on)
    values (${subject.estateId}, ${subject.scope}, ${subject.about}, ${subject.id}, ${subject.label}, ${of.field}, ${subject.held[of.field] ?? null}, ${of.shouldBe},
      ${of.reason}, ${of.keeperId}, ${of.previousId}, ${by.organisationId}, ${by.personId}, ${by.postId}, ${by.on}) returning id`.execute(
    tx,
  );
  return rows[0]!.id;
}

export async function insertAnswer(tx: Transaction, id: number, act: string, note: string, by: By): Promise<void> {
  await sql`
    insert into registers.correction_answer (correction_id, scope, act, note, organisation_id, person_id, post_id, answered_on)
    select c.id, c.scope, ${act}, ${note}, ${by.organisationId}::int, ${by.personId}::int, ${by.postId}::int, ${by.on}::date
    from registers.correction c where c.id = ${id}::int`.execute(tx);
}

export interface Attachment {
  id: number;
  digest: string;
  media: string;
  addedOn: string;
}

/** In the order they came. */
export async function findAttachments(tx: Transaction, id: number): Promise<Attachment[]> {
  const { rows } = await sql<Attachment>`
    select a.id, a.file_digest as digest, a.media, a.added_on as "addedOn" from registers.correction_attachment a where a.correction_id = ${id}::int order by a.id`.execute(
    tx,
  );
  return rows;
}

export async function insertAttachment(
  tx: Transaction,
  id: number,
  { digest, media }: { digest: string; media: string },
  by: By,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into registers.correction_attachment (correction_id, scope, file_digest, media, person_id, post_id, added_on)
    select c.id, c.scope, ${digest}, ${media}, ${by.personId}::int, ${by.postId}::int, ${by.on}::date
    from registers.correction c where c.id = ${id}::int returning id`.execute(tx);
  return rows[0]!.id;
}
