-- 群台账也可以按名册导入：导入登记的群记着是哪一批的，撤销导入时一并删去；已登记的群，名册可以更正类别和负责单位。

alter table registers.chat_group add column batch_id int;
comment on column registers.chat_group.batch_id is '由哪一批导入登记的；空为逐个登记的';
create policy take_back on registers.chat_group to gongzhi_journal using (batch_id is not null and platform.in_scope(scope));
grant select, delete on registers.chat_group to gongzhi_journal;
grant update (kind, organisation_id) on registers.chat_group to gongzhi_office;
select platform.cover('registers.chat_group');

create or replace function registers.take_back(in_batch int) returns bigint
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
  foreach t in array array['chat_group', 'ownership', 'service_place_estate', 'management_area_estate', 'bundle_estate', 'renovation_estate', 'service_place',
    'management_area', 'bundle', 'renovation', 'stationed_unit', 'grid_worker', 'grid', 'building_head', 'camera', 'common_part',
    'organisation_relation', 'unit', 'building', 'person', 'committee_member', 'committee', 'instructor', 'party_arrangement',
    'service_project', 'company', 'organisation', 'estate'] loop
    execute format('delete from registers.%I where batch_id = $1', t) using in_batch;
    get diagnostics gone = row_count;
    total := total + gone;
  end loop;
  delete from area where batch_id = in_batch;
  get diagnostics gone = row_count;
  return total + gone;
end $$;
