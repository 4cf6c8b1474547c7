/** 企业名册: property companies with what is known of party building, in numbers. */
import { sql } from '../../../platform/database.ts';
import type { Field } from '../../../platform/spreadsheets/index.ts';
import { addInstructors, addPartyArrangements, partyForms } from '../../organisations/index.ts';
import { assignments, choicesOf, column, fieldsOf } from '../columns.ts';
import type { RosterKind, Writing } from '../kind.ts';
import type { Json, RowProblem } from '../rosters.ts';
import { addPropertyCompanies } from './estates.ts';
import { openAreas, openCompanies, streetField, text } from './places.ts';

const organisationColumns = [
  column('name', 'name', 'text'),
  column('uscc', 'uscc', 'text'),
  column('telephone', 'telephone', 'text'),
];
const companyColumns = [
  column('registeredOn', 'registered_on', 'date'),
  column('fullMembers', 'full_members', 'int'),
  column('eligible', 'eligible', 'boolean'),
];

const fields: readonly Field[] = [
  {
    key: 'name',
    label: '企业名称',
    kind: 'text',
    required: true,
    maxLength: 100,
    synonyms: ['物业服务企业', '物业企业', '物业公司', '公司名称', '物业服务企业名称', '单位名称', '企业全称'],
    example: '示范安居物业服务有限公司',
  },
  {
    key: 'uscc',
    label: '统一社会信用代码',
    kind: 'uscc',
    synonyms: ['信用代码', '社会信用代码', '企业代码', '统一信用代码'],
  },
  {
    ...streetField,
    label: '注册地街道',
    synonyms: ['注册地', '所属街道', '街道', '注册街道', '属地街道'],
    hint: '不在本区注册的留空',
  },
  {
    key: 'registeredOn',
    label: '成立日期',
    kind: 'date',
    synonyms: ['注册日期', '登记日期', '成立时间', '注册时间', '营业执照日期'],
  },
  {
    key: 'telephone',
    label: '联系电话',
    kind: 'phone',
    synonyms: ['电话', '办公电话', '单位电话', '公司电话'],
    hint: '单位的公开电话',
  },
  {
    key: 'fullMembers',
    label: '正式党员人数',
    kind: 'integer',
    synonyms: ['党员人数', '正式党员数', '党员数', '党员总数'],
  },
  {
    key: 'eligible',
    label: '是否具备组建条件',
    kind: 'yesNo',
    synonyms: ['具备组建条件', '是否符合组建条件', '是否具备建立党组织条件'],
  },
  {
    key: 'partyForm',
    label: '党组织组建方式',
    kind: 'choice',
    synonyms: ['组建方式', '党组织形式', '党组织建制', '建制方式', '党组织组建形式'],
    choices: [
      ...choicesOf(partyForms, {
        own: ['单独', '单独建立', '独立组建'],
        joint: ['联合', '联合建立'],
        regional: ['区域', '区域统建'],
        industry: ['行业'],
      }),
      { code: 'none', label: '未组建', synonyms: ['无', '没有', '未建立', '未覆盖'] },
    ],
  },
  {
    key: 'partyFoundedOn',
    label: '党组织成立日期',
    kind: 'date',
    synonyms: ['党组织成立时间', '组建日期', '组建时间', '党支部成立时间'],
  },
  {
    key: 'instructor',
    label: '党建指导员',
    kind: 'text',
    maxLength: 30,
    synonyms: ['党建工作指导员', '指导员', '指导员姓名', '党建指导员姓名'],
    hint: '没有派驻的写“无”',
  },
  {
    key: 'instructorFrom',
    label: '指导员派驻日期',
    kind: 'date',
    synonyms: ['派驻日期', '派驻时间', '选派日期', '选派时间'],
  },
];

