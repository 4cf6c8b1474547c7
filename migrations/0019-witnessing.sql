-- Witnesses: the heads of all chains, sealed into one Merkle tree and signed, so that what left the house can never be taken back
-- (decisions 17, trust.md A3). Nothing here is ever updated, but for the note of how far each chain has been sealed.

create table platform.tree_leaf (
  index bigint primary key check (index >= 0),
  chain text collate "C" not null,
  seq bigint not null check (seq > 0),
  hash bytea not null,
  unique (chain, seq)
);
comment on table platform.tree_leaf is '默克尔树的叶：某一时刻某条链的末端（链、号、哈希）';

create table platform.tree_node (
  level int not null check (level >= 0),
  index bigint not null check (index >= 0),
  hash bytea not null,
  primary key (level, index)
);
comment on table platform.tree_node is '默克尔树中完整子树的根；0 层为叶的哈希（RFC 9162）';

create table platform.sealed_head (
  chain text collate "C" primary key,
  seq bigint not null
);
comment on table platform.sealed_head is '每条链已封存到第几条';

create table platform.checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null,
  note text not null,
  sealed_at timestamptz not null
);
comment on table platform.checkpoint is '检查点：树的大小、根和本机的签名（C2SP signed note）';

create table platform.witness (
  id int generated always as identity primary key,
  name text not null,
  public_key bytea not null unique check (octet_length(public_key) = 32),
  added_on date not null,
  removed_on date,
  check (removed_on >= added_on)
);
comment on table platform.witness is '见证方：社区、街道、区里各自保存并会签检查点的程序；公钥为 Ed25519';

create table platform.cosignature (
  checkpoint_size bigint not null references platform.checkpoint,
  witness_id int not null references platform.witness,
  line text not null,
  received_at timestamptz not null,
  primary key (checkpoint_size, witness_id)
);
comment on table platform.cosignature is '见证方对检查点的会签';

create table platform.disagreement (
  id bigint generated always as identity primary key,
  witness_id int not null references platform.witness,
  size bigint not null,
  note text not null,
  received_at timestamptz not null,
  unique (witness_id, note)
);
comment on table platform.disagreement is '见证方持有、而本机没有或不相符的检查点：记录可能被截断或改写';

create table platform.restoration (
  id int generated always as identity primary key,
  found_at timestamptz not null,
  size bigint not null,
  resolved_at timestamptz,
  resolved_by text check (resolved_by in ('witness', 'recovery')),
  statement text,
  check ((resolved_at is null) = (resolved_by is null)),
  check ((resolved_by is not distinct from 'recovery') = (statement is not null))
);
comment on table platform.restoration is '从备份恢复：见证方核对一致或签署恢复声明之前，只能查看';
comment on column platform.restoration.statement is '签署的恢复声明：丢失的范围、保留的范围、原因';

-- Whoever writes, whatever the function: nothing is recorded between a restore and its resolution, and so nothing is changed.
create function platform.refuse_while_restored() returns trigger
  language plpgsql security definer set search_path = pg_catalog, platform, pg_temp
  as $$
begin
  if exists (select from platform.restoration where resolved_at is null) then
    raise exception '刚从备份恢复，尚待核对' using errcode = 'GZ002';
  end if;
  return null;
end $$;
revoke all on function platform.refuse_while_restored from public;
create trigger restored before insert on platform.journal for each statement execute function platform.refuse_while_restored();
alter table platform.journal enable always trigger restored;

do $$
declare t regclass;
begin
  foreach t in array array['platform.tree_leaf', 'platform.tree_node', 'platform.sealed_head', 'platform.checkpoint', 'platform.witness', 'platform.cosignature',
    'platform.disagreement', 'platform.restoration']::regclass[]
  loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format('create policy audit on %s for select to gongzhi_auditor, gongzhi_verifier using (true)', t);
    execute format('grant select on %s to gongzhi_auditor, gongzhi_verifier', t);
  end loop;
  -- The sealer reads the heads and adds; it writes nothing else anywhere.
  foreach t in array array['platform.tree_leaf', 'platform.tree_node', 'platform.sealed_head', 'platform.checkpoint']::regclass[]
  loop
    execute format('create policy sealing on %s to gongzhi_sealer using (true) with check (true)', t);
    execute format('grant select, insert on %s to gongzhi_sealer', t);
  end loop;
  -- The door answers whoever asks for a checkpoint or brings a cosignature: proofs concern everybody and name nobody.
  foreach t in array array['platform.tree_node', 'platform.checkpoint', 'platform.witness', 'platform.cosignature', 'platform.disagreement', 'platform.restoration']::regclass[]
  loop
    execute format('create policy door on %s for select to gongzhi_door using (true)', t);
    execute format('grant select on %s to gongzhi_door', t);
  end loop;
  -- Witnesses are named, and a restore is noted and resolved, by the command line.
  foreach t in array array['platform.witness', 'platform.restoration', 'platform.checkpoint', 'platform.disagreement']::regclass[]
  loop
    execute format('create policy engine on %s to gongzhi_engine using (true) with check (true)', t);
    execute format('grant select on %s to gongzhi_engine', t);
  end loop;
end $$;
grant usage on schema platform to gongzhi_sealer;
create policy sealing on platform.journal_head for select to gongzhi_sealer using (true);
grant select on platform.journal_head to gongzhi_sealer;
grant update (seq) on platform.sealed_head to gongzhi_sealer;
create policy sealing on platform.restoration for select to gongzhi_sealer using (true);
grant select on platform.restoration to gongzhi_sealer;
create policy bring on platform.cosignature for insert to gongzhi_door with check (true);
create policy bring on platform.disagreement for insert to gongzhi_door with check (true);
create policy agree on platform.restoration for update to gongzhi_door using (resolved_at is null) with check (resolved_by = 'witness');
grant insert on platform.cosignature, platform.disagreement to gongzhi_door;
grant update (resolved_at, resolved_by) on platform.restoration to gongzhi_door;
grant insert on platform.witness, platform.restoration to gongzhi_engine;
grant update (removed_on) on platform.witness to gongzhi_engine;
grant update (resolved_at, resolved_by, statement) on platform.restoration to gongzhi_engine;
select platform.cover('platform.witness');
create policy judge on platform.restoration for select to gongzhi_journal using (true);
grant select on platform.restoration to gongzhi_journal;
grant create on schema platform to gongzhi_journal;
alter function platform.refuse_while_restored owner to gongzhi_journal;
revoke create on schema platform from gongzhi_journal;
