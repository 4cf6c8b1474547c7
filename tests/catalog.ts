// What the database's own catalog says about our guarantees. Each check answers with the faults it sees, none when all is well, so that
// tests/schema.test.ts can show that a migrated database has none and tests/deep/saboteurs.test.ts that a spoilt one has.

import type pg from 'pg';
import { columnsInOrder } from '../src/platform/verify-journal.ts';
import { entryKinds } from '../src/registers/entries/index.ts';

export type Check = (client: pg.Client, prefix: string) => Promise<string[]>;

/** The floors of the house that keep tables, from the ground up: a foreign key points down or stays. */
export const floors = ['platform', 'registers', 'filings', 'documents', 'oversight'];

/** Kept by others: PostgreSQL, the list of migrations, the queue's library. */
const foreign = `n.nspname not in ('pg_catalog', 'information_schema', 'public', 'graphile_worker') and n.nspname not like 'pg\\_%'`;

/** Nobody who can log in may change or delete a row of these; a mistake is put right by another row. */
export const appendOnly = [
  'filings.filing',
  'filings.evidence',
  'filings.withdrawal',
  'registers.correction',
  'registers.correction_answer',
  'registers.correction_attachment',
  'registers.survey',
  'registers.survey_sheet',
  'registers.survey_closing',
  'registers.survey_subject',
  'documents.document',
  'documents.sealed_copy',
  'documents.withdrawal',
  'documents.posting',
  'oversight.waiver',
  'oversight.waiver_decision',
  'oversight.pause',
  'oversight.resumption',
  'oversight.wait',
  'oversight.wait_end',
  'oversight.escalation',
  'oversight.directive',
  'oversight.directive_step',
  'oversight.indicator_base',
  'oversight.indicator_base_subject',
  'oversight.indicator_base_release',
  'oversight.indicator_snapshot',
  'oversight.indicator_snapshot_cell',
  'platform.journal',
  'platform.covered_row',
  'platform.covered_shape',
  'platform.journal_setting',
  'platform.sealed_read',
  'platform.tree_leaf',
  'platform.tree_node',
  'platform.checkpoint',
  'platform.cosignature',
  'platform.disagreement',
  'platform.verification',
];

interface Permission {
  why: string;
  tables: string[];
  roles: string[];
  privileges: string[];
}

const registers = [
  'area',
  'area_pack',
  'organisation',
  'company',
  'party_arrangement',
  'instructor',
  'person',
  'post',
  'estate',
  'building',
  'unit',
  'ownership',
  'service_project',
  'committee',
  'committee_member',
  ...entryKinds.map((kind) => kind.table),
].map((name) => `registers.${name}`);
const staging = ['import_batch', 'import_row', 'import_end', 'import_mapping', 'import_progress'].map(
  (name) => `registers.${name}`,
);

