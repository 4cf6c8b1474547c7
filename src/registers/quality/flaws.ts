/**
 * Where each kind of flaw is looked for. A source reads its tables once and says of every record which flaws it has; all answer with the same
 * columns: kind, id, name, estate_id, scope, keeper_id, detail, since. What people may see of a table is the table's policy; bodies are
 * public, so what is said of them is asked within the asker's range.
 */
import { type Fragment, sql } from '../../platform/database.ts';
import type { FlawKind } from './contract.ts';

export interface FlawSource {
  kinds: readonly FlawKind[];
  rows: (today: string) => Fragment;
}

const squareMetres = (of: string) => sql.raw(`to_char(${of} / 100.0, 'FM999,999,999,990.00') || ' ㎡'`);

/** `from <= today < to`, open where null. */
const inForce = (from: string, to: string, today: string) =>
  sql`(coalesce(${sql.raw(from)}, '-infinity') <= ${today}::date and coalesce(${sql.raw(to)}, 'infinity') > ${today}::date)`;

/** Two periods that share a day, of which something is left today. */
const meeting = (one: [string, string], other: [string, string], today: string) =>
  sql`(greatest(${sql.raw(`${one[0]}, ${other[0]}`)}) < least(coalesce(${sql.raw(one[1])}, 'infinity'), coalesce(${sql.raw(other[1])}, 'infinity'))
    and least(coalesce(${sql.raw(one[1])}, 'infinity'), coalesce(${sql.raw(other[1])}, 'infinity')) > ${today}::date)`;

/** The facts of a record that nobody has given, in words; empty when none is missing. */
const missing = (facts: Readonly<Record<string, string>>) =>
  sql.raw(
    `concat_ws('、', ${Object.entries(facts)
      .map(([label, unknown]) => `case when ${unknown} then '${label}' end`)
      .join(', ')})`,
  );

const estates: FlawSource = {
  kinds: [
    'floor-area-exceeded',
    'household-count',
    'building-count',
    'project-lapsed',
    'community-provisional',
    'estate-missing',
    'service-unsurveyed',
    'committee-unsurveyed',
    'units-none',
    'units-unmeasured',
    'units-unowned',
  ],
  rows: (today) => sql`
    select k.kind, e.id, e.name, e.id as estate_id, e.scope, null::int as keeper_id, k.detail, k.since
    from registers.estate e join registers.area a on a.code = e.community_code
    left join (
      select u.estate_id, count(*) as units, count(*) filter (where u.kind = 'dwelling') as dwellings, sum(u.area_centi_m2) as area,
        count(*) filter (where u.area_centi_m2 is null) as unmeasured, count(*) filter (where o.unit_id is null) as unowned
      from registers.unit u left join (
        select distinct w.unit_id from registers.ownership w where ${inForce('w.from_on', 'w.to_on', today)}) o on o.unit_id = u.id
      group by u.estate_id) u on u.estate_id = e.id
    left join (select estate_id, count(*) as buildings from registers.building group by estate_id) b on b.estate_id = e.id
    left join (
      select p.estate_id, bool_or(coalesce(p.ended_on, 'infinity') > ${today}::date) as served, max(p.ended_on) as ended_on
      from registers.service_project p group by p.estate_id) p on p.estate_id = e.id
    left join (select distinct c.estate_id from registers.committee c) c on c.estate_id = e.id
    cross join lateral (values
      ('floor-area-exceeded', u.area > e.floor_area_centi_m2,
        '房屋合计 ' || ${squareMetres('u.area')} || '，小区登记 ' || ${squareMetres('e.floor_area_centi_m2')}, null::date),
      ('household-count', u.dwellings > 0 and u.dwellings <> e.households, '登记 ' || e.households || ' 户，名册里住宅 ' || u.dwellings || ' 套', null),
      ('building-count', b.buildings <> e.building_count, '登记 ' || e.building_count || ' 栋，名册里 ' || b.buildings || ' 栋', null),
      ('project-lapsed', not p.served and e.surveyed_unserved is not true, '最后一家物业 ' || p.ended_on || ' 到期', p.ended_on),
      ('community-provisional', a.provisional or a.level <> 'community', '挂在“' || a.name || '”下，代码是暂编的', null),
      ('estate-missing', ${missing({
        类型: 'e.kind is null',
        地址: 'e.address is null',
        户数: 'e.households is null',
        楼栋数: 'e.building_count is null',
        建筑面积: 'e.floor_area_centi_m2 is null',
        建成年份: 'e.completed_year is null',
      })} <> '', '待补：' || ${missing({
        类型: 'e.kind is null',
        地址: 'e.address is null',
        户数: 'e.households is null',
        楼栋数: 'e.building_count is null',
        建筑面积: 'e.floor_area_centi_m2 is null',
        建成年份: 'e.completed_year is null',
      })}, e.enrolled_on),
      ('service-unsurveyed', not e.service_surveyed and p.estate_id is null, '有没有物业还不知道', e.enrolled_on),
      ('committee-unsurveyed', not e.committee_surveyed and c.estate_id is null, '有没有业委会、物管会还不知道', e.enrolled_on),
      ('units-none', u.estate_id is null, '一套房屋也没有登记', e.enrolled_on),
      ('units-unmeasured', u.unmeasured > 0, u.unmeasured || ' 套没有面积，共 ' || u.units || ' 套', null),
      ('units-unowned', u.unowned > 0, u.unowned || ' 套没有业主，共 ' || u.units || ' 套', null)
    ) k (kind, wrong, detail, since) where k.wrong`,
};

