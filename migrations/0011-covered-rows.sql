-- Business rows under the chain (docs/decisions/0013): every changed row of a covered table leaves its digest, every event carries a digest over the
-- rows its transaction changed, and the hash is chosen once per deployment.

-- ── The deployment: what its chains begin with, which hash they use, and a salt without which nobody can guess a row from its digest

create table platform.journal_setting (
  only_one boolean primary key default true check (only_one),
  deployment uuid not null default gen_random_uuid(),
  hash text not null default 'sha256' check (hash in ('sha256', 'sm3')),
  salt bytea not null check (octet_length(salt) = 32)
);
comment on table platform.journal_setting is '留痕的设定：本部署的编号、哈希算法（sha256 或 sm3，首条留痕之前选定）、行摘要的盐（不外传）';
insert into platform.journal_setting (salt) values (sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));

create function platform.keep_journal_setting() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  if exists (select from platform.journal) then
    raise exception '留痕已经开始，其设定（哈希算法为 %）不能再改', old.hash using errcode = 'GZ004';
  end if;
  return new;
end $$;
create trigger kept before update or delete on platform.journal_setting for each row execute function platform.keep_journal_setting();
alter table platform.journal_setting enable always trigger kept;

-- Both are replaced when a deployment chooses SM3; the planner puts the body in place of the call.
create function platform.hash(bytes bytea) returns bytea language sql immutable parallel safe as $$ select sha256(bytes) $$;
create function platform.hash_mark() returns bytea language sql immutable parallel safe as $$ select '\x01'::bytea $$;

create function platform.choose_hash(chosen text) returns void
  language plpgsql
  as $$
declare home text;
begin
  if (select s.hash from platform.journal_setting s) = chosen then return; end if;
  update platform.journal_setting s set hash = chosen;
  if chosen = 'sha256' then
    create or replace function platform.hash(bytes bytea) returns bytea language sql immutable parallel safe as 'select sha256(bytes)';
    create or replace function platform.hash_mark() returns bytea language sql immutable parallel safe as $mark$ select '\x01'::bytea $mark$;
    return;
  end if;
  begin
    create extension if not exists pgcrypto schema platform;
    select n.nspname into home from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pgcrypto';
    execute format('create or replace function platform.hash(bytes bytea) returns bytea language sql immutable parallel safe as %L',
      format('select %I.digest(bytes, ''sm3'')', home));
    if platform.hash('abc') <> '\x66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0' then raise exception '结果不符'; end if;
  exception when others then
    raise exception '这个 PostgreSQL 不能计算 SM3（%）：请安装 pgcrypto（postgresql-contrib，OpenSSL 须带国密算法），或改用 sha256', sqlerrm using errcode = 'GZ005';
  end;
  create or replace function platform.hash_mark() returns bytea language sql immutable parallel safe as $mark$ select '\x02'::bytea $mark$;
end $$;
comment on function platform.choose_hash is '选定哈希算法；只能在首条留痕之前，由数据库所有者执行';
revoke all on function platform.choose_hash, platform.keep_journal_setting from public;

-- ── Encoding C1. PostgreSQL itself sends a row as a count, then each field as type, length and bytes, with a length no field has for a null:
-- of a row of one field, what follows the first eight bytes is the field with its length. Quicker than the same in words; and called stable, as
-- record_send is, because the planner puts a body in place of the call only if it is no less stable than it says.

create or replace function platform.length_prefixed(field text) returns bytea
  language sql stable parallel safe
  as $$ select substr(record_send(row(convert_to(normalize(field, nfc), 'UTF8'))), 9) $$;
create function platform.length_prefixed(field bytea) returns bytea
  language sql stable parallel safe
  as $$ select substr(record_send(row(field)), 9) $$;

-- ── Covered rows

create table platform.covered_shape (
  relation text not null,
  shape smallint not null,
  columns text[] not null,
  primary key (relation, shape)
);
comment on table platform.covered_shape is '行摘要的构成：哪张表自哪一版起由哪些列构成；旧版永久保留';

create table platform.covered_row (
  transaction xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  relation text not null,
  key text not null,
  shape smallint not null,
  digest bytea,
  first boolean not null,
  primary key (transaction, id)
);
comment on table platform.covered_row is '受留痕约束的表每改一行记一条：改后内容的摘要，空为删除；只增不改';
comment on column platform.covered_row.first is '一条语句所改的第一行；提交时据此判断其后有无留痕';

