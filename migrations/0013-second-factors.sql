-- Sign-in beyond the password: one-time codes, recovery codes, passkeys, an identity provider's accounts. All of it is the door's alone.

alter table platform.session
  add column id int generated always as identity unique,
  add column second_factor_at timestamptz,
  add column agent text;
comment on column platform.session.id is '供本人在“登录安全”里指认，与会话号无关';
comment on column platform.session.second_factor_at is '何时通过第二重验证；为空即只凭一重';
comment on column platform.session.agent is '浏览器与系统的名称，供本人辨认';

create table platform.authenticator (
  account_id int primary key references platform.account,
  sealed bytea,
  last_step bigint not null default 0,
  pending bytea,
  changed_at timestamptz not null,
  check (sealed is not null or pending is not null)
);
comment on table platform.authenticator is '动态口令：密钥用部署的密钥文件加密后存放';
comment on column platform.authenticator.sealed is '在用的密钥；为空即尚未启用';
comment on column platform.authenticator.last_step is '最后用过的时间步；这一步及以前的口令不能再用';
comment on column platform.authenticator.pending is '已出示、还没有用口令确认的密钥';

create table platform.recovery_code (
  account_id int not null references platform.account,
  hash bytea not null,
  made_at timestamptz not null,
  used_at timestamptz,
  primary key (account_id, hash)
);
comment on table platform.recovery_code is '恢复码：只存摘要，各用一次';

create table platform.passkey (
  id int generated always as identity primary key,
  account_id int not null references platform.account,
  credential text collate "C" not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null,
  name text not null,
  made_at timestamptz not null,
  used_at timestamptz
);
comment on table platform.passkey is '通行密钥：只有公钥，私钥不离开本人的设备';
comment on column platform.passkey.counter is '设备报告的使用次数；变小即可能被复制，拒绝登录';
create index passkey_account on platform.passkey (account_id);

create table platform.passkey_challenge (
  hash bytea primary key,
  account_id int references platform.account,
  expires_at timestamptz not null
);
comment on table platform.passkey_challenge is '通行密钥的挑战值：只存摘要，用一次即删，几分钟失效';
comment on column platform.passkey_challenge.account_id is '为谁添加或验证；为空即登录时，人还不知道';

create table platform.identity_binding (
  issuer text not null,
  subject_hash bytea not null,
  account_id int not null references platform.account,
  bound_at timestamptz not null,
  primary key (issuer, subject_hash),
  unique (account_id, issuer)
);
comment on table platform.identity_binding is '统一身份认证里的身份与账号的绑定：由管理员或本人办理，从不自动产生；身份标识只存带密钥的摘要';

create function platform.has_second_factor(in_account int) returns boolean
  language sql stable
  as $$ select exists (select from platform.authenticator where account_id = in_account and sealed is not null)
    or exists (select from platform.passkey where account_id = in_account) $$;
comment on function platform.has_second_factor is '账号是否有第二重验证可用';
revoke all on function platform.has_second_factor from public;
grant execute on function platform.has_second_factor to gongzhi_door;

do $$
declare t regclass;
begin
  foreach t in array array['platform.authenticator', 'platform.recovery_code', 'platform.passkey', 'platform.passkey_challenge', 'platform.identity_binding']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy door on %s to gongzhi_door using (true) with check (true)', t);
    execute format('grant select, insert on %s to gongzhi_door', t);
  end loop;
end $$;
grant update, delete on platform.authenticator to gongzhi_door;
grant update (used_at), delete on platform.recovery_code to gongzhi_door;
grant update (counter, used_at, name), delete on platform.passkey to gongzhi_door;
grant delete on platform.passkey_challenge, platform.identity_binding to gongzhi_door;
