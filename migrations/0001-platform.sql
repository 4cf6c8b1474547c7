-- The platform: roles, context, journal, sign-in, files, keys, calendar.
-- Role names begin with gongzhi_; the runner replaces that prefix by the database's own (decisions 14).

create schema platform;
comment on schema platform is '平台：留痕、登录、文件、密钥、日历';
grant usage on schema platform to gongzhi_app, gongzhi_door, gongzhi_engine, gongzhi_auditor;
grant usage, create on schema platform to gongzhi_journal; -- create only until its objects are handed over below

-- ── Context: who asks, from which post, for which scope. Set by the server inside the transaction; unset means nothing is visible.

create function platform.in_scope(scope text) returns boolean
  language sql stable parallel safe
  as $$ select scope collate "C" >= current_setting('app.lo', true) and scope collate "C" < current_setting('app.hi', true) $$;
comment on function platform.in_scope is '该区划代码是否在本次请求的辖区范围内；未设置范围时为空，即不可见';

create function platform.my_estates() returns int[]
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.estates', true), '')::int[] $$;
comment on function platform.my_estates is '本次请求可见的小区（企业、业委会、业主）；每个事务计算一次';

create function platform.my_organisation() returns int
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.organisation', true), '')::int $$;

create function platform.my_person() returns int
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.person', true), '')::int $$;

create function platform.today() returns date
  language sql stable parallel safe
  as $$ select nullif(current_setting('app.today', true), '')::date $$;
comment on function platform.today is '业务日（北京时间），由服务器注入，不取数据库时钟';

-- ── Calendar of rest days (GEN-07): data from the yearly notice, never computed.

create table platform.calendar_year (
  year int primary key,
  notice text not null,
  loaded_at timestamptz not null default clock_timestamp()
);
comment on table platform.calendar_year is '已载入放假通知的年份；缺少的年份，期限一律标为暂定';
create table platform.calendar_day (
  day date primary key,
  kind text not null check (kind in ('rest', 'work')),
  year int not null references platform.calendar_year
);
comment on table platform.calendar_day is '放假调休日：rest 放假，work 调休上班';

-- ── Journal: one chain per estate and per organisation; appended last, in the transaction of the change (trust.md 2.2, 2.5).

create function platform.length_prefixed(field text) returns bytea
  language sql immutable parallel safe
  as $$ select case when field is null then '\xffffffff'::bytea
    else int4send(octet_length(convert_to(normalize(field, nfc), 'UTF8'))) || convert_to(normalize(field, nfc), 'UTF8') end $$;

create table platform.journal (
  chain text collate "C" not null,
  seq bigint not null,
  at timestamptz not null,
  act text not null,
  object text not null,
  person_id int,
  organisation_id int,
  post_id int,
  reason text,
  detail text not null,
  request text,
  payload bytea not null,
  leaf bytea not null,
  prev bytea not null,
  hash bytea not null,
  transaction xid8 not null,
  primary key (chain, seq),
  unique (chain, prev)
);
comment on table platform.journal is '留痕：每一项变更一条，只增不改；链为小区或单位';
comment on column platform.journal.payload is '规范编码的原始字节（C1），哈希只对它计算';
create index journal_transaction on platform.journal (transaction);
create index journal_object on platform.journal (object);

create table platform.journal_head (
  chain text collate "C" primary key,
  seq bigint not null,
  hash bytea not null
);
comment on table platform.journal_head is '各链的最新一条';

create table platform.covered_change (
  transaction xid8 primary key,
  relation text not null
);
comment on table platform.covered_change is '本事务改动了受留痕约束的表；提交时必须已有留痕，否则拒绝提交';

create function platform.note_covered_change() returns trigger
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
begin
  insert into platform.covered_change values (pg_current_xact_id(), tg_table_schema || '.' || tg_table_name) on conflict do nothing;
  return null;
end $$;

create function platform.refuse_unrecorded_change() returns trigger
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
begin
  if not exists (select from platform.journal where transaction = new.transaction) then
    raise exception '改动了 % 却没有留痕，拒绝提交', new.relation using errcode = 'GZ001';
  end if;
  delete from platform.covered_change where transaction = new.transaction;
  return null;