alter table platform.journal add column rows_digest bytea, add column rows_to bigint;
comment on column platform.journal.rows_digest is '本事务自上一条留痕以来所改各行的摘要之摘要；空为没有改行';
comment on column platform.journal.rows_to is '这些行止于哪一号（platform.covered_row）';
drop index platform.journal_transaction;
create index journal_transaction on platform.journal (transaction, rows_to);
alter table platform.journal_head add column at timestamptz not null default '-infinity';
update platform.journal_head h set at = (select max(j.at) from platform.journal j where j.chain = h.chain) where h.seq > 0;

-- What changed in this transaction and is under no event yet. Each event takes what came since the one before it, so that many events in one
-- transaction read every row once.
create function platform.rows_pending() returns table (digest bytea, upto bigint)
  language sql stable
  as $$ select platform.hash('\x03'::bytea || string_agg(
      platform.length_prefixed(convert_to(relation, 'UTF8')) || platform.length_prefixed(convert_to(key, 'UTF8')) || platform.length_prefixed(digest), ''::bytea order by id)), max(id)
    from platform.covered_row
    where transaction = pg_current_xact_id()
      and id > coalesce((select max(rows_to) from platform.journal where transaction = pg_current_xact_id()), 0) $$;

create function platform.refuse_uncovered_row() returns trigger
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp set enable_seqscan = off
  as $$
begin
  if not exists (select from platform.journal where transaction = new.transaction and rows_to >= new.id) then
    raise exception '改动了 % 却没有留痕，拒绝提交', new.relation using errcode = 'GZ001';
  end if;
  return null;
end $$;
create constraint trigger recorded after insert on platform.covered_row
  deferrable initially deferred for each row when (new.first) execute function platform.refuse_uncovered_row();
alter table platform.covered_row enable always trigger recorded;

-- The columns of a row as the bytes PostgreSQL sends for it: numbers, days, instants and bytes as they are, everything else as its text in UTF-8.
-- A domain is cast away, because its number differs from one database to the next.
create function platform.row_bytes(relation regclass, columns text[]) returns text
  language sql stable
  as $$ select 'record_send(row(' || string_agg(
      case when b.typname in ('bool', 'int2', 'int4', 'int8', 'date', 'timestamptz', 'uuid', 'bytea') then format('%I::%s', a.attname, b.typname)
        else format('convert_to(%I::text, ''UTF8'')', a.attname) end, ', ' order by c.n) || '))'
    from unnest(columns) with ordinality c(name, n) join pg_attribute a on a.attrelid = relation and a.attname = c.name
      join pg_type t on t.oid = a.atttypid join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid) $$;

-- A statement trigger for each table with its columns written out: a plan that is made once costs a tenth of one made for every change.
drop function platform.cover(regclass);
create function platform.cover(relation regclass, left_out text[] default '{}') returns void
  language plpgsql
  as $$
declare
  called text;
  home text;
  covering text;
  covered text[];
  keys text[];
  given_keys boolean;
  version smallint;
  key text;
  entry text;
  marked text;
begin
  select n.nspname, n.nspname || '.' || c.relname, 'cover_' || n.nspname || '_' || c.relname into home, called, covering
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = relation;
  select array_agg(attname order by attnum) into covered from pg_attribute
    where attrelid = relation and attnum > 0 and not attisdropped and attname <> all (left_out);
  select array_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)), bool_or(a.attidentity <> 'a') into keys, given_keys
    from pg_index i join pg_attribute a on a.attrelid = relation and a.attnum = any (i.indkey) where i.indrelid = relation and i.indisprimary;
  if keys is null then raise exception '% 没有主键，不能纳入留痕约束', called; end if;
  select s.shape into version from platform.covered_shape s where s.relation = called and s.columns = covered;
  if version is null then
    insert into platform.covered_shape select called, coalesce(max(s.shape), 0) + 1, covered from platform.covered_shape s where s.relation = called
      returning shape into version;
  end if;
  key := case cardinality(keys) when 1 then format('%I::text', keys[1]) else format('row(%s)::text', (select string_agg(format('%I', k), ', ') from unnest(keys) k)) end;
  entry := format('insert into covered_row (relation, key, shape, digest, first) select %L, %s, %s, ', called, key, version);
  marked := 'row_number() over () = 1 from ';
  execute format($body$
    create or replace function platform.%I() returns trigger
      language plpgsql security definer set search_path = pg_catalog, platform, pg_temp set enable_seqscan = off
      as $covering$
    begin
      if tg_op = 'DELETE' then
        %s null, %s changed;
      else
        %s hash('\x04'::bytea || (select salt from journal_setting) || %L::bytea || %s), %s changed;
      end if;%s
      return null;
    end $covering$ $body$,
    covering, entry, marked, entry,
    platform.length_prefixed(convert_to(called, 'UTF8')) || platform.length_prefixed(convert_to(array_to_string(covered, ','), 'UTF8')),
    platform.row_bytes(relation, covered), marked,
    -- A key that can be given another value leaves the row it named behind.
    case when given_keys then format($gone$
      if tg_op = 'UPDATE' then
        insert into covered_row (relation, key, shape, digest, first) select %L, gone.key, %s, null, %s (select %s as key from former except select %s from changed) gone;
      end if;$gone$, called, version, marked, key, key) else '' end);
  execute format('drop trigger if exists covered on %s', relation);
  execute format('create or replace trigger covered_insert after insert on %s referencing new table as changed for each statement execute function platform.%I()', relation, covering);
  execute format('create or replace trigger covered_update after update on %s referencing old table as former new table as changed for each statement execute function platform.%I()', relation, covering);
  execute format('create or replace trigger covered_delete after delete on %s referencing old table as changed for each statement execute function platform.%I()', relation, covering);
  execute format('alter table %s enable always trigger covered_insert, enable always trigger covered_update, enable always trigger covered_delete', relation);
  -- Whoever verifies reads every row, and nothing is shown to a person in this standing.
  execute format('drop policy if exists verify on %s', relation);
  execute format('create policy verify on %s for select to gongzhi_verifier using (true)', relation);
  execute format('grant select on %s to gongzhi_verifier', relation);
  execute format('grant usage on schema %I to gongzhi_verifier', home);
  grant create on schema platform to gongzhi_journal;
  execute format('alter function platform.%I owner to gongzhi_journal', covering);
  revoke create on schema platform from gongzhi_journal;
  execute format('revoke all on function platform.%I from public', covering);