const projects: FlawSource = {
  kinds: ['project-overlap', 'project-missing'],
  rows: (today) => sql`
    select k.kind, p.id, e.name, p.estate_id, p.scope, null::int as keeper_id, k.detail, k.since
    from registers.service_project p join registers.estate e on e.id = p.estate_id
    left join (
      select p.id, max(greatest(p.started_on, q.started_on)) as since from registers.service_project p
      join registers.service_project q on q.estate_id = p.estate_id and q.id < p.id
      where ${meeting(['p.started_on', 'p.ended_on'], ['q.started_on', 'q.ended_on'], today)} group by p.id) o on o.id = p.id
    cross join lateral (values
      ('project-overlap', o.id is not null, '两家的服务日期重叠', o.since),
      ('project-missing', ${inForce('p.started_on', 'p.ended_on', today)} and (p.manager_name is null or p.started_on is null or p.supervised is null),
        '待补：' || ${missing({ 项目负责人: 'p.manager_name is null', 进场日期: 'p.started_on is null', 有无质量督导员: 'p.supervised is null' })}, p.started_on)
    ) k (kind, wrong, detail, since) where k.wrong`,
};

const committees: FlawSource = {
  kinds: ['committee-overlap', 'committee-lapsed', 'committee-missing', 'committee-roll', 'committee-undirected'],
  rows: (today) => sql`
    select k.kind, c.organisation_id as id, g.name, c.estate_id, c.scope, null::int as keeper_id, k.detail, k.since
    from registers.committee c join registers.organisation g on g.id = c.organisation_id and coalesce(g.dissolved_on, 'infinity') > ${today}::date
    left join (
      select c.organisation_id,
        bool_or(d.kind = c.kind and d.organisation_id < c.organisation_id
          and ${meeting(['c.term_from', 'c.term_to'], ['d.term_from', 'd.term_to'], today)}) as overlaps,
        bool_or(d.term_to is null or d.term_to > ${today}::date) as followed, max(greatest(c.term_from, d.term_from)) as since
      from registers.committee c join registers.committee d on d.estate_id = c.estate_id and d.organisation_id <> c.organisation_id
      group by c.organisation_id) o on o.organisation_id = c.organisation_id
    left join (
      select m.committee_id, count(*) filter (where m.title <> 'alternate') as members, bool_or(m.title = 'director') as directed
      from registers.committee_member m where ${inForce('m.from_on', 'm.to_on', today)} group by m.committee_id) m on m.committee_id = c.organisation_id
    cross join lateral (values
      ('committee-overlap', o.overlaps, '与另一届的任期重叠', o.since),
      ('committee-lapsed', c.term_to <= ${today}::date and o.followed is not true, c.term_to || ' 届满', c.term_to),
      ('committee-missing', coalesce(c.term_to, 'infinity') > ${today}::date and (c.term_from is null or c.term_to is null or c.member_count is null
          or c.party_member_count is null or c.owner_member_count is null),
        '待补：' || ${missing({ 任期开始: 'c.term_from is null', 任期届满: 'c.term_to is null', 委员人数: 'c.member_count is null', 党员委员人数: 'c.party_member_count is null', 业主委员人数: 'c.owner_member_count is null' })}, c.term_from),
      ('committee-roll', coalesce(c.term_to, 'infinity') > ${today}::date and m.members <> c.member_count,
        '登记 ' || c.member_count || ' 人，名单里 ' || m.members || ' 人', null),
      ('committee-undirected', coalesce(c.term_to, 'infinity') > ${today}::date and not m.directed, '名单里 ' || m.members || ' 人，没有主任', null)
    ) k (kind, wrong, detail, since) where k.wrong`,
};