/** Who may change or delete what, and why. Everything that is not here is refused, and what is here must exist. */
export const permissions: Permission[] = [
  {
    why: '底册由辖区内的机关更正',
    tables: registers.filter((name) => name !== 'registers.person'),
    roles: ['office'],
    privileges: ['UPDATE'],
  },
  {
    why: '人员只更正姓名：密文、摘要、账号和所在地不由人手改',
    tables: ['registers.person'],
    roles: ['office'],
    privileges: ['UPDATE (name)'],
  },
  {
    why: '系统管理员管区划、单位和政策包的适用',
    tables: ['registers.area', 'registers.area_pack', 'registers.organisation'],
    roles: ['system'],
    privileges: ['UPDATE'],
  },
  {
    why: '系统管理员连同下级设定纳入日期',
    tables: ['registers.estate'],
    roles: ['system'],
    privileges: ['UPDATE (enrolled_on)'],
  },
  {
    why: '撤下附错的政策原文',
    tables: ['registers.official_text'],
    roles: ['office'],
    privileges: ['UPDATE (withdrawn_on)', 'UPDATE (withdrawn_reason)'],
  },
  {
    why: '停用不再使用的群；名册更正群的类别和负责单位',
    tables: ['registers.chat_group'],
    roles: ['office'],
    privileges: ['UPDATE (closed_on)', 'UPDATE (closed_reason)', 'UPDATE (kind)', 'UPDATE (organisation_id)'],
  },
  { why: '安全管理员管任职的起止', tables: ['registers.post'], roles: ['security'], privileges: ['UPDATE'] },
  {
    why: '离岗的人提前返岗',
    tables: ['registers.leave'],
    roles: ['office', 'security'],
    privileges: ['UPDATE (returned_on)'],
  },
  {
    why: '停职与回避的解除',
    tables: ['registers.suspension', 'registers.bar'],
    roles: ['security'],
    privileges: ['UPDATE (lifted_on)', 'UPDATE (lifted_reason)'],
  },
  {
    why: '对异议的答复',
    tables: ['registers.objection'],
    roles: ['security'],
    privileges: ['UPDATE (upheld)', 'UPDATE (answer)', 'UPDATE (answered_by)', 'UPDATE (answered_on)'],
  },
  {
    why: '不予抹除的决定；予以抹除只经函数',
    tables: ['registers.erasure'],
    roles: ['security'],
    privileges: ['UPDATE (carried_out)', 'UPDATE (answer)', 'UPDATE (decided_by)', 'UPDATE (decided_on)'],
  },
  {
    why: '底册由系统任务更正（演示数据、导入、纳入日期）',
    tables: registers,
    roles: ['engine'],
    privileges: ['UPDATE'],
  },
  { why: '导入批次的进度与对应关系', tables: staging, roles: ['office', 'engine'], privileges: ['UPDATE'] },
  {
    why: '同一文件再检查时，上次的检查结果作废',
    tables: ['registers.import_row'],
    roles: ['office'],
    privileges: ['DELETE'],
  },
  {
    why: '政策包重新载入：表是文件的副本',
    tables: ['registers.pack', 'registers.clause', 'registers.requirement', 'registers.vocabulary'],
    roles: ['engine'],
    privileges: ['UPDATE'],
  },
  {
    why: '文件里已删去的条款和词语，副本里也删去',
    tables: ['registers.clause', 'registers.vocabulary'],
    roles: ['engine'],
    privileges: ['DELETE'],
  },
  {
    why: '放假通知重新载入：表是文件的副本',
    tables: ['platform.calendar_year', 'platform.calendar_day'],
    roles: ['engine'],
    privileges: ['UPDATE', 'DELETE'],
  },
  {
    why: '义务由政策包和底册推算，可随时重算',
    tables: ['oversight.duty'],
    roles: ['engine'],
    privileges: ['UPDATE', 'DELETE'],
  },
  { why: '登录失败次数、锁定、改密', tables: ['platform.account'], roles: ['door', 'engine'], privileges: ['UPDATE'] },
  { why: '会话续期、退出与过期清理', tables: ['platform.session'], roles: ['door'], privileges: ['UPDATE', 'DELETE'] },
  {
    why: '动态口令启用、用过、停用',
    tables: ['platform.authenticator'],
    roles: ['door'],
    privileges: ['UPDATE', 'DELETE'],
  },
  {
    why: '恢复码用过即划去，换新即作废',
    tables: ['platform.recovery_code'],
    roles: ['door'],
    privileges: ['UPDATE (used_at)', 'DELETE'],
  },
  {
    why: '通行密钥记下使用次数、改名、删除',
    tables: ['platform.passkey'],
    roles: ['door'],
    privileges: ['UPDATE (counter)', 'UPDATE (name)', 'UPDATE (used_at)', 'DELETE'],
  },
  {
    why: '挑战值用一次即删；统一身份解除绑定',
    tables: ['platform.passkey_challenge', 'platform.identity_binding'],
    roles: ['door'],
    privileges: ['DELETE'],
  },
  {
    why: '手机验证码试过、用过、没有发出；过后清理',
    tables: ['platform.phone_code'],
    roles: ['door'],
    privileges: ['UPDATE (failed_as)', 'UPDATE (failed_at)', 'UPDATE (tries)', 'UPDATE (used_at)', 'DELETE'],
  },
  {
    why: '社区核对担保：确认或不予确认',
    tables: ['registers.voucher'],
    roles: ['office'],
    privileges: ['UPDATE (decided_by)', 'UPDATE (decided_on)', 'UPDATE (declined)', 'UPDATE (person_id)'],
  },
  {
    why: '出新的激活信，旧的作废',
    tables: ['registers.activation_letter'],
    roles: ['office'],
    privileges: ['UPDATE (voided_on)'],
  },
  {
    why: '业主用激活信：填错记次、用过即废',
    tables: ['registers.activation_letter'],
    roles: ['engine'],
    privileges: ['UPDATE (tries)', 'UPDATE (used_at)', 'UPDATE (voided_on)'],
  },
  {
    why: '本人改自己的列设置',
    tables: ['registers.list_layout'],
    roles: ['app'],
    privileges: ['UPDATE (columns)', 'UPDATE (dense)'],
  },
  {
    why: '本人改、删自己的视图',
    tables: ['registers.list_view'],
    roles: ['app'],
    privileges: ['UPDATE (query)', 'DELETE'],
  },
  {
    why: '导出由系统任务写成，数日后清理',
    tables: ['registers.export_job'],
    roles: ['engine'],
    privileges: [
      'UPDATE (barred)',
      'UPDATE (name)',
      'UPDATE (bytes)',
      'UPDATE (file_digest)',
      'UPDATE (problem)',
      'DELETE',
    ],
  },
  { why: '过期的上传文件由任务清理', tables: ['platform.file'], roles: ['engine'], privileges: ['DELETE'] },
  { why: '每条链封存到第几条', tables: ['platform.sealed_head'], roles: ['sealer'], privileges: ['UPDATE (seq)'] },
  { why: '撤销见证方', tables: ['platform.witness'], roles: ['engine'], privileges: ['UPDATE (removed_on)'] },
  {
    why: '恢复之后：见证方核对一致，或签署恢复声明',
    tables: ['platform.restoration'],
    roles: ['door', 'engine'],
    privileges: ['UPDATE (resolved_at)', 'UPDATE (resolved_by)'],
  },
  {
    why: '签署的恢复声明',
    tables: ['platform.restoration'],
    roles: ['engine'],
    privileges: ['UPDATE (statement)'],
  },
  { why: '演示准备完成的标记', tables: ['platform.deployment'], roles: ['engine'], privileges: ['UPDATE'] },
];

