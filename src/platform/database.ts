import { Kysely, PostgresDialect, type RawBuilder } from 'kysely';
import pg from 'pg';
import { rolePrefix } from './migrations.ts';
import { StartRefused } from './start-refused.ts';

export { sql } from 'kysely';

/** One transaction; the only way to the tables. `sql\`…\`.execute(tx)` runs a statement in it. */
// biome-ignore lint/suspicious/noExplicitAny: rows are typed at each statement, where the SQL stands
export type Transaction = Kysely<any>;

/** A piece of SQL with its parameters, to be put into a statement. */
export type Fragment = RawBuilder<unknown>;

/** Kinds of standing the database itself tells apart, each a role with policies of its own. */
export type Standing = 'office' | 'body' | 'resident' | 'system' | 'security' | 'audit' | 'engine' | 'door' | 'auditor';

/** Programs, and sign-in before anybody is known: no office of a person to be held. */
const withoutOffice: readonly Standing[] = ['engine', 'door', 'auditor'];

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
 */
export async function openDatabase(options: { url: string; connections?: number }): Promise<Database> {
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
    if (problems.length > 0)
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
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [setting]);
    if (rows[0]!.value === 'off')
      problems.push(`PostgreSQL 的 ${setting} 已关闭，已确认的写入可能丢失；请改为 on 后重启数据库。`);
  }
  return problems;
}