const companies: FlawSource = {
  kinds: ['company-twice', 'company-unanswered', 'company-missing'],
  rows: (today) => sql`
    select k.kind, g.id, g.name, null::int as estate_id, c.scope, r.body_id as keeper_id, k.detail, k.since
    from registers.company c join registers.organisation g on g.id = c.organisation_id and coalesce(g.dissolved_on, 'infinity') > ${today}::date
    -- Once for a place and not for each of its companies: it reads the packs.
    join (select s.scope, registers.responsible_body(s.scope) as body_id from (select distinct scope from registers.company) s) r on r.scope = c.scope
    left join (
      select h.name, h.kind, count(*) as times, min(h.id) as first_id from registers.organisation h where coalesce(h.dissolved_on, 'infinity') > ${today}::date
      group by h.name, h.kind having count(*) > 1) t on t.name = g.name and t.kind = g.kind
    cross join lateral (values
      ('company-twice', t.first_id < g.id, '同名的登记了 ' || t.times || ' 家', null::date),
      ('company-unanswered', r.body_id is null, '所在地没有登记对它负责的单位', g.enrolled_on),
      ('company-missing', g.uscc is null or c.registered_on is null or c.full_members is null or not c.party_surveyed,
        '待补：' || ${missing({ 统一社会信用代码: 'g.uscc is null', 登记日期: 'c.registered_on is null', 正式党员人数: 'c.full_members is null', 党建摸排: 'not c.party_surveyed' })}, g.enrolled_on)
    ) k (kind, wrong, detail, since) where k.wrong`,
};

const owners: FlawSource = {
  kinds: ['owner-twice'],
  // By name within a flat, or by name and the keyed hash of the telephone within an estate; nothing is opened, and no name is shown. In one pass:
  // each with each other of the estate would be too many.
  rows: (today) => sql`
    select 'owner-twice' as kind, u.id, e.name || ' ' || b.name || u.name as name, e.id as estate_id, u.scope, null::int as keeper_id,
      d.detail, d.since
    from (
      select h.unit_id as id,
        case when bool_or(h.elsewhere) then '与本小区另一房屋的业主同名同电话，却是两个人' else '同一房屋里有两条同名的登记' end as detail,
        max(greatest(case when h.here then h.here_since end, case when h.elsewhere then h.elsewhere_since end)) as since
      from (
        select o.unit_id, row_number() over here > 1 as here, max(o.from_on) over here as here_since,
          greatest(o.from_on, max(o.from_on) over before) as elsewhere_since,
          (p.phone_hash is not null and (min(p.id) over before <> p.id or max(p.id) over before <> p.id)
            and (min(o.unit_id) over before <> o.unit_id or max(o.unit_id) over before <> o.unit_id)) is true as elsewhere
        from registers.ownership o join registers.person p on p.id = o.person_id
        where ${inForce('o.from_on', 'o.to_on', today)}
        window here as (partition by o.unit_id, p.name order by o.id),
          before as (partition by o.estate_id, p.name, p.phone_hash order by o.id rows between unbounded preceding and 1 preceding)) h
      where h.here or h.elsewhere group by h.unit_id) d
    join registers.unit u on u.id = d.id join registers.building b on b.id = u.building_id join registers.estate e on e.id = u.estate_id`,
};

