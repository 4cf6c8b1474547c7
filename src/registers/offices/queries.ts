/** Read-only views of offices. */
import type { OutputOf, ReadInputOf } from '../../kernel/contract.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import { pageOf } from '../../platform/pages.ts';
import { titleOf } from '../people/index.ts';
import type {
  Absence,
  Bar,
  findBarrable as findBarrableContract,
  listAbsences as listAbsencesContract,
  listBars,
  listSuspensions as listSuspensionsContract,
} from './contract.ts';

interface Page {
  offset: number;
  limit: number;
}

export async function listAbsences(
  tx: Transaction,
  input: ReadInputOf<typeof listAbsencesContract>,
  today: string,
): Promise<OutputOf<typeof listAbsencesContract>> {
  const found = await pageOf<Omit<Absence, 'title'> & { role: string; organisationKind: string }>(
    tx,
    {
      columns: sql`x.*, p.name as holder, o.role, g.kind as "organisationKind", g.name as "organisationName",
      x."fromOn" <= ${today}::date and least(x."toOn", x."returnedOn") > ${today}::date as "inForce"`,
      from: sql`(
        select 'deputy' as kind, d.id, d.post_id as "postId", b.name as deputy, d.from_on as "fromOn", d.to_on as "toOn", null::date as "returnedOn", d.document
        from registers.deputy d join registers.person b on b.id = d.person_id
        union all
        select 'leave', l.id, l.post_id, null, l.from_on, l.to_on, l.returned_on, l.document from registers.leave l) x
      join registers.post o on o.id = x."postId" join registers.person p on p.id = o.person_id join registers.organisation g on g.id = o.organisation_id`,
      order: sql`x."fromOn" desc, x.kind, x.id`,
    },
    input,
  );
  return {
    ...found,
    rows: found.rows.map(({ role, organisationKind, ...row }) => ({ ...row, title: titleOf(role, organisationKind) })),
  };
}

export async function listSuspensions(
  tx: Transaction,
  input: Page,
  today: string,
): Promise<OutputOf<typeof listSuspensionsContract>> {
  type Row = OutputOf<typeof listSuspensionsContract>['rows'][number];
  const found = await pageOf<Omit<Row, 'title'> & { role: string | null; organisationKind: string }>(
    tx,
    {
      columns: sql`s.id, s.person_id as "personId", p.name as "personName", g.name as "organisationName", g.kind as "organisationKind", o.role, s.from_on as "fromOn",
      s.to_on as "toOn", s.reason, s.document, s.lifted_on as "liftedOn", s.lifted_reason as "liftedReason", ${inForce(sql`s`, today)} as "inForce"`,
      from: sql`registers.suspension s join registers.person p on p.id = s.person_id join registers.organisation g on g.id = s.organisation_id
      left join registers.post o on o.id = s.post_id`,
      order: sql`s.from_on desc, s.id`,
    },
    input,
  );
  return {
    ...found,
    rows: found.rows.map(({ role, organisationKind, ...row }) => ({
      ...row,
      title: role && titleOf(role, organisationKind),
    })),
  };
}

/** Of everybody in the range, or of one person. */
export async function findBars(
  tx: Transaction,
  input: Page & { person?: number },
  today: string,
): Promise<OutputOf<typeof listBars>> {
  return pageOf<Bar>(
    tx,
    {
      columns: sql`b.id, b.person_id as "personId", p.name as "personName", b.subject_label as subject, b.from_on as "fromOn", b.to_on as "toOn", b.reason,
      b.document, b.lifted_on as "liftedOn", b.lifted_reason as "liftedReason", ${inForce(sql`b`, today)} as "inForce",
      case when o.bar_id is not null then jsonb_build_object('reason', o.reason, 'objectedOn', o.objected_on, 'upheld', o.upheld, 'answer', o.answer) end as objection`,
      from: sql`registers.bar b join registers.person p on p.id = b.person_id left join registers.objection o on o.bar_id = b.id
      where ${input.person ?? null}::int is null or b.person_id = ${input.person ?? null}`,
      order: sql`b.from_on desc, b.id`,
    },
    input,
  );
}

export async function findBarrable(
  tx: Transaction,
  input: ReadInputOf<typeof findBarrableContract>,
): Promise<OutputOf<typeof findBarrableContract>> {
  return pageOf(
    tx,
    {
      columns: sql`x.*`,
      from: sql`(select 'estate' as kind, id, name as label from registers.estate
        union all select 'company', id, name from registers.organisation where kind in ('property-company', 'owners-committee', 'management-committee')
          and dissolved_on is null and (platform.in_scope(scope) or kind = 'property-company')) x
      where ${input.search ?? null}::text is null or strpos(x.label, ${input.search ?? ''}) > 0`,
      order: sql`x.label, x.kind, x.id`,
    },
    input,
  );
}

const inForce = (of: Fragment, today: string) =>
  sql`${of}.from_on <= ${today}::date and least(coalesce(${of}.to_on, 'infinity'), coalesce(${of}.lifted_on, 'infinity')) > ${today}::date`;
