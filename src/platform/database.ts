import { Kysely, PostgresDialect, type RawBuilder } from 'kysely';
import pg from 'pg';
import { coreFunctions, rolePrefix } from './migrations.ts';
import { StartRefused } from './start-refused.ts';

export { sql } from 'kysely';

/** One transaction; the only way to the tables. `sql\`…\`.execute(tx)` runs a statement in it. */
// biome-ignore lint/suspicious/noExplicitAny: rows are typed at each statement, where the SQL stands
export type Transaction = Kysely<any>;

/** A piece of SQL with its parameters, to be put into a statement. */
export type Fragment = RawBuilder<unknown>;

/** Kinds of standing the database itself tells apart, each a role with policies of its own. */
export type Standing =
  | 'office'
  | 'body'
  | 'resident'
  | 'system'
  | 'security'
  | 'audit'
  | 'engine'
  | 'door'
  | 'sealer'
  | 'auditor'
  | 'verifier';

/** Programs, and sign-in before anybody is known: no office of a person to be held. */
const withoutOffice: readonly Standing[] = ['engine', 'door', 'sealer', 'auditor', 'verifier'];

/** Who acts, from which post, on which business day. Everything the policies need; nothing else is ambient. */
export interface Actor {
  standing: Standing;
  /** Administrative range, `lo <= scope < hi`; only for offices. */
  lo?: string;
  hi?: string;
  /** Estates within sight; only for bodies and residents. */
  estates?: readonly number[];
  personId?: number;
  organisationId?: number;
  postId?: number;
  /** Whose post it is, when its holder is on leave and the person acts as deputy. */
  behalfId?: number;
  /** Business day, Asia/Shanghai. */
  today: string;
  request?: string;
}