/** Tables without the journal's trigger, and why a change there leaves no trace of its own. */
export const notCovered: Record<string, string> = {
  'platform.journal': '它就是留痕',
  'platform.journal_head': '留痕各链的末端，只由追加函数改写',
  'platform.covered_row': '它就是所改各行的留痕',
  'platform.covered_shape': '行摘要由哪些列构成，随迁移而定',
  'platform.journal_setting': '留痕自身的设定，首条留痕之后不能改',
  'platform.calendar_year': '放假通知文件的副本',
  'platform.calendar_day': '放假通知文件的副本',
  'platform.account': '登录次数与锁定随每次登录变化；账号与人的联系在 registers.person，受约束',
  'platform.session': '登录会话，不是业务事实',
  'platform.authenticator': '本人的登录方式，每次登录都变；管理员清除时另记一条',
  'platform.recovery_code': '本人的登录方式，每次使用都变；管理员清除时另记一条',
  'platform.passkey': '本人的登录方式，每次登录都变；管理员清除时另记一条',
  'platform.passkey_challenge': '几分钟的挑战值，不是业务事实',
  'platform.identity_binding': '本人的登录方式；绑定与解除由命令各记一条',
  'platform.phone_code': '几分钟的验证码，只有摘要；开通账号另记一条',
  'platform.subject_key': '密钥随人员建立，只由抹除与撤销导入的函数销毁；人员的变更受约束',
  'platform.key_fingerprint': '首次启动写一次',
  'platform.file': '内容寻址的附件；引用它的报备材料受约束',
  'platform.deployment': '部署标记，首次启动写入',
  'platform.tree_leaf': '留痕各链的末端，封存之后',
  'platform.tree_node': '由叶算出的树',
  'platform.sealed_head': '封存到哪里的标记',
  'platform.checkpoint': '对留痕的封存，在留痕之外',
  'platform.cosignature': '见证方的会签，自带签名',
  'platform.disagreement': '见证方的不同意见，自带签名',
  'platform.verification': '核验留痕的结果，不由人写',
  'platform.restoration': '恢复期间没有留痕可写；声明随后写入留痕',
  'registers.pack': 'policy/ 文件的副本',
  'registers.clause': 'policy/ 文件的副本',
  'registers.requirement': 'policy/ 文件的副本',
  'registers.vocabulary': 'policy/ 文件的副本',
  'registers.import_batch': '导入的过程；写入底册的结果受约束',
  'registers.import_row': '导入的检查结果，写入前随时重算',
  'registers.import_progress': '导入做到第几行，随做随改',
  'registers.import_end': '导入的过程；它所结束的记录受约束',
  'registers.import_mapping': '报送单位的列名习惯',
  'registers.export_job': '导出的过程；申请和领取各记一条，文件数日后清理',
  'registers.list_layout': '本人怎样看清单，不是业务事实',
  'registers.list_view': '本人怎样看清单，不是业务事实',
  'oversight.duty': '由政策包与底册推算，可随时重算',
  'oversight.indicator_snapshot': '由底册推算的月末数，系统任务写入，只增不改；可按当日重算核对',
  'oversight.indicator_snapshot_cell': '同上，按社区分格',
};

