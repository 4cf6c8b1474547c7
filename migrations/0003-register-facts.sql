-- Facts the registers publish upward. Functions of a day, not views, so that a finished campaign can be asked as of its last day
-- (docs/decisions). Plain SQL without security definer: the planner inlines them and row-level security holds for the caller.
-- Every function answers with the same first columns: subject_id, label, scope, estate_id, enrolled_on, company_id, committee_id.

create function registers.fact_areas(on_day date)
returns table (subject_id text, label text, scope registers.scope, estate_id int, enrolled_on date, company_id int, committee_id int,
  level text, has_industry_party boolean, demonstration_zone boolean)
language sql stable parallel safe
as $$
  select a.code::text, a.name, a.code, null::int, a.enrolled_on, null::int, null::int,
    a.level,
    exists (select from registers.organisation o where o.kind = 'industry-party-committee' and o.area_code = a.code
      and coalesce(o.founded_on, '-infinity') <= on_day and coalesce(o.dissolved_on, 'infinity') > on_day),
    a.demonstration_zone
  from registers.area a
$$;

create function registers.fact_estates(on_day date)
returns table (subject_id text, label text, scope registers.scope, estate_id int, enrolled_on date, company_id int, committee_id int,
  served boolean, surveyed_unserved boolean, urban boolean, has_committee boolean, has_management_committee boolean, long_term_managed boolean,
  households int, fund_alarm_units int, floor_area_centi_m2 bigint)
language sql stable parallel safe
as $$
  select e.id::text, e.name, e.scope, e.id, e.enrolled_on, p.company_id, c.owners,
    case when p.estate_id is not null then true when e.service_surveyed then false end,
    e.surveyed_unserved, e.urban,
    case when c.owners is not null then true when e.committee_surveyed then false end,
    case when c.management is not null then true when e.committee_surveyed then false end,
    e.long_term_managed, e.households, e.fund_alarm_units, e.floor_area_centi_m2
  from registers.estate e
  left join (
    select estate_id, max(company_id) as company_id from registers.service_project
    where coalesce(started_on, '-infinity') <= on_day and coalesce(ended_on, 'infinity') > on_day group by estate_id
  ) p on p.estate_id = e.id
  left join (
    select estate_id, max(organisation_id) filter (where kind = 'owners') as owners, max(organisation_id) filter (where kind = 'management') as management
    from registers.committee
    where coalesce(term_from, '-infinity') <= on_day and coalesce(term_to, 'infinity') > on_day group by estate_id
  ) c on c.estate_id = e.id
$$;

create function registers.fact_companies(on_day date)
returns table (subject_id text, label text, scope registers.scope, estate_id int, enrolled_on date, company_id int, committee_id int,
  full_members int, projects int, eligible boolean, has_party_organisation boolean, in_joint_organisation boolean, organisation_covered boolean,
  has_instructor boolean, work_covered boolean, registered_on date)
language sql stable parallel safe
as $$
  select o.id::text, o.name, c.scope, null::int, o.enrolled_on, o.id, null::int,
    c.full_members, coalesce(p.projects, 0)::int, c.eligible,
    case when a.own then true when c.party_surveyed then false end,
    case when a.joined then true when c.party_surveyed then false end,
    case when a.own or a.joined then true when c.party_surveyed then false end,
    case when i.company_id is not null then true when c.party_surveyed then false end,
    case when a.own or a.joined or i.company_id is not null then true when c.party_surveyed then false end,
    c.registered_on
  from registers.company c
  join registers.organisation o on o.id = c.organisation_id and coalesce(o.dissolved_on, 'infinity') > on_day
  left join (
    select company_id, bool_or(form = 'own') as own, bool_or(form <> 'own') as joined from registers.party_arrangement
    where coalesce(founded_on, '-infinity') <= on_day and coalesce(ended_on, 'infinity') > on_day group by company_id
  ) a on a.company_id = c.organisation_id
  left join (
    select distinct company_id from registers.instructor where coalesce(from_on, '-infinity') <= on_day and coalesce(to_on, 'infinity') > on_day
  ) i on i.company_id = c.organisation_id
  left join (
    select company_id, count(*) as projects from registers.service_project
    where coalesce(started_on, '-infinity') <= on_day and coalesce(ended_on, 'infinity') > on_day group by company_id
  ) p on p.company_id = c.organisation_id
$$;

create function registers.fact_projects(on_day date)
returns table (subject_id text, label text, scope registers.scope, estate_id int, enrolled_on date, company_id int, committee_id int,
  has_instructor boolean, has_supervisor boolean, started_on date)
language sql stable parallel safe
as $$
  select p.id::text, e.name, p.scope, p.estate_id, e.enrolled_on, p.company_id, null::int,
    exists (select from registers.instructor i where i.project_id = p.id and coalesce(i.from_on, '-infinity') <= on_day and coalesce(i.to_on, 'infinity') > on_day),
    p.supervised, p.started_on
  from registers.service_project p
  join registers.estate e on e.id = p.estate_id
  where coalesce(p.started_on, '-infinity') <= on_day and coalesce(p.ended_on, 'infinity') > on_day
$$;

create function registers.fact_committees(on_day date)
returns table (subject_id text, label text, scope registers.scope, estate_id int, enrolled_on date, company_id int, committee_id int,
  kind text, members int, party_members int, owner_members int, in_term boolean, has_party_unit boolean, formed_on date)
language sql stable parallel safe
as $$
  select o.id::text, o.name, c.scope, c.estate_id, o.enrolled_on, null::int, o.id,
    c.kind, c.member_count, c.party_member_count, c.owner_member_count,
    c.term_to > on_day, c.party_unit, c.term_from
  from registers.committee c
  join registers.organisation o on o.id = c.organisation_id and coalesce(o.dissolved_on, 'infinity') > on_day
  where coalesce(c.term_from, '-infinity') <= on_day
$$;