export interface Database {
  /** Runs `work` in one transaction as `actor`: committed if it returns, rolled back if it throws. */
  transaction<T>(actor: Actor, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Prefix of this database's roles. */
  prefix: string;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** The post acted in no longer holds: it ended, or its holder was suspended, or came back to it, since the request was let in. */
export class OfficeEnded extends Error {}

const behalves = new WeakMap<Transaction, number>();
/** In whose stead this transaction acts. */
export function behalfOf(tx: Transaction): number | undefined {
  return behalves.get(tx);
}

const types = pg.types;
// A date stays a date (never a midnight somewhere); a bigint stays exact.
types.setTypeParser(types.builtins.DATE, (text) => text);
types.setTypeParser(types.builtins.INT8, (text) => BigInt(text));
types.setTypeParser(types.builtins.NUMERIC, (text) => text);

/**
 * Opens the pool as the login role, after checking that the role is too weak to do harm (decisions 18).
 * Throws, with what to do, when the login is a superuser or owns tables, when a table lacks forced row-level security, or when commits are not durable.
 * Who only wants to see what is wrong gives `inSpiteOf` and is told the same instead.
 */
export async function openDatabase(options: {
  url: string;
  connections?: number;
  inSpiteOf?: (problems: readonly string[]) => void;
}): Promise<Database> {
  const pool = new pg.Pool({ connectionString: options.url, max: options.connections ?? 10 });
  // A connection that dies, idle or between two statements of a request, must not take the program with it: the pool replaces it, and whoever
  // was using it meets the error at the next statement.
  pool.on('error', () => undefined);
  pool.on('connect', (connection) => connection.on('error', () => undefined));
  const client = await pool.connect();
  let prefix: string;
  try {
    prefix = await rolePrefix(client);
    const problems = await bootProblems(client);
    if (options.inSpiteOf) options.inSpiteOf(problems);
    else if (problems.length > 0)
      throw new StartRefused(`数据库不满足启动条件：\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  } catch (error) {
    client.release();
    await pool.end();
    throw error;
  }
  client.release();
  return {
    prefix,
    pool,
    close: () => pool.end(),
    async transaction(actor, work) {
      const connection = await pool.connect();
      let broken: Error | undefined;
      try {
        const begun = (await connection.query(prelude(prefix, actor))) as unknown as pg.QueryResult[];
        if (begun.at(-1)!.rows[0]?.admitted === false) throw new OfficeEnded('这项任职此刻不能行使');
        const tx = boundTo(connection);
        if (actor.behalfId !== undefined) behalves.set(tx, actor.behalfId);
        const result = await work(tx);
        await connection.query('commit');
        return result;
      } catch (error) {
        await connection.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        connection.release(broken);
      }
    },
  };
}

/** `begin`, the role and its context in one round trip, and whether the post acted in still holds; every setting ends with the transaction. */
function prelude(prefix: string, actor: Actor): string {
  const settings: Record<string, string> = {
    'app.lo': actor.lo ?? '',
    'app.hi': actor.hi ?? '',
    'app.estates': actor.estates ? `{${actor.estates.join(',')}}` : '',
    'app.person': actor.personId?.toString() ?? '',
    'app.organisation': actor.organisationId?.toString() ?? '',
    'app.post': actor.postId?.toString() ?? '',
    'app.behalf': actor.behalfId?.toString() ?? '',
    'app.today': actor.today,
    'app.request': actor.request ?? '',
  };
  const set = Object.entries(settings).map(([name, value]) => `set local ${name} = ${pg.escapeLiteral(value)}`);
  const enter = withoutOffice.includes(actor.standing) ? [] : ['select platform.enter() as admitted'];
  return ['begin', `set local role ${prefix}_${actor.standing}`, ...set, ...enter].join('; ');
}

/** Kysely over one checked-out connection: its statements are unnamed, so no plan of another scope is ever reused (engine.md 4). */
function boundTo(connection: pg.PoolClient): Transaction {
  return new Kysely({
    dialect: new PostgresDialect({
      pool: {
        connect: async () =>
          ({ query: connection.query.bind(connection), release: () => undefined }) as unknown as pg.PoolClient,
        end: async () => undefined,
      } as unknown as pg.Pool,
    }),
  });
}

/** Tables that hold nothing of ours. */
const foreignSchemas = ['pg_catalog', 'information_schema', 'public', 'graphile_worker'];

async function bootProblems(client: pg.PoolClient): Promise<string[]> {
  const problems: string[] = [];
  const { rows: self } = await client.query(`select rolname, rolsuper, rolbypassrls,
    exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p')) as owns from pg_roles r where rolname = current_user`);
  if (self[0].rolsuper)
    problems.push(`登录角色 ${self[0].rolname} 是超级用户；请让 DATABASE_URL 使用迁移时建立的 …_login 角色。`);
  if (self[0].rolbypassrls) problems.push(`登录角色 ${self[0].rolname} 可绕过行级安全；请收回 BYPASSRLS。`);
  if (self[0].owns) problems.push(`登录角色 ${self[0].rolname} 拥有数据表；服务器不得以所有者身份连接。`);
  const { rows: open } = await client.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname <> all ($1) and n.nspname not like 'pg_%' and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`,
    [foreignSchemas],
  );
  for (const table of open) problems.push(`数据表 ${table.name} 没有强制行级安全；请用本版本的迁移重新建立。`);
  for (const { sentence } of (await client.query<{ sentence: string }>(standingProblems, [foreignSchemas])).rows)
    problems.push(sentence);
  problems.push(...(await strangeFunctions(client)));
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [setting]);
    if (rows[0]!.value === 'off')
      problems.push(`PostgreSQL 的 ${setting} 已关闭，已确认的写入可能丢失；请改为 on 后重启数据库。`);
  }
  return problems;
}

/**
 * What else must hold of the objects themselves (trust.md 2.1). `$1`: schemas that hold nothing of ours. Append-only is whatever table has the
 * trigger that covers it and no way to be changed in its own migration; the few named here are the ones nobody may ever change.
 */
const standingProblems = `
  with ours as (select c.oid, n.nspname || '.' || c.relname as name, c.relowner, c.relacl, c.relkind, c.reloptions from pg_class c
      join pg_namespace n on n.oid = c.relnamespace where n.nspname <> all ($1) and n.nspname not like 'pg\\_%'),
    reach (oid) as (select r.oid from pg_roles r where r.rolname = current_user union select m.roleid from pg_auth_members m join pg_roles r on m.member = r.oid where r.rolname = current_user)
  select '登录角色可担任的 ' || r.rolname || ' 是超级用户或可绕过行级安全；请收回。' as sentence from pg_roles r where r.oid in (select oid from reach) and (r.rolsuper or r.rolbypassrls) and r.rolname <> current_user
  union all
  select '数据表 ' || o.name || ' 上的触发器 ' || t.tgname || ' 没有始终启用；请执行 alter table ' || o.name || ' enable always trigger ' || t.tgname || '。'
    from pg_trigger t join ours o on o.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
    where not t.tgisinternal and t.tgenabled <> 'A' and p.prosecdef
  union all
  select '角色 ' || coalesce(g.rolname, 'PUBLIC') || ' 对只增不改的 ' || o.name || ' 有 ' || a.privilege_type || '；请收回。'
    from ours o cross join lateral aclexplode(o.relacl) a left join pg_roles g on g.oid = a.grantee
    where o.name = any ('{platform.journal,platform.sealed_read,filings.filing,filings.evidence,filings.withdrawal,oversight.waiver}') and a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
      and (a.grantee = 0 or a.grantee in (select oid from reach))
  union all
  select '视图 ' || o.name || ' 不以查询者的身份读；请用本版本的迁移重新建立。' from ours o
    where o.relkind = 'm' or o.relkind = 'v' and not coalesce(o.reloptions, '{}') && array['security_invoker=true', 'security_invoker=on']
  union all
  select '函数 ' || p.oid::regprocedure || ' 以所有者的权限执行，却没有写死以 pg_temp 结尾的搜索路径；请用本版本的迁移重新建立。'
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname <> all ($1) and n.nspname not like 'pg\\_%' and not exists (select from unnest(p.proconfig) s where s ~ '^search_path=.*pg_temp$')
  union all
  select '函数 ' || p.oid::regprocedure || ' 以可由登录角色担任的 ' || r.rolname || ' 的权限执行；请用本版本的迁移重新建立。'
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_roles r on r.oid = p.proowner
    where p.prosecdef and n.nspname = 'platform' and p.proowner in (select oid from reach) order by 1`;

/** Functions whose body is not what the migrations left (the runner keeps their digests): somebody has been at them. */
async function strangeFunctions(client: pg.PoolClient): Promise<string[]> {
  const { rows: kept } = await client.query<{ there: boolean }>(
    `select to_regclass('public.core_function') is not null as there`,
  );
  if (!kept[0]!.there) return [];
  const { rows } = await client.query<{ name: string }>(`
    select coalesce(k.name, f.name) as name from public.core_function k full join (${coreFunctions}) f on f.name = k.name
    where k.digest is distinct from f.digest order by 1`);
  return rows.map(({ name }) => `函数 ${name} 的内容与迁移所建的不同；请查明是谁改的，再用本版本的迁移重新建立。`);
}