/** Columns of covered tables that the digest of a row leaves out, and why. */
export const notDigested: Record<string, string> = {};

/** Columns of the journal that no payload says, and why. */
export const notInPayload: Record<string, string> = {
  payload: '它就是存证字节',
  leaf: '由存证字节算出',
  prev: '由上一条算出',
  hash: '由上一条与叶算出',
  transaction: '只用来找到本条所管的行；找错了，行的摘要就对不上',
  rows_to: '同上',
};

/** The function platform.cover wrote for a table: its columns are written out in it. */
const coverOf = `(select p.proname from pg_proc p where p.oid = t.tgfoid and p.pronamespace = 'platform'::regnamespace) = 'cover_' || n.nspname || '_' || c.relname`;

/** Functions that act with rights the caller lacks, and what for. Those that platform.cover writes are held to what it writes, below. */
export const definers: Record<string, string> = {
  'platform.refuse_uncovered_row': '触发器：无留痕则拒绝提交',
  'platform.refuse_while_restored': '触发器：从备份恢复后，核对之前不得追加留痕',
  'platform.record': '追加留痕的唯一入口',
  'platform.record_each': '在多条链上各追加一条留痕，与 platform.record 逐字节相同',
  'platform.trace_reads': '触发器：查看敏感字段的记录并入查看链',
  'platform.keep_file': '登记附件的唯一入口：已有的内容不透露给别人',
  'platform.enter': '每个事务之始判断任职是否有效、须回避什么；只写本事务的设定',
  'registers.erase': '执行抹除的唯一入口：销毁密钥',
  'registers.keep_administrators_apart': '触发器：三个管理员不由同一人担任或代理',
  'platform.enqueue': '登记后台任务的唯一入口',
  'registers.estates_of': '登录时计算企业、业委会、业主所能见的小区',
  'registers.take_back': '撤销导入的唯一入口',
  'platform.refresh_statistics': '大批写入后刷新统计：没有参数，只执行 ANALYZE',
};

/** Functions that must belong to the owner of the tables, and why nobody else would do. */
const ownedByOwner: Record<string, string> = {
  'platform.refresh_statistics': '只有表的所有者能执行 ANALYZE（PostgreSQL 17 起才可另授）',
};

/** Policies with a subquery that looks at the row in question, and why it does not run for every row of a list. */
export const correlated: Record<string, string> = {
  'registers.person office': '只对登记在辖区之外的业主求值；辖区内的行由前一项直接判定',
  'platform.sealed_read sight': '只在写下一次查看时按此人的索引求值，不用于读取清单',
  'platform.file of_filing': '附件只按摘要逐件取，没有附件的清单',
  'platform.file of_correction': '附件只按摘要逐件取，没有附件的清单',
  'platform.file of_import': '附件只按摘要逐件取，没有附件的清单',
  'platform.file of_export': '附件只按摘要逐件取，没有附件的清单',
  'platform.file of_document': '附件只按摘要逐件取，没有附件的清单',
  'platform.file asked': '附件只按摘要逐件取，没有附件的清单',
  'platform.file of_text': '附件只按摘要逐件取，没有附件的清单',
};

/** The tree of a policy without its subselects that name no column of the row: those are worked out once a statement. */
function withoutOnce(tree: string): string {
  const from = tree.indexOf(':subselect {');
  if (from < 0) return tree;
  let to = from + ':subselect '.length;
  let depth = 0;
  do {
    depth += { '{': 1, '}': -1 }[tree[to]!] ?? 0;
    to += 1;
  } while (depth > 0);
  const subselect = tree.slice(from, to);
  return tree.slice(0, from) + (/:varlevelsup [1-9]/.test(subselect) ? subselect : '') + withoutOnce(tree.slice(to));
}

async function names(client: pg.Client, text: string, values: unknown[] = []): Promise<string[]> {
  return (await client.query<{ fault: string }>(text, values)).rows.map((row) => row.fault);
}

/** Roles a login can act as: itself, what it may take on, what those inherit, and everybody. */
async function reachable(client: pg.Client, prefix: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `with recursive reach (oid) as (
       select oid from pg_roles where rolname = any ($1)
       union select m.roleid from pg_auth_members m join reach r on m.member = r.oid)
     select rolname as name from pg_roles join reach using (oid)`,
    [[`${prefix}_login`, `${prefix}_worker`]],
  );
  return [...rows.map((row) => row.name), 'PUBLIC'];
}

