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

-- One act on many chains, as an import is: what platform.record does for one, in one statement. A test holds the two to the same bytes.

create function platform.record_each(in_chains text[], in_act text, in_object text, in_details text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
declare
  happened timestamptz;
  acted bytea := platform.length_prefixed(in_act) || platform.length_prefixed(in_object)
    || platform.length_prefixed(nullif(current_setting('app.person', true), ''))
    || platform.length_prefixed(nullif(current_setting('app.organisation', true), ''))
    || platform.length_prefixed(nullif(current_setting('app.post', true), ''))
    || platform.length_prefixed(null);
  request bytea := platform.length_prefixed(nullif(current_setting('app.request', true), ''));
  instant bytea;
  many bigint;
begin
  insert into platform.journal_head select chain, 0, sha256(convert_to(chain, 'UTF8')) from unnest(in_chains) c(chain) order by chain on conflict do nothing;
  -- Every writer takes heads in the order of their names, so that no two wait for each other.
  perform from (select from platform.journal_head where chain = any (in_chains) order by chain for update) locked;
  happened := clock_timestamp();
  instant := platform.length_prefixed(to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
  with encoded as materialized (
    select h.chain, h.seq + 1 as seq, h.hash as prev, g.detail,
      '\x0101'::bytea || platform.length_prefixed('gongzhi-journal') || platform.length_prefixed(h.chain) || platform.length_prefixed((h.seq + 1)::text)
        || instant || acted || platform.length_prefixed(g.detail) || request as payload
    from unnest(in_chains, in_details) g(chain, detail) join platform.journal_head h on h.chain = g.chain
  ), hashed as materialized (
    select e.*, sha256('\x00'::bytea || e.payload) as leaf from encoded e
  ), written as (
    insert into platform.journal
    select chain, seq, happened, in_act, in_object,
      nullif(current_setting('app.person', true), '')::int, nullif(current_setting('app.organisation', true), '')::int, nullif(current_setting('app.post', true), '')::int,
      null, detail, nullif(current_setting('app.request', true), ''), payload, leaf, prev, sha256('\x02'::bytea || prev || leaf), pg_current_xact_id()
    from hashed returning chain, seq, hash
  )
  update platform.journal_head h set seq = w.seq, hash = w.hash from written w where h.chain = w.chain;
  get diagnostics many = row_count;
  if many <> cardinality(in_chains) then
    raise exception '留痕的链有重复' using errcode = 'GZ003';
  end if;
  return many;
end $$;
comment on function platform.record_each is '一项操作在多条链上各追加一条留痕';
grant create on schema platform to gongzhi_journal;
alter function platform.record_each owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
revoke all on function platform.record_each from public;
grant execute on function platform.record_each to gongzhi_app, gongzhi_engine;
