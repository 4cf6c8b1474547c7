-- Taking back what an import created: the one way by which a register row is ever deleted (decisions 15, ux 6.7).
-- The function belongs to the role that nobody becomes; its policies hold the caller's range, so it reaches no further than the caller does.

do $$
declare t regclass;
begin
  foreach t in array array['registers.organisation', 'registers.company', 'registers.party_arrangement', 'registers.instructor', 'registers.person',
    'registers.estate', 'registers.building', 'registers.unit', 'registers.ownership', 'registers.service_project', 'registers.committee',
    'registers.committee_member']::regclass[]
  loop
    execute format('create policy take_back on %s to gongzhi_journal using (batch_id is not null and platform.in_scope(scope))', t);
    execute format('grant select, delete on %s to gongzhi_journal', t);
  end loop;
end $$;
create policy take_back on registers.area to gongzhi_journal using (batch_id is not null and platform.in_scope(code));
create policy take_back on registers.import_batch for select to gongzhi_journal
  using (platform.in_scope(scope) and organisation_id = platform.my_organisation());
create policy erase on platform.subject_key to gongzhi_journal using (true) with check (true);
grant usage on schema registers to gongzhi_journal;
grant select, delete on registers.area to gongzhi_journal;
grant select on registers.import_batch to gongzhi_journal;
grant select, update on platform.subject_key to gongzhi_journal;

create function registers.take_back(in_batch int) returns bigint
  language plpgsql security definer set search_path = pg_catalog, registers, pg_temp
  as $$
declare
  t text;
  gone bigint;
  total bigint := 0;
begin
  if not exists (select from import_batch where id = in_batch and state = 'undoing') then
    raise exception '批次 % 不在撤销中，或不是本单位的', in_batch using errcode = 'GZ002';
  end if;
  -- Whom the import brought in is forgotten: without the key nothing sealed about them can be read, in backups neither.
  update platform.subject_key set wrapped = null, destroyed_at = clock_timestamp()
    where subject in (select subject from person where batch_id = in_batch) and wrapped is not null;
  -- What refers to others first. A row that something else refers to stops the whole: the reference says which.
  foreach t in array array['ownership', 'unit', 'building', 'person', 'committee_member', 'committee', 'instructor', 'party_arrangement',
    'service_project', 'company', 'organisation', 'estate'] loop
    execute format('delete from registers.%I where batch_id = $1', t) using in_batch;
    get diagnostics gone = row_count;
    total := total + gone;
  end loop;
  delete from area where batch_id = in_batch;
  get diagnostics gone = row_count;
  return total + gone;
end $$;
comment on function registers.take_back is '撤销导入：删去该批次新增的记录（限本单位、本辖区）；有别处引用的，整批不撤';

grant create on schema registers to gongzhi_journal;
alter function registers.take_back owner to gongzhi_journal;
revoke create on schema registers from gongzhi_journal;
revoke all on function registers.take_back from public;
grant execute on function registers.take_back to gongzhi_office;
