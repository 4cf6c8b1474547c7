-- How an owner comes to an account: a code to the telephone in the register, a printed letter, the community's counter, a committee member's voucher.

-- ── Codes to telephones: the door's alone, and no telephone in clear.

create table platform.phone_code (
  id bigint generated always as identity primary key,
  phone_hash bytea not null,
  address_hash bytea not null,
  code_hash bytea not null,
  tries int not null default 0,
  asked_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  failed_at timestamptz,
  failed_as text
);
comment on table platform.phone_code is '手机验证码：号码、来源地址、验证码都只存带密钥的摘要；不论号码是否登记都记一行，外人无从分辨';
comment on column platform.phone_code.tries is '已经试过几次';
comment on column platform.phone_code.failed_at is '短信服务没有发出';
comment on column platform.phone_code.failed_as is '没有发出的原因，供运维查看；不含号码';
create index phone_code_phone on platform.phone_code (phone_hash, asked_at);
create index phone_code_address on platform.phone_code (address_hash, asked_at);
create index phone_code_asked on platform.phone_code (asked_at);
alter table platform.phone_code enable row level security;
alter table platform.phone_code force row level security;
create policy door on platform.phone_code to gongzhi_door using (true) with check (true);
grant select, insert, update (tries, used_at, failed_at, failed_as), delete on platform.phone_code to gongzhi_door;

-- ── Vouchers: a member of the committee vouches, the community checks; two different persons.

create table registers.voucher (
  id int generated always as identity primary key,
  unit_id int not null references registers.unit,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  owner_name text not null,
  vouched_by int not null references registers.person,
  vouched_on date not null,
  decided_by int references registers.person,
  decided_on date,
  person_id int references registers.person,
  declined text,
  constraint decided_whole check ((decided_by is null) = (decided_on is null) and (decided_by is null) = (person_id is null and declined is null)),
  constraint one_outcome check (person_id is null or declined is null),
  constraint two_persons check (decided_by <> vouched_by and person_id <> vouched_by)
);
comment on table registers.voucher is '业委会成员担保某套房屋的业主是本人，社区核对后才能出激活信；担保与核对须是两个人';
comment on column registers.voucher.person_id is '核对确认的业主';
comment on column registers.voucher.declined is '不予确认的理由';
create index voucher_estate on registers.voucher (estate_id);
create index voucher_scope on registers.voucher (scope);

-- ── Letters: a code on paper, good once, for one owner at a time.

create table registers.activation_letter (
  id int generated always as identity primary key,
  person_id int not null references registers.person,
  unit_id int not null references registers.unit,
  estate_id int not null references registers.estate,
  scope registers.scope not null,
  code_hash bytea not null unique,
  voucher_id int unique references registers.voucher,
  issued_on date not null,
  expires_on date not null,
  tries int not null default 0,
  voided_on date,
  used_at timestamptz,
  constraint void_is_unused check (voided_on is null or used_at is null)
);
comment on table registers.activation_letter is '激活信：信上的码只存带密钥的摘要，用一次即废，过期作废；每位业主同时只有一封有效';
comment on column registers.activation_letter.expires_on is '自这一天起不能再用';
comment on column registers.activation_letter.tries is '姓名填错的次数，满数作废';
create unique index activation_letter_open on registers.activation_letter (person_id) where used_at is null and voided_on is null;
create index activation_letter_unit on registers.activation_letter (unit_id);
create index activation_letter_scope on registers.activation_letter (scope);

do $$
declare t regclass;
begin
  foreach t in array array['registers.voucher', 'registers.activation_letter']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy office on %s to gongzhi_office using (platform.in_scope(scope)) with check (platform.in_scope(scope))', t);
    execute format('create policy audit on %s for select to gongzhi_auditor using (true)', t);
    execute format('grant select on %s to gongzhi_office, gongzhi_auditor', t);
    perform platform.cover(t);
  end loop;
end $$;
-- A member vouches as themselves, in their own estate, and sees what became of it.
create policy vouching on registers.voucher for insert to gongzhi_body
  with check (estate_id = any (platform.my_estates()) and vouched_by = platform.my_person() and decided_by is null);
create policy mine on registers.voucher for select to gongzhi_body using (estate_id = any (platform.my_estates()));
grant insert, select on registers.voucher to gongzhi_body;
grant update (decided_by, decided_on, person_id, declined) on registers.voucher to gongzhi_office;
grant insert, update (voided_on) on registers.activation_letter to gongzhi_office;
-- The letter is used before anybody is known: the engine opens the account and strikes the letter out in one transaction.
create policy engine on registers.activation_letter to gongzhi_engine using (true) with check (true);
grant select, update (tries, used_at, voided_on) on registers.activation_letter to gongzhi_engine;