const posts: FlawSource = {
  kinds: ['body-unstaffed', 'post-twice'],
  rows: (today) => sql`
    select k.kind, g.id, g.name, null::int as estate_id, g.scope, (
        select registers.nearest_body(kinds[cardinality(kinds)], left(g.scope, 12)) from registers.keeper_kinds(left(g.scope, 12)) kinds) as keeper_id, k.detail, k.since
    from registers.organisation g
    left join (
      select o.organisation_id, bool_or(${inForce('o.from_on', 'o.to_on', today)}) as staffed, max(o.to_on) as left_on
      from registers.post o group by o.organisation_id) h on h.organisation_id = g.id
    left join (
      select o.organisation_id, max(greatest(o.from_on, w.from_on)) as since from registers.post o
      join registers.post w on w.organisation_id = o.organisation_id and w.person_id = o.person_id and w.role = o.role and w.id < o.id
      where ${meeting(['o.from_on', 'o.to_on'], ['w.from_on', 'w.to_on'], today)} group by o.organisation_id) d on d.organisation_id = g.id
    cross join lateral (values
      ('body-unstaffed', h.staffed is not true and (g.scope, g.kind) in (
        select a.code, unnest(registers.keeper_kinds(a.code)) from registers.area a where platform.in_scope(a.code)), '没有人能在系统里办理', coalesce(h.left_on, g.enrolled_on)),
      ('post-twice', d.organisation_id is not null, '同一人同一职务登记了两次', d.since)
    ) k (kind, wrong, detail, since)
    where k.wrong and coalesce(g.dissolved_on, 'infinity') > ${today}::date and platform.in_scope(g.scope)`,
};

const equipmentOf = (kind: FlawKind, table: 'common_part' | 'camera'): FlawSource => ({
  kinds: [kind],
  rows: (today) => sql`
    select ${kind}::text as kind, e.id, e.name, e.id as estate_id, e.scope, null::int as keeper_id, t.detail, null::date as since
    from (
      select t.estate_id, count(*) || ' 项没有写归谁管，或所写的单位已撤销' as detail
      from ${sql.raw(`registers.${table}`)} t left join registers.organisation g on g.id = t.responsible_id
      where ${inForce('t.from_on', 't.to_on', today)} and (g.id is null or g.dissolved_on <= ${today}::date) group by t.estate_id) t
    join registers.estate e on e.id = t.estate_id`,
});

const managementAreas: FlawSource = {
  kinds: ['management-area-exceeded'],
  // Whoever sees only some of the estates would add up only those.
  rows: (today) => sql`
    select 'management-area-exceeded' as kind, m.id, m.name, null::int as estate_id, m.scope, null::int as keeper_id,
      '所含小区合计 ' || ${squareMetres('s.area')} || '，划定 ' || ${squareMetres('m.floor_area_centi_m2')}, m.from_on
    from registers.management_area m join (
      select c.entry_id, sum(e.floor_area_centi_m2) as area from registers.management_area_estate c
      join registers.estate e on e.id = c.estate_id group by c.entry_id) s on s.entry_id = m.id
    where ${inForce('m.from_on', 'm.to_on', today)} and s.area > m.floor_area_centi_m2 and platform.in_scope(m.scope)`,
};

export const flawSources: readonly FlawSource[] = [
  estates,
  projects,
  committees,
  companies,
  owners,
  posts,
  equipmentOf('equipment-unassigned', 'common_part'),
  equipmentOf('cameras-unassigned', 'camera'),
  managementAreas,
];
