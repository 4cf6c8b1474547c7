// Ways to spoil the database, one or more per rule of tests/catalog.ts, and the fault that must then be seen.
// Role names begin with gongzhi_, as in the migrations.

import type { CheckName } from './catalog.ts';

export interface Spoil {
  check: CheckName;
  title: string;
  statements: string;
  fault: string;
}

/** A table as somebody in a hurry would add it. */
const bareTable = 'create table oversight.bare (id int primary key, estate_id int);';

export const spoils: Spoil[] = [
  {
    check: '每张表都强制行级安全',
    title: '新表没有行级安全',
    statements: bareTable,
    fault: 'oversight.bare 没有强制行级安全',
  },
  {
    check: '每张表都强制行级安全',
    title: '启用而不强制',
    statements: 'alter table registers.unit no force row level security',
    fault: 'registers.unit 没有强制行级安全',
  },
  {
    check: '只有名单上的角色能改能删',
    title: '机关可以删小区',
    statements: 'grant delete on registers.estate to gongzhi_office',
    fault: 'office 对 registers.estate 有 DELETE，不在名单上',
  },
  {
    check: '只有名单上的角色能改能删',
    title: '人人可以清空新表',
    statements: `${bareTable} grant truncate on oversight.bare to public`,
    fault: 'PUBLIC 对 oversight.bare 有 TRUNCATE，不在名单上',
  },
  {
    check: '只有名单上的角色能改能删',
    title: '只授一列也认得出',
    statements: 'grant update (due_on) on oversight.duty to gongzhi_body',
    fault: 'body 对 oversight.duty 有 UPDATE (due_on)，不在名单上',
  },
  {
    check: '只有名单上的角色能改能删',
    title: '登录角色拿到表的所有者',
    statements: 'grant gongzhi_journal to gongzhi_login',
    fault: 'journal 对 platform.journal_head 有 TRUNCATE，不在名单上',
  },
  {
    check: '只有名单上的角色能改能删',
    title: '名单比库宽',
    statements: 'revoke update on registers.estate from gongzhi_office',
    fault: '名单上有、库里没有：office 对 registers.estate 有 UPDATE',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '报备可以改办成日期',
    statements: 'grant update (done_on) on filings.filing to gongzhi_app',
    fault: 'app 对 filings.filing 有 UPDATE (done_on)',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '免除的确认可以改',
    statements: 'grant update (confirmed) on oversight.waiver_decision to gongzhi_office',
    fault: 'office 对 oversight.waiver_decision 有 UPDATE (confirmed)',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '上报可以删了重来',
    statements: 'grant delete on oversight.escalation to gongzhi_engine',
    fault: 'engine 对 oversight.escalation 有 DELETE',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '留痕可以删',
    statements: 'grant delete on platform.journal to gongzhi_engine',
    fault: 'engine 对 platform.journal 有 DELETE',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '留痕可以改',
    statements: 'grant update on platform.journal to gongzhi_app',
    fault: 'app 对 platform.journal 有 UPDATE',
  },
  {
    check: '只增不改的表谁也不能改',
    title: '行的摘要可以改',
    statements: 'grant update (digest) on platform.covered_row to gongzhi_office',
    fault: 'office 对 platform.covered_row 有 UPDATE (digest)',
  },
  {
    check: '密钥只随查看记录交出',
    title: '机关可以直接读密钥',
    statements: 'grant select on platform.subject_key to gongzhi_office',
    fault: 'office 对 platform.subject_key 有 SELECT',
  },
  {
    check: '密钥只随查看记录交出',
    title: '多一条看得见密钥的策略',
    statements: 'create policy more on platform.subject_key for select to gongzhi_office using (true)',
    fault: 'platform.subject_key 的策略 more 不看查看记录',
  },
  {
    check: '密钥只随查看记录交出',
    title: '查看不再上链',
    statements: 'alter table platform.sealed_read disable trigger traced',
    fault: '写查看记录的触发器不在，或没有始终启用',
  },
  {
    check: '每张表都受留痕约束或写明理由',
    title: '新表没有触发器',
    statements: bareTable,
    fault: 'oversight.bare 的改动不留痕',
  },
  {
    check: '每张表都受留痕约束或写明理由',
    title: '触发器被删',
    statements: 'drop trigger covered_insert on filings.withdrawal',
    fault: 'filings.withdrawal 的改动不留痕',
  },
  {
    check: '每张表都受留痕约束或写明理由',
    title: '触发器不管修改',
    statements: 'drop trigger covered_update on registers.estate',
    fault: 'registers.estate 的改动不留痕',
  },
  {
    check: '留痕的触发器始终启用',
    title: '触发器停用',
    statements: 'alter table registers.post disable trigger covered_update',
    fault: 'registers.post covered_update 不是 ENABLE ALWAYS',
  },
  {
    check: '留痕的触发器始终启用',
    title: '判断的触发器被删',
    statements: 'drop trigger recorded on platform.covered_row',
    fault: '判断留痕的触发器应有 1 个，实有 0 个',
  },
  {
    check: '留痕的触发器始终启用',
    title: '设定的触发器停用',
    statements: 'alter table platform.journal_setting disable trigger kept',
    fault: 'platform.journal_setting kept 不是 ENABLE ALWAYS',
  },
  {
    check: '受约束的每一列都在行摘要里或写明理由',
    title: '加了列，忘了再执行 platform.cover',
    statements: 'alter table registers.estate add column lifts int',
    fault: 'registers.estate.lifts 不在行摘要里',
  },
  {
    check: '受约束的每一列都在行摘要里或写明理由',
    title: '留痕加了一列，存证字节没有',
    statements: 'alter table platform.journal add column on_behalf_of int',
    fault: 'platform.journal.on_behalf_of 不在存证字节里',
  },
  {
    check: '留痕的触发器就是生成的那一个',
    title: '触发器函数被人改成什么也不记',
    statements: `create or replace function platform.cover_registers_estate() returns trigger language plpgsql security definer
      set search_path = pg_catalog, platform, pg_temp set enable_seqscan = off as 'begin return null; end'`,
    fault: 'platform.cover_registers_estate 不是 platform.cover 所写的',
  },
  {
    check: '核验者看得见受约束的每一行',
    title: '核验者只看得见一半',
    statements:
      'drop policy verify on registers.person; create policy verify on registers.person for select to gongzhi_verifier using (id % 2 = 0)',
    fault: 'registers.person 的行核验者看不全',
  },
  {
    check: '核验者看得见受约束的每一行',
    title: '加了一条限制',
    statements: 'create policy less on registers.person as restrictive using (id > 0)',
    fault: 'registers.person 的行核验者看不全',
  },
  {
    check: '外键向下',
    title: '底册引用监督',
    statements: 'alter table registers.estate add column duty_id int constraint upward references oversight.duty',
    fault: 'upward：registers.estate → oversight.duty',
  },
  {
    check: '外键向下',
    title: '图上没有的模式',
    statements:
      'create schema annex; create table annex.bare (id int primary key); alter table oversight.duty add column bare_id int constraint outward references annex.bare',
    fault: 'outward：oversight.duty → annex.bare',
  },
  {
    check: '视图以查询者的身份读',
    title: '普通视图',
    statements: 'create view oversight.everything as select * from oversight.duty',
    fault: 'oversight.everything 不是 security_invoker',
  },
  {
    check: '视图以查询者的身份读',
    title: '物化视图',
    statements: 'create materialized view oversight.everything as select * from oversight.duty',
    fault: 'oversight.everything 是物化视图',
  },
  {
    check: '越权函数写死搜索路径并收回公开执行',
    title: '新函数没有搜索路径',
    statements: `create function oversight.erase() returns void language sql security definer as 'delete from oversight.duty'`,
    fault: 'oversight.erase 没有写死搜索路径',
  },
  {
    check: '越权函数写死搜索路径并收回公开执行',
    title: '新函数不在名单上',
    statements: `create function oversight.erase() returns void language sql security definer set search_path = pg_catalog, pg_temp as 'delete from oversight.duty'`,
    fault: 'oversight.erase 以所有者的权限执行，却不在名单上',
  },
  {
    check: '越权函数写死搜索路径并收回公开执行',
    title: '追加留痕的函数人人可执行',
    statements: 'grant execute on function platform.record to public',
    fault: 'platform.record 人人可执行',
  },
  {
    check: '越权函数写死搜索路径并收回公开执行',
    title: '临时表可以冒充',
    statements: 'alter function platform.record set search_path = pg_catalog, platform',
    fault: 'platform.record 的搜索路径没有以 pg_temp 结尾，可被临时表冒充',
  },
  {
    check: '越权函数写死搜索路径并收回公开执行',
    title: '登录角色能担任留痕的所有者',
    statements: 'grant gongzhi_journal to gongzhi_engine',
    fault: 'platform.record 的所有者 gongzhi_journal 可由登录角色担任',
  },
  {
    check: '每个模式和每张表都有中文说明',
    title: '新表没有说明',
    statements: bareTable,
    fault: 'oversight.bare 没有中文说明',
  },
  {
    check: '每个模式和每张表都有中文说明',
    title: '英文说明不算',
    statements: `comment on table registers.estate is 'estates'`,
    fault: 'registers.estate 没有中文说明',
  },
  {
    check: '登录角色弱到不能作恶',
    title: '登录角色拥有一张表',
    statements: `${bareTable} grant create on schema oversight to gongzhi_login; alter table oversight.bare owner to gongzhi_login`,
    fault: 'gongzhi_login 拥有 1 个对象',
  },
  {
    check: '登录角色弱到不能作恶',
    title: '登录角色继承权限',
    statements: 'alter role gongzhi_worker inherit',
    fault: 'gongzhi_worker 不是 NOINHERIT',
  },
  {
    check: '登录角色弱到不能作恶',
    title: '角色可绕过行级安全',
    statements: 'alter role gongzhi_office bypassrls',
    fault: 'gongzhi_office 可绕过行级安全',
  },
  {
    check: '登录角色弱到不能作恶',
    title: '不经 set role 就能读',
    statements: 'grant select on registers.person to gongzhi_login',
    fault: 'gongzhi_login 不经 set role 就有 1 项权限',
  },
  {
    check: '行级安全不对行的列调用函数',
    title: '对小区号调用函数',
    statements: `create function registers.is_mine(estate int) returns boolean language sql stable as 'select estate = any (platform.my_estates())';
      create policy slow on registers.unit for select to gongzhi_body using (registers.is_mine(estate_id))`,
    fault: 'registers.unit slow 调用 registers.is_mine',
  },
  {
    check: '行级安全不对行的列调用函数',
    title: '对每一行读一次设定',
    statements: `create policy slow on registers.unit for select to gongzhi_body using (estate_id::text = current_setting('app.estate', true))`,
    fault: 'registers.unit slow 调用 pg_catalog.current_setting',
  },
  {
    check: '行级安全不对行的列调用函数',
    title: '每一行做一次子查询',
    statements:
      'create policy slow on registers.unit for select to gongzhi_body using (exists (select from registers.ownership o where o.unit_id = unit.id))',
    fault: 'registers.unit slow 对每一行做一次子查询',
  },
];