end $$;
comment on function platform.cover is '把一张表纳入留痕约束：每改一行记其摘要；加了列之后再执行一次';
revoke all on function platform.cover, platform.row_bytes from public;

-- ── Events: format 2 ends with the digest of the rows; format 1 stays readable for ever

create function platform.genesis(chain text) returns bytea
  language sql stable
  as $$ select platform.hash('\x02'::bytea || platform.hash_mark() || platform.length_prefixed('gongzhi-chain') || platform.length_prefixed(s.deployment::text) || platform.length_prefixed(chain))
    from platform.journal_setting s $$;

create function platform.journal_payload(chain text, seq bigint, at timestamptz, act text, object text, person text, organisation text, post text, reason text,
  detail text, request text, rows_digest bytea) returns bytea
  language sql stable
  as $$ select '\x02'::bytea || platform.hash_mark()
    || platform.length_prefixed('gongzhi-journal')
    || platform.length_prefixed(chain)
    || platform.length_prefixed(seq::text)
    || platform.length_prefixed(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || platform.length_prefixed(act)
    || platform.length_prefixed(object)
    || platform.length_prefixed(person)
    || platform.length_prefixed(organisation)
    || platform.length_prefixed(post)
    || platform.length_prefixed(reason)
    || platform.length_prefixed(detail)
    || platform.length_prefixed(request)
    || platform.length_prefixed(rows_digest) $$;

create or replace function platform.record(in_chain text, in_act text, in_object text, in_detail text, in_reason text default null) returns bigint
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp set enable_seqscan = off
  as $$
declare
  pending record;
  head platform.journal_head;
  happened timestamptz;
  bytes bytea;
  leaf_hash bytea;
  link bytea;
begin
  select * into pending from rows_pending();
  select * into head from journal_head where chain = in_chain for update;
  if not found then
    insert into journal_head values (in_chain, 0, genesis(in_chain)) on conflict do nothing;
    select * into head from journal_head where chain = in_chain for update;
  end if;
  -- The clock may be set back; the order of a chain is not.
  happened := greatest(clock_timestamp(), head.at);
  bytes := journal_payload(in_chain, head.seq + 1, happened, in_act, in_object, nullif(current_setting('app.person', true), ''),
    nullif(current_setting('app.organisation', true), ''), nullif(current_setting('app.post', true), ''), in_reason, in_detail,
    nullif(current_setting('app.request', true), ''), pending.digest);
  leaf_hash := hash('\x00'::bytea || bytes);
  link := hash('\x02'::bytea || head.hash || leaf_hash);
  insert into journal values (
    in_chain, head.seq + 1, happened, in_act, in_object,
    nullif(current_setting('app.person', true), '')::int,
    nullif(current_setting('app.organisation', true), '')::int,
    nullif(current_setting('app.post', true), '')::int,
    in_reason, in_detail, nullif(current_setting('app.request', true), ''),
    bytes, leaf_hash, head.hash, link, pg_current_xact_id(), pending.digest, pending.upto);
  update journal_head set seq = head.seq + 1, hash = link, at = happened where chain = in_chain;
  return head.seq + 1;
end $$;

create or replace function platform.record_each(in_chains text[], in_act text, in_object text, in_details text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
declare
  pending record;
  happened timestamptz;
  person text := nullif(current_setting('app.person', true), '');
  organisation text := nullif(current_setting('app.organisation', true), '');
  post text := nullif(current_setting('app.post', true), '');
  request text := nullif(current_setting('app.request', true), '');
  many bigint;
begin
  select * into pending from rows_pending();
  insert into journal_head select chain, 0, genesis(chain) from unnest(in_chains) c(chain) order by chain on conflict do nothing;
  -- Every writer takes heads in the order of their names, so that no two wait for each other.
  select greatest(clock_timestamp(), max(locked.at)) into happened
    from (select at from journal_head where chain = any (in_chains) order by chain for update) locked;
  with encoded as materialized (
    select h.chain, h.seq + 1 as seq, h.hash as prev, g.detail,
      journal_payload(h.chain, h.seq + 1, happened, in_act, in_object, person, organisation, post, null, g.detail, request, pending.digest) as payload
    from unnest(in_chains, in_details) g(chain, detail) join journal_head h on h.chain = g.chain
  ), hashed as materialized (
    select e.*, hash('\x00'::bytea || e.payload) as leaf from encoded e
  ), written as (
    insert into journal
    select chain, seq, happened, in_act, in_object, person::int, organisation::int, post::int, null, detail, request,
      payload, leaf, prev, hash('\x02'::bytea || prev || leaf), pg_current_xact_id(), pending.digest, pending.upto
    from hashed returning chain, seq, hash
  )
  update journal_head h set seq = w.seq, hash = w.hash, at = happened from written w where h.chain = w.chain;
  get diagnostics many = row_count;
  if many <> cardinality(in_chains) then
    raise exception '留痕的链有重复' using errcode = 'GZ003';
  end if;
  return many;
end $$;

-- ── Rights

alter table platform.journal_setting enable row level security;
alter table platform.journal_setting force row level security;
alter table platform.covered_shape enable row level security;
alter table platform.covered_shape force row level security;
alter table platform.covered_row enable row level security;
alter table platform.covered_row force row level security;
create policy own on platform.journal_setting to gongzhi_journal using (true) with check (true);
create policy own on platform.covered_shape to gongzhi_journal using (true) with check (true);
create policy own on platform.covered_row to gongzhi_journal using (true) with check (true);
create policy verify on platform.journal for select to gongzhi_verifier using (true);
create policy verify on platform.journal_head for select to gongzhi_verifier using (true);
create policy verify on platform.covered_shape for select to gongzhi_verifier using (true);
create policy verify on platform.covered_row for select to gongzhi_verifier using (true);
create policy everyone on platform.journal_setting for select to gongzhi_auditor, gongzhi_engine, gongzhi_verifier using (true);
grant usage on schema platform to gongzhi_verifier;
grant select on platform.journal, platform.journal_head, platform.journal_setting, platform.covered_shape, platform.covered_row to gongzhi_verifier;
grant select (deployment, hash) on platform.journal_setting to gongzhi_auditor, gongzhi_engine; -- the salt is for nobody who could show it
grant create on schema platform to gongzhi_journal;
alter table platform.journal_setting owner to gongzhi_journal;
alter table platform.covered_shape owner to gongzhi_journal;
alter table platform.covered_row owner to gongzhi_journal;
alter function platform.refuse_uncovered_row owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
revoke all on function platform.refuse_uncovered_row, platform.rows_pending, platform.genesis from public;
grant execute on function platform.rows_pending, platform.genesis to gongzhi_journal;

-- ── Every table that was covered is covered anew, and what already stands in it comes under an event.

do $$
declare
  t regclass;
  given text;
  founder int;
begin
  for t in select tgrelid::regclass from pg_trigger where tgfoid = 'platform.note_covered_change()'::regprocedure order by tgrelid
  loop
    perform platform.cover(t);
    -- Forced row-level security hides the rows from the owner as well.
    execute format('alter table %s no force row level security', t);
    select attname into given from pg_attribute where attrelid = t and attnum > 0 and not attisdropped and attidentity = '' order by attnum limit 1;
    execute format('update %s set %I = %I', t, given, given);
    execute format('alter table %s force row level security', t);
  end loop;
  if exists (select from platform.covered_row) then
    select min(split_part(chain, ':', 2)::int) into founder from platform.journal_head where chain like 'organisation:%';
    perform platform.record('organisation:' || founder, 'journal.covered', 'migration:11', '{}', '自本版本起，各表每一行的内容纳入留痕');
  end if;
end $$;
drop table platform.covered_change;
drop function platform.note_covered_change, platform.refuse_unrecorded_change;