export const companies: RosterKind = {
  code: 'companies',
  label: '企业名册',
  version: 1,
  fields,
  keys: [column('id', 'id', 'int'), column('name', 'name', 'text')],
  missing: (mapped) => (mapped.has('name') ? [] : ['企业名称']),

  async open(about) {
    const areas = await openAreas({ ...about, options: { ...about.options, createMissingAreas: false } });
    const find = await openCompanies(about.tx);
    return {
      read(values, row) {
        const problems: RowProblem[] = [];
        const after: Record<string, Json> = {};
        const { name, uscc, street, ...rest } = values;
        for (const [key, value] of Object.entries(rest)) after[key] = value as Json;
        let identity = `${String(name)}`;
        if (typeof name === 'string') {
          const result = find({ name, uscc: text(uscc), row });
          const renamed = 'problems' in result && typeof uscc === 'string' ? find({ uscc, row }) : undefined;
          if (renamed && 'found' in renamed && renamed.found.known) {
            // The credit code is the company; a company that was renamed keeps it.
            after.id = renamed.found.known.id;
            after.name = name;
            after.uscc = uscc as string;
            identity = String(after.id);
          } else if ('problems' in result)
            problems.push(...result.problems.map((one) => ({ ...one, key: one.key === 'company' ? 'name' : one.key })));
          else {
            after.name = result.found.name;
            if (result.found.uscc !== null) after.uscc = result.found.uscc;
            after.id = result.found.known?.id ?? null;
            identity = result.found.known ? String(result.found.known.id) : name;
            if (result.found.known && !result.found.known.inside) {
              problems.push({ key: 'name', problem: '这家企业登记在您的辖区之外，由登记地维护' });
            }
          }
        }
        if (typeof street === 'string') {
          const place = areas.findStreet(street);
          if ('problems' in place) problems.push(...place.problems);
          else after.areaCode = place.found.code;
        }
        if (typeof after.instructor === 'string' && ['无', '没有', '未派驻'].includes(after.instructor))
          after.instructor = null;
        if (after.partyForm === null) after.partyForm = 'none';
        if (after.partyForm === 'none' && typeof after.partyFoundedOn === 'string')
          problems.push({ key: 'partyFoundedOn', problem: '写了未组建，却又填了成立日期' });
        if (after.instructor === null && typeof after.instructorFrom === 'string')
          problems.push({ key: 'instructorFrom', problem: '写了没有指导员，却又填了派驻日期' });
        for (const key of ['registeredOn', 'partyFoundedOn', 'instructorFrom'] as const) {
          if (typeof after[key] === 'string' && after[key] > about.today)
            problems.push({ key, problem: '日期晚于今天，请核对' });
        }
        if (after.id === null) delete after.id;
        return { label: String(name ?? `第 ${row} 行`), identity, after, problems };
      },
    };
  },

  current: (rows) => sql`
    select r.*,
      case when o.id is not null then jsonb_build_object('id', o.id, ${fieldsOf(organisationColumns, 'o')}, ${fieldsOf(companyColumns, 'c')}, 'areaCode', o.area_code,
        'partyForm', case when a.company_id is not null then a.form when c.party_surveyed then 'none' end, 'partyFoundedOn', a.founded_on,
        'instructor', i.name, 'instructorFrom', i.from_on) end as current,
      case when r.after ? 'partyFoundedOn' and r.after->>'partyFoundedOn' is not null and not r.after ? 'partyForm' and a.company_id is null then 'partyForm'
        when r.after->>'instructorFrom' is not null and not r.after ? 'instructor' and i.company_id is null then 'instructor' end as problem_key,
      case when r.after ? 'partyFoundedOn' and r.after->>'partyFoundedOn' is not null and not r.after ? 'partyForm' and a.company_id is null then '填了党组织成立日期，请填写组建方式'
        when r.after->>'instructorFrom' is not null and not r.after ? 'instructor' and i.company_id is null then '填了派驻日期，请填写指导员姓名' end as problem
    from (${rows}) r
    left join registers.organisation o on o.kind = 'property-company' and o.dissolved_on is null
      and case when r.id is not null then o.id = r.id else o.name = r.name end
    left join registers.company c on c.organisation_id = o.id
    left join ${arrangementInForce} a on true
    left join ${instructorInForce} i on true`,

  async write(about) {
    const { tx, rows, batch, sender, today } = about;
    const { rows: fresh } = await sql<{
      name: string;
      uscc: string | null;
      areaCode: string;
      telephone: string | null;
    }>`
      select r.name, r.after->>'uscc' as uscc, coalesce(r.after->>'areaCode', ${sender.areaCode}) as "areaCode", r.after->>'telephone' as telephone
      from (${rows}) r where r.verdict = 'new' order by r.row_number`.execute(tx);
    await addPropertyCompanies(tx, sender, fresh, today, batch.id);
    await sql`
      insert into registers.company (organisation_id, scope, batch_id)
      select o.id, o.area_code, ${batch.id}::int from (${rows}) r join registers.organisation o on o.id = r.id
      where not exists (select from registers.company c where c.organisation_id = o.id)`.execute(tx);
    await sql`
      update registers.organisation o set ${assignments(organisationColumns, 'o', 'r.after')},
        area_code = coalesce(r.after->>'areaCode', o.area_code), scope = coalesce(r.after->>'areaCode', o.scope)
      from (${rows}) r where r.verdict = 'changed' and o.id = r.id`.execute(tx);
    await sql`
      update registers.company c set ${assignments(companyColumns, 'c', 'r.after')}, party_surveyed = c.party_surveyed or r.after ? 'partyForm',
        scope = o.scope
      from (${rows}) r join registers.organisation o on ${sameCompany} where c.organisation_id = o.id`.execute(tx);
    await writeParty(about);
  },

  async restore({ tx, rows }) {
    await sql`
      update registers.organisation o set ${assignments(organisationColumns, 'o', 'r.before')},
        area_code = coalesce(r.before->>'areaCode', o.area_code), scope = coalesce(r.before->>'areaCode', o.scope)
      from (${rows}) r where o.id = r.id`.execute(tx);
    await sql`
      update registers.company c set ${assignments(companyColumns, 'c', 'r.before')}, scope = coalesce(r.before->>'areaCode', c.scope),
        party_surveyed = c.party_surveyed and not (r.before ? 'partyForm' and r.before->>'partyForm' is null)
      from (${rows}) r where c.organisation_id = r.id`.execute(tx);
    await sql`
      update registers.party_arrangement a set founded_on = (r.before->>'partyFoundedOn')::date from (${rows}) r
      where r.before ? 'partyFoundedOn' and a.company_id = r.id and a.ended_on is null`.execute(tx);
    await sql`
      update registers.instructor i set from_on = (r.before->>'instructorFrom')::date from (${rows}) r
      where r.before ? 'instructorFrom' and i.company_id = r.id and i.to_on is null and i.project_id is null`.execute(
      tx,
    );
  },
};