end $$;

create constraint trigger recorded after insert on platform.covered_change
  deferrable initially deferred for each row execute function platform.refuse_unrecorded_change();
alter table platform.covered_change enable always trigger recorded;

create function platform.cover(relation regclass) returns void
  language plpgsql
  as $$
begin
  execute format('create trigger covered after insert or update or delete on %s for each statement execute function platform.note_covered_change()', relation);
  execute format('alter table %s enable always trigger covered', relation);
end $$;
comment on function platform.cover is '把一张表纳入留痕约束';

-- The actor comes from the context, so that no caller can write another's name. A plan made while the heads were few would read all of them for
-- every event of an import that brings thousands of chains; without sequential scans it goes by the key from the first call on.
create function platform.record(in_chain text, in_act text, in_object text, in_detail text, in_reason text default null) returns bigint
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp set enable_seqscan = off
  as $$
declare
  head platform.journal_head;
  happened timestamptz;
  bytes bytea;
  leaf_hash bytea;
  link bytea;
begin
  insert into platform.journal_head values (in_chain, 0, sha256(convert_to(in_chain, 'UTF8'))) on conflict do nothing;
  select * into head from platform.journal_head where chain = in_chain for update;
  happened := clock_timestamp();
  bytes := '\x0101'::bytea
    || platform.length_prefixed('gongzhi-journal')
    || platform.length_prefixed(in_chain)
    || platform.length_prefixed((head.seq + 1)::text)
    || platform.length_prefixed(to_char(happened at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || platform.length_prefixed(in_act)
    || platform.length_prefixed(in_object)
    || platform.length_prefixed(nullif(current_setting('app.person', true), ''))
    || platform.length_prefixed(nullif(current_setting('app.organisation', true), ''))
    || platform.length_prefixed(nullif(current_setting('app.post', true), ''))
    || platform.length_prefixed(in_reason)
    || platform.length_prefixed(in_detail)
    || platform.length_prefixed(nullif(current_setting('app.request', true), ''));
  leaf_hash := sha256('\x00'::bytea || bytes);
  link := sha256('\x02'::bytea || head.hash || leaf_hash);
  insert into platform.journal values (
    in_chain, head.seq + 1, happened, in_act, in_object,
    nullif(current_setting('app.person', true), '')::int,
    nullif(current_setting('app.organisation', true), '')::int,
    nullif(current_setting('app.post', true), '')::int,
    in_reason, in_detail, nullif(current_setting('app.request', true), ''),
    bytes, leaf_hash, head.hash, link, pg_current_xact_id());
  update platform.journal_head set seq = head.seq + 1, hash = link where chain = in_chain;
  return head.seq + 1;
end $$;
comment on function platform.record is '追加一条留痕；应是一项操作的最后一条语句';

alter table platform.journal owner to gongzhi_journal;
alter table platform.journal_head owner to gongzhi_journal;
alter table platform.covered_change owner to gongzhi_journal;
alter function platform.note_covered_change owner to gongzhi_journal;
alter function platform.refuse_unrecorded_change owner to gongzhi_journal;
alter function platform.record owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
revoke all on function platform.record, platform.note_covered_change, platform.refuse_unrecorded_change from public;
grant execute on function platform.record to gongzhi_app, gongzhi_engine, gongzhi_door;

-- ── Sign-in

create table platform.account (
  id int generated always as identity primary key,
  name text not null unique,
  password_hash text,
  failures int not null default 0,
  locked_until timestamptz,
  demo boolean not null default false,
  created_at timestamptz not null default clock_timestamp()
);
comment on table platform.account is '登录账号；密码只存 Argon2id 摘要';
create table platform.session (
  hash bytea primary key,
  account_id int not null references platform.account,
  post_id int,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
comment on table platform.session is '会话；只存会话号的摘要，有闲置与绝对时限';
create index session_account on platform.session (account_id);

-- ── Sealed data: one key per subject, wrapped by the key file; destroying the row erases the person (decisions 12).

create table platform.subject_key (
  subject uuid primary key,
  wrapped bytea,
  destroyed_at timestamptz
);
comment on table platform.subject_key is '个人字段的密钥，由密钥文件再加密；销毁即抹除';
create table platform.key_fingerprint (
  only_one boolean primary key default true check (only_one),
  fingerprint text not null,
  made_at timestamptz not null default clock_timestamp()
);
comment on table platform.key_fingerprint is '密钥文件的指纹；不符则拒绝启动';
create table platform.sealed_read (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  subject uuid not null,
  field text not null,
  person_id int,
  post_id int,
  purpose text not null
);
comment on table platform.sealed_read is '敏感字段的每一次查看';

-- ── Files: content-addressed, sealed on disk; the row is the claim that the bytes are there (decisions 21).

create table platform.file (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media text not null,
  wrapped bytea not null,
  kept_until date,
  stored_at timestamptz not null default clock_timestamp()
);
comment on table platform.file is '附件；内容寻址，磁盘上加密';

-- ── Deployment

create table platform.deployment (
  only_one boolean primary key default true check (only_one),
  mode text not null check (mode in ('demo', 'real')),
  anchor_on date not null,
  prepared_at timestamptz
);
comment on table platform.deployment is '本部署：演示或真实；演示数据的锚定日';

-- ── Rights and row-level security

do $$
declare t regclass;
begin
  foreach t in array array['platform.calendar_year', 'platform.calendar_day', 'platform.journal', 'platform.journal_head', 'platform.covered_change',
    'platform.account', 'platform.session', 'platform.subject_key', 'platform.key_fingerprint', 'platform.sealed_read', 'platform.file', 'platform.deployment']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
  end loop;
end $$;

create policy own on platform.journal to gongzhi_journal using (true) with check (true);
create policy own on platform.journal_head to gongzhi_journal using (true) with check (true);
create policy own on platform.covered_change to gongzhi_journal using (true) with check (true);
create policy audit on platform.journal for select to gongzhi_auditor, gongzhi_engine using (true);
create policy audit on platform.journal_head for select to gongzhi_auditor, gongzhi_engine using (true);
grant select on platform.journal, platform.journal_head to gongzhi_auditor, gongzhi_engine;

create policy everyone on platform.calendar_year for select to gongzhi_app, gongzhi_engine, gongzhi_auditor using (true);
create policy everyone on platform.calendar_day for select to gongzhi_app, gongzhi_engine, gongzhi_auditor using (true);
create policy load on platform.calendar_year to gongzhi_engine using (true) with check (true);
create policy load on platform.calendar_day to gongzhi_engine using (true) with check (true);
grant select on platform.calendar_year, platform.calendar_day to gongzhi_app, gongzhi_auditor;
grant select, insert, update, delete on platform.calendar_year, platform.calendar_day to gongzhi_engine;

create policy door on platform.account to gongzhi_door using (true) with check (true);
create policy door on platform.session to gongzhi_door using (true) with check (true);
create policy engine on platform.account to gongzhi_engine using (true) with check (true);
grant select, insert, update on platform.account to gongzhi_door, gongzhi_engine;
grant select, insert, update on platform.session to gongzhi_door;

create policy sealing on platform.subject_key to gongzhi_app, gongzhi_engine using (true) with check (true);
create policy sealing on platform.key_fingerprint to gongzhi_engine using (true) with check (true);
create policy trace on platform.sealed_read for insert to gongzhi_app, gongzhi_engine with check (true);
create policy audit on platform.sealed_read for select to gongzhi_auditor using (true);
grant select, insert, update on platform.subject_key to gongzhi_app, gongzhi_engine;
grant select, insert on platform.key_fingerprint to gongzhi_engine;
grant insert on platform.sealed_read to gongzhi_app, gongzhi_engine;
grant select on platform.sealed_read to gongzhi_auditor;

create policy everyone on platform.file to gongzhi_app, gongzhi_engine using (true) with check (true);
grant select, insert on platform.file to gongzhi_app, gongzhi_engine;

create policy everyone on platform.deployment for select to gongzhi_app, gongzhi_engine, gongzhi_door, gongzhi_auditor using (true);
create policy engine on platform.deployment to gongzhi_engine using (true) with check (true);
grant select on platform.deployment to gongzhi_app, gongzhi_door, gongzhi_auditor;
grant select, insert, update on platform.deployment to gongzhi_engine;