interface Held {
  table: string;
  role: string;
  privilege: string;
}

/** Every right to change or delete that somebody who can log in holds, on the whole table or on columns of it. */
export async function rightsToChange(client: pg.Client, prefix: string): Promise<Held[]> {
  const { rows } = await client.query<Held>(
    `with rights as (
       select c.oid, null::name as part, a.grantee, a.privilege_type
         from pg_class c cross join lateral aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a where c.relkind in ('r', 'p', 'v')
       union all
       select c.oid, t.attname, a.grantee, a.privilege_type
         from pg_class c join pg_attribute t on t.attrelid = c.oid cross join lateral aclexplode(t.attacl) a where c.relkind in ('r', 'p', 'v') and t.attnum > 0)
     select n.nspname || '.' || c.relname as "table", coalesce(r.rolname, 'PUBLIC') as role,
       x.privilege_type || coalesce(' (' || x.part || ')', '') as privilege
     from rights x join pg_class c on c.oid = x.oid join pg_namespace n on n.oid = c.relnamespace left join pg_roles r on r.oid = x.grantee
     where ${foreign} and x.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE') and coalesce(r.rolname, 'PUBLIC') = any ($1) order by 1, 2, 3`,
    [await reachable(client, prefix)],
  );
  return rows.map((row) => ({ ...row, role: row.role.replace(`${prefix}_`, '') }));
}

const spoken = ({ table, role, privilege }: Held) => `${role} 对 ${table} 有 ${privilege}`;

export async function tablesOf(client: pg.Client): Promise<string[]> {
  return names(
    client,
    `select n.nspname || '.' || c.relname as fault from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and ${foreign} order by 1`,
  );
}