const sameCompany = sql.raw(
  `o.kind = 'property-company' and o.dissolved_on is null and case when r.id is not null then o.id = r.id else o.name = r.name end`,
);

const arrangementInForce = sql`lateral (
  select id, company_id, form, founded_on from registers.party_arrangement x
  where x.company_id = o.id and coalesce(ended_on, 'infinity') > platform.today() order by id desc limit 1)`;

/** The instructor of the company `o` as a whole; those of one project are kept with the project. */
const instructorInForce = sql`lateral (
  select id, company_id, name, from_on from registers.instructor x
  where x.company_id = o.id and coalesce(to_on, 'infinity') > platform.today() and project_id is null order by id desc limit 1)`;

async function writeParty({ tx, rows, batch, today }: Writing): Promise<void> {
  await sql`
    create temporary table party_due on commit drop as
    select o.id as company_id, c.scope, r.after, a.id as arrangement_id, i.id as instructor_id,
      r.after ? 'partyForm' and a.form is distinct from nullif(r.after->>'partyForm', 'none') as form_changes,
      r.after ? 'instructor' and i.name is distinct from r.after->>'instructor' as instructor_changes
    from (${rows}) r join registers.organisation o on ${sameCompany} join registers.company c on c.organisation_id = o.id
    left join ${arrangementInForce} a on true left join ${instructorInForce} i on true`.execute(tx);
  await sql`
    insert into registers.import_end (batch_id, relation, row_id)
    select ${batch.id}::int, 'party_arrangement', arrangement_id from party_due where form_changes and arrangement_id is not null
    union all select ${batch.id}::int, 'instructor', instructor_id from party_due where instructor_changes and instructor_id is not null`.execute(
    tx,
  );
  await sql`update registers.party_arrangement a set ended_on = ${today}::date from party_due d where d.form_changes and a.id = d.arrangement_id`.execute(
    tx,
  );
  await sql`update registers.instructor i set to_on = ${today}::date from party_due d where d.instructor_changes and i.id = d.instructor_id`.execute(
    tx,
  );
  const { rows: arrangements } = await sql<{ companyId: number; scope: string; form: 'own'; foundedOn: string | null }>`
    select company_id as "companyId", scope, after->>'partyForm' as form, (after->>'partyFoundedOn')::date as "foundedOn" from party_due
    where form_changes and after->>'partyForm' <> 'none' order by company_id`.execute(tx);
  if (arrangements.length > 0)
    await addPartyArrangements(
      tx,
      arrangements.map((one) => ({ ...one, batchId: batch.id })),
    );
  const { rows: instructors } = await sql<{ companyId: number; scope: string; name: string; fromOn: string | null }>`
    select company_id as "companyId", scope, after->>'instructor' as name, (after->>'instructorFrom')::date as "fromOn" from party_due
    where instructor_changes and after->>'instructor' is not null order by company_id`.execute(tx);
  if (instructors.length > 0)
    await addInstructors(
      tx,
      instructors.map((one) => ({ ...one, batchId: batch.id })),
    );
  await sql`
    update registers.party_arrangement a set founded_on = (d.after->>'partyFoundedOn')::date from party_due d
    where not d.form_changes and d.after ? 'partyFoundedOn' and a.id = d.arrangement_id`.execute(tx);
  await sql`
    update registers.instructor i set from_on = (d.after->>'instructorFrom')::date from party_due d
    where not d.instructor_changes and d.after ? 'instructorFrom' and i.id = d.instructor_id`.execute(tx);
}