export const checks = {
  每张表都强制行级安全: (client) =>
    names(
      client,
      `select n.nspname || '.' || c.relname || ' 没有强制行级安全' as fault from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and ${foreign} and not (c.relrowsecurity and c.relforcerowsecurity)`,
    ),

  只有名单上的角色能改能删: async (client, prefix) => {
    const held = (await rightsToChange(client, prefix)).map(spoken);
    const listed = permissions.flatMap(({ tables, roles, privileges }) =>
      tables.flatMap((table) =>
        roles.flatMap((role) => privileges.map((privilege) => spoken({ table, role, privilege }))),
      ),
    );
    return [
      ...held.filter((one) => !listed.includes(one)).map((one) => `${one}，不在名单上`),
      ...listed.filter((one) => !held.includes(one)).map((one) => `名单上有、库里没有：${one}`),
    ];
  },

  只增不改的表谁也不能改: async (client, prefix) =>
    (await rightsToChange(client, prefix)).filter(({ table }) => appendOnly.includes(table)).map(spoken),

  密钥只随查看记录交出: async (client, prefix) => {
    const { rows } = await client.query<{ fault: string }>(
      `select coalesce(r.rolname, 'PUBLIC') || ' 对 ' || n.nspname || '.' || c.relname || ' 有 ' || a.privilege_type as fault
       from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
       where c.oid in ('platform.subject_key'::regclass, 'platform.sealed_read'::regclass) and a.grantee <> c.relowner
         and coalesce(r.rolname, 'PUBLIC') <> all (array[$1 || '_journal', $1 || '_keeper'])
         and not (a.privilege_type = 'SELECT' and c.relname = 'sealed_read')
       union all
       select 'platform.subject_key 的策略 ' || p.polname || ' 不看查看记录' from pg_policy p
       where p.polrelid = 'platform.subject_key'::regclass and p.polcmd in ('r', '*') and p.polpermissive
         and not p.polroles <@ array(select oid from pg_roles where rolname in ($1 || '_journal', $1 || '_keeper'))
         and coalesce(pg_get_expr(p.polqual, p.polrelid), '') !~ 'sealed_read.*pg_current_xact_id'
       union all
       select '写查看记录的触发器不在，或没有始终启用' where not exists (select from pg_trigger t
         where t.tgrelid = 'platform.sealed_read'::regclass and t.tgfoid = 'platform.trace_reads()'::regprocedure and t.tgenabled = 'A')`,
      [prefix],
    );
    return rows.map((row) => row.fault.replace(`${prefix}_`, ''));
  },

  每张表都受留痕约束或写明理由: async (client) => {
    const { rows } = await client.query<{ table: string; covered: boolean }>(
      `select n.nspname || '.' || c.relname as "table", (
         select bit_or(t.tgtype) & 28 = 28 from pg_trigger t where t.tgrelid = c.oid and t.tgtype & 67 = 0 and t.tgqual is null and cardinality(t.tgattr::int2[]) = 0
           and ${coverOf}) is true as covered
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and ${foreign} order by 1`,
    );
    const all = rows.map((row) => row.table);
    return [
      ...rows.filter((row) => !row.covered && !notCovered[row.table]).map((row) => `${row.table} 的改动不留痕`),
      ...rows
        .filter((row) => row.covered && notCovered[row.table])
        .map((row) => `${row.table} 已受约束，却还在例外名单上`),
      ...Object.keys(notCovered)
        .filter((name) => !all.includes(name))
        .map((name) => `例外名单上的 ${name} 不存在`),
    ];
  },

  留痕的触发器始终启用: async (client) => {
    const { rows } = await client.query<{ name: string; enabled: string; deferred: boolean; judge: boolean }>(
      `select t.tgrelid::regclass || ' ' || t.tgname as name, t.tgenabled as enabled, t.tgdeferrable and t.tginitdeferred as deferred,
         t.tgfoid = 'platform.refuse_uncovered_row()'::regprocedure as judge
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
       where ${coverOf} or t.tgfoid in ('platform.refuse_uncovered_row()'::regprocedure, 'platform.keep_journal_setting()'::regprocedure)`,
    );
    const judges = rows.filter((row) => row.judge);
    return [
      ...rows.filter((row) => row.enabled !== 'A').map((row) => `${row.name} 不是 ENABLE ALWAYS`),
      ...judges.filter((row) => !row.deferred).map((row) => `${row.name} 不在提交时判断`),
      ...(judges.length === 1 ? [] : [`判断留痕的触发器应有 1 个，实有 ${judges.length} 个`]),
    ];
  },

  受约束的每一列都在行摘要里或写明理由: async (client) => {
    const { rows } = await client.query<{ column: string; digested: boolean }>(
      `select s.relation || '.' || a.attname as column, a.attname = any (s.columns) as digested
       from (select distinct on (relation) * from platform.covered_shape order by relation, shape desc) s
         join pg_attribute a on a.attrelid = s.relation::regclass and a.attnum > 0 and not a.attisdropped order by 1`,
    );
    const { rows: told } = await client.query<{ column: string }>(
      `select attname as column from pg_attribute where attrelid = 'platform.journal'::regclass and attnum > 0 and not attisdropped order by attnum`,
    );
    const inPayload = [...columnsInOrder, ...Object.keys(notInPayload)];
    return [
      ...(rows.length === 0 ? ['没有一列在行摘要里'] : []),
      ...rows.filter((row) => !row.digested && !notDigested[row.column]).map((row) => `${row.column} 不在行摘要里`),
      ...rows
        .filter((row) => row.digested && notDigested[row.column])
        .map((row) => `${row.column} 已在行摘要里，却还在例外名单上`),
      ...told
        .filter((row) => !inPayload.includes(row.column))
        .map((row) => `platform.journal.${row.column} 不在存证字节里`),
      ...inPayload
        .filter((name) => !told.some((row) => row.column === name))
        .map((name) => `platform.journal.${name} 不存在`),
    ];
  },

  留痕的触发器就是生成的那一个: async (client) => {
    const written = async () =>
      (
        await client.query<{ name: string; body: string }>(
          `select p.proname as name, p.prosrc || coalesce(array_to_string(p.proconfig, ' '), '') || p.prosecdef as body from pg_proc p
           where p.pronamespace = 'platform'::regnamespace and p.proname like 'cover\\_%' order by 1`,
        )
      ).rows;
    const found = await written();
    // Nothing of this stays, in a transaction of one's own or inside another's.
    const [open, undo] = await client.query('savepoint anew').then(
      () => ['', 'rollback to anew'],
      () => ['begin', 'rollback'],
    );
    try {
      await client.query(open!);
      await client.query(
        `select platform.cover(s.relation::regclass, array(select a.attname::text from pg_attribute a where a.attrelid = s.relation::regclass and a.attnum > 0
           and not a.attisdropped and a.attname <> all (s.columns)))
         from (select distinct on (relation) * from platform.covered_shape order by relation, shape desc) s`,
      );
      const anew = await written();
      return [
        ...found.filter(({ name, body }) => anew.find((one) => one.name === name)?.body !== body),
        ...anew.filter(({ name }) => !found.some((one) => one.name === name)),
      ].map(({ name }) => `platform.${name} 不是 platform.cover 所写的`);
    } finally {
      await client.query(undo!);
    }
  },

  核验者看得见受约束的每一行: (client, prefix) =>
    names(
      client,
      `select s.relation || ' 的行核验者看不全' as fault from (select distinct relation from platform.covered_shape) s
       where not exists (select from pg_policy p where p.polrelid = s.relation::regclass and p.polpermissive and p.polcmd in ('r', '*')
           and p.polroles = array[$1::regrole::oid] and pg_get_expr(p.polqual, p.polrelid) = 'true')
         or exists (select from pg_policy p where p.polrelid = s.relation::regclass and not p.polpermissive and p.polroles && array[0::oid, $1::regrole::oid])
         or not has_table_privilege($1, s.relation, 'select')`,
      [`${prefix}_verifier`],
    ),

  外键向下: (client) =>
    names(
      client,
      `select k.conname || '：' || n.nspname || '.' || c.relname || ' → ' || m.nspname || '.' || d.relname as fault
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
         join pg_class d on d.oid = k.confrelid join pg_namespace m on m.oid = d.relnamespace
       where k.contype = 'f' and ${foreign}
         and coalesce(array_position($1::text[], m.nspname::text), 99) > coalesce(array_position($1::text[], n.nspname::text), -1)`,
      [floors],
    ),

  视图以查询者的身份读: (client) =>
    names(
      client,
      `select n.nspname || '.' || c.relname || case c.relkind when 'm' then ' 是物化视图' else ' 不是 security_invoker' end as fault
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${foreign} and (c.relkind = 'm' or c.relkind = 'v' and not coalesce(c.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on'])`,
    ),

  越权函数写死搜索路径并收回公开执行: async (client, prefix) => {
    const { rows } = await client.query<{
      name: string;
      owner: string;
      login: boolean;
      strong: boolean;
      path: string | null;
      public: boolean;
    }>(
      `select n.nspname || '.' || p.proname as name, r.rolname as owner, r.rolcanlogin as login, r.rolsuper or r.rolbypassrls as strong,
         (select substr(s, 13) from unnest(p.proconfig) s where s like 'search\\_path=%') as path,
         exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0) as public
       from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner where p.prosecdef and ${foreign} order by 1`,
    );
    const reach = await reachable(client, prefix);
    return [
      ...rows.flatMap(({ name, owner, login, strong, path, public: everybody }) => [
        ...(definers[name] || name.startsWith('platform.cover_') ? [] : [`${name} 以所有者的权限执行，却不在名单上`]),
        ...(path === null ? [`${name} 没有写死搜索路径`] : []),
        // A temporary table is found before all others unless the path names its place.
        ...(path !== null && !/pg_temp$/.test(path) ? [`${name} 的搜索路径没有以 pg_temp 结尾，可被临时表冒充`] : []),
        ...((login || strong) && !ownedByOwner[name] ? [`${name} 的所有者 ${owner} 能登录，或是超级用户`] : []),
        ...(everybody ? [`${name} 人人可执行`] : []),
        ...(name.startsWith('platform.') && name !== 'platform.enqueue' && reach.includes(owner)
          ? [`${name} 的所有者 ${owner} 可由登录角色担任`]
          : []),
      ]),
      ...Object.keys(definers)
        .filter((name) => !rows.some((row) => row.name === name))
        .map((name) => `名单上的函数 ${name} 不存在`),
    ];
  },

  每个模式和每张表都有中文说明: (client) =>
    names(
      client,
      `select what || ' 没有中文说明' as fault from (
         select n.nspname as what, obj_description(n.oid, 'pg_namespace') as said from pg_namespace n where ${foreign}
         union all
         select n.nspname || '.' || c.relname, obj_description(c.oid, 'pg_class') from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm') and ${foreign}
         union all
         select n.nspname || '.' || p.proname, obj_description(p.oid, 'pg_proc') from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where ${foreign} and p.prosecdef and p.prorettype <> 'trigger'::regtype
         union all
         -- Columns whose meaning their name does not give away: sealed or encoded bytes, documents, and codes of one of several kinds.
         select n.nspname || '.' || c.relname || '.' || t.attname, coalesce(col_description(c.oid, t.attnum), case when obj_description(c.oid, 'pg_class') like '%' || t.attname || '%' then '见表' end)
           from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute t on t.attrelid = c.oid and t.attnum > 0 and not t.attisdropped
           where c.relkind in ('r', 'p') and ${foreign} and t.attname in ('effect', 'provisional', 'enrolled_on', 'trial_until', 'party_surveyed', 'service_surveyed',
             'committee_surveyed', 'payload', 'evidence', 'kept_until', 'plan', 'standing') and c.relname in ('area', 'company', 'duty', 'estate', 'filing', 'import_batch', 'journal', 'requirement')
             and not (c.relname = 'duty' and t.attname in ('effect', 'enrolled_on')) and not (c.relname = 'estate' and t.attname = 'enrolled_on')
       ) every where said is null or said !~ '[一-龥]' and said <> '见表' order by 1`,
    ),

  登录角色弱到不能作恶: async (client, prefix) => {
    const { rows } = await client.query<{
      name: string;
      super: boolean;
      bypass: boolean;
      inherit: boolean;
      create: boolean;
      login: boolean;
      owns: number;
      admin: number;
      direct: number;
    }>(
      `select r.rolname as name, r.rolsuper as super, r.rolbypassrls as bypass, r.rolinherit as inherit, r.rolcanlogin as login,
         r.rolcreaterole or r.rolcreatedb or r.rolreplication as create,
         (select count(*)::int from pg_shdepend d where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
            and d.dbid = (select oid from pg_database where datname = current_database())) as owns,
         (select count(*)::int from pg_auth_members m where m.member = r.oid and m.admin_option) as admin,
         (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join lateral aclexplode(c.relacl) a
            where a.grantee = r.oid and ${foreign}) as direct
       from pg_roles r where r.rolname like replace($1, '_', '\\_') || '\\_%' and strpos(substr(r.rolname, length($1) + 2), '_') = 0 order by 1`,
      [prefix],
    );
    const logins = [`${prefix}_login`, `${prefix}_worker`];
    return [
      ...logins.filter((name) => !rows.some((row) => row.name === name)).map((name) => `没有登录角色 ${name}`),
      ...rows.flatMap((row) => {
        const isLogin = logins.includes(row.name);
        return [
          ...(row.super ? [`${row.name} 是超级用户`] : []),
          ...(row.bypass ? [`${row.name} 可绕过行级安全`] : []),
          ...(row.create ? [`${row.name} 能建角色、建库或复制`] : []),
          ...(row.login !== isLogin ? [`${row.name} ${row.login ? '不应' : '应'}能登录`] : []),
          ...(row.admin > 0 ? [`${row.name} 能把角色转授他人`] : []),
          ...(isLogin && row.inherit ? [`${row.name} 不是 NOINHERIT`] : []),
          ...(isLogin && row.owns > 0 ? [`${row.name} 拥有 ${row.owns} 个对象`] : []),
          ...(isLogin && row.direct > 0 ? [`${row.name} 不经 set role 就有 ${row.direct} 项权限`] : []),
        ];
      }),
    ];
  },

  行级安全不对行的列调用函数: async (client) => {
    const { rows } = await client.query<{ name: string; tree: string }>(
      `select n.nspname || '.' || c.relname || ' ' || p.polname as name, coalesce(p.polqual::text, '') || coalesce(p.polwithcheck::text, '') as tree
       from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where ${foreign} order by 1`,
    );
    const called = [
      ...new Set(
        rows.flatMap(({ tree }) => [...tree.matchAll(/FUNCEXPR :funcid (\d+)/g)].map((match) => Number(match[1]))),
      ),
    ];
    const { rows: functions } = await client.query<{ oid: number; name: string; takes: number }>(
      `select p.oid::int, n.nspname || '.' || p.proname as name, p.pronargs as takes from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid = any ($1::oid[])`,
      [called],
    );
    const bad = functions.filter(({ name, takes }) => takes > 0 && name !== 'platform.in_scope');
    return rows.flatMap(({ name, tree }) => [
      ...bad
        // A setting is read by its name; in a subselect of its own that is once a statement.
        .filter((one) =>
          new RegExp(`FUNCEXPR :funcid ${one.oid}\\b`).test(
            one.name === 'pg_catalog.current_setting' ? withoutOnce(tree) : tree,
          ),
        )
        .map((one) => `${name} 调用 ${one.name}`),
      ...(/:varlevelsup [1-9]/.test(tree) && !correlated[name] ? [`${name} 对每一行做一次子查询`] : []),
    ]);
  },
} satisfies Record<string, Check>;

export type CheckName = keyof typeof checks;
