// The verifier of bin/gongzhi verify-journal. It begins with the business rows: each is digested anew and held against the last digest that was
// recorded for it, those against the events, and every event against its chain. Nothing stored in the database does the judging: the statements come
// from here, the hashes are PostgreSQL's own, and what is walked is walked here.

import { hash as hashOnce } from 'node:crypto';
import { type Database, sql } from './database.ts';
import { genesisOf, type HashName, hashMarks } from './journal.ts';

/** What can be wrong, from the row to the end of the chain. */
export const faultKinds = {
  row: '记录的现状与最后一次留痕的摘要不符',
  unrecorded: '记录没有留痕',
  missing: '留痕中有，表里没有',
  'rows-unrecorded': '所改的行没有归入任何一条留痕',
  rows: '留痕所列的行与其摘要不符',
  gap: '缺号',
  duplicate: '重号',
  format: '格式或哈希算法与本部署不符',
  columns: '所示内容与存证字节不符',
  leaf: '存证字节与其哈希不符',
  prev: '与上一条不相接',
  hash: '链上哈希不符',
  time: '时间早于上一条',
  head: '末端不符',
} as const;
export type FaultKind = keyof typeof faultKinds;

export interface Fault {
  kind: FaultKind;
  /** Where: a place in a chain, or a row of a table. */
  chain?: string;
  seq?: bigint;
  relation?: string;
  key?: string;
  note?: string;
}

export interface Verdict {
  hash: HashName;
  chains: number;
  events: number;
  rows: number;
  /** The first break of each chain, and at most a hundred of the rows; how many more there are. */
  faults: Fault[];
  more: number;
}

const MOST = 100;

/** Asks the database one statement; all of them in one transaction, so that what is compared is of one moment. */
export type Ask = <Row>(text: string) => Promise<Row[]>;

export function verifyJournal(database: Database, today: string): Promise<Verdict> {
  return database.transaction({ standing: 'verifier', today }, async (tx) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(tx);
    return verifyWith(async <Row>(text: string) => (await sql.raw<Row>(text).execute(tx)).rows);
  });
}

export async function verifyWith(ask: Ask): Promise<Verdict> {
  const setting = await settingOf(ask);
  const rows = await verifyRows(ask, setting);
  const events = await verifyEventRows(ask, setting);
  const walked = await walkChains(ask, setting);
  const faults = [...rows.faults, ...events, ...walked.faults];
  return {
    hash: setting.hash,
    chains: walked.chains,
    events: walked.events,
    rows: rows.rows,
    faults: [...faults.slice(0, MOST)],
    more: Math.max(0, rows.all - rows.faults.length) + Math.max(0, faults.length - MOST),
  };
}

export function sayFault({ kind, chain, seq, relation, key, note }: Fault): string {
  const where = chain === undefined ? `${relation} ${key ?? ''}` : seq === undefined ? chain : `${chain} 第 ${seq} 条`;
  return `${where.trim()}：${faultKinds[kind]}${note === undefined ? '' : `（${note}）`}`;
}

export interface Setting {
  deployment: string;
  hash: HashName;
  /** The hash of an expression, as SQL. */
  hashed(bytes: string): string;
}

export async function settingOf(ask: Ask): Promise<Setting> {
  const [setting] = await ask<{ deployment: string; hash: HashName; home: string | null }>(
    `select s.deployment, s.hash, (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pgcrypto') as home
     from platform.journal_setting s`,
  );
  const { deployment, hash, home } = setting!;
  return {
    deployment,
    hash,
    hashed: (bytes) => (hash === 'sha256' ? `pg_catalog.sha256(${bytes})` : `${home}.digest(${bytes}, 'sm3')`),
  };
}

// ── Rows

interface Shape {
  relation: string;
  shape: number;
  columns: string[];
}
interface Column {
  relation: string;
  name: string;
  type: string;
  key: number | null;
}

/** What PostgreSQL sends as it is; everything else goes as its text. */
const sentAsIs = ['bool', 'int2', 'int4', 'int8', 'date', 'timestamptz', 'uuid', 'bytea'];
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const lengthPrefixed = (bytes: string) => `pg_catalog.substr(pg_catalog.record_send(row(${bytes})), 9)`;

/** The digest of a row of this shape, as SQL: salt, table and columns, then the row as PostgreSQL sends it. Null where a column is gone. */
function digestOf({ relation, columns }: Shape, known: readonly Column[], { hashed }: Setting): string | null {
  const fields = columns.map((name) => known.find((one) => one.relation === relation && one.name === name));
  if (fields.includes(undefined)) return null;
  const sent = fields.map((one) =>
    sentAsIs.includes(one!.type)
      ? `${quoted(one!.name)}::${one!.type}`
      : `convert_to(${quoted(one!.name)}::text, 'UTF8')`,
  );
  const told = [relation, columns.join(',')].map((text) => lengthPrefixed(`convert_to(${literal(text)}, 'UTF8')`));
  return hashed(
    `'\\x04'::bytea || (select salt from platform.journal_setting) || ${told.join(' || ')} || pg_catalog.record_send(row(${sent.join(', ')}))`,
  );
}

/** Every row of every covered table against the last that was recorded of it. */
export async function verifyRows(ask: Ask, setting: Setting): Promise<{ rows: number; faults: Fault[]; all: number }> {
  const shapes = await ask<Shape>('select relation, shape::int, columns from platform.covered_shape order by 1, 2');
  const columns = await ask<Column>(
    `select n.nspname || '.' || c.relname as relation, a.attname as name, b.typname as type, array_position(i.indkey::int2[], a.attnum)::int as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid join pg_type b on b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
       left join pg_index i on i.indrelid = c.oid and i.indisprimary
     where n.nspname || '.' || c.relname in (select relation from platform.covered_shape)`,
  );
  const parts = [...Map.groupBy(shapes, (one) => one.relation)].map(([relation, own]) => {
    const keys = columns.filter((one) => one.relation === relation && one.key !== null);
    keys.sort((a, b) => a.key! - b.key!);
    const names = keys.map((one) => quoted(one.name));
    const key = names.length === 1 ? `${names[0]}::text` : `row(${names.join(', ')})::text`;
    const digests = own.map((shape) => ({ ...shape, digest: digestOf(shape, columns, setting) }));
    const present = digests.filter((one) => one.digest !== null);
    const table = relation.split('.').map(quoted).join('.');
    return `select ${literal(relation)} as relation, coalesce(t.key, l.key) as key,
        case when l.key is null or l.digest is null and t.key is not null then 'unrecorded' when t.key is null then case when l.digest is not null then 'missing' end
          when case l.shape ${present.map((one) => `when ${one.shape} then t.d${one.shape}`).join(' ')} end is distinct from l.digest then 'row' end as kind
      from (select key, shape, digest from last where relation = ${literal(relation)}) l
        full join (select ${key} as key, ${present.map((one) => `${one.digest} as d${one.shape}`).join(', ')} from ${table}) t on t.key = l.key`;
  });
  if (parts.length === 0) return { rows: 0, faults: [], all: 0 };
  const answers = await ask<{ relation: string | null; key: string | null; kind: FaultKind | null; many: bigint }>(
    `with last as materialized (select distinct on (relation, key) relation, key, shape, digest from platform.covered_row order by relation, key, id desc),
       judged as (${parts.join(' union all ')})
     select null as relation, null as key, null as kind, count(*) as many from judged where key is not null
     union all
     select null, null, 'row', count(*) from judged where kind is not null
     union all
     (select relation, key, kind, 0 from judged where kind is not null order by relation, length(key), key limit ${MOST})`,
  );
  return {
    rows: Number(answers.find((one) => one.relation === null && one.kind === null)!.many),
    all: Number(answers.find((one) => one.relation === null && one.kind !== null)!.many),
    faults: answers.flatMap(({ relation, key, kind }) =>
      relation === null ? [] : [{ kind: kind!, relation, key: key! }],
    ),
  };
}

/** The rows each event says it covers, and the rows that no event covers. */
export async function verifyEventRows(ask: Ask, { hashed }: Setting): Promise<Fault[]> {
  const entry = `${lengthPrefixed(`convert_to(relation, 'UTF8')`)} || ${lengthPrefixed(`convert_to(key, 'UTF8')`)} || ${lengthPrefixed('digest')}`;
  const rows = await ask<{ chain: string | null; seq: bigint | null; relation: string | null; key: string | null }>(
    `with placed as (
       select c.*, (select min(j.rows_to) from platform.journal j where j.transaction = c.transaction and j.rows_to >= c.id) as rows_to from platform.covered_row c
     ), digested as (
       select transaction, rows_to, ${hashed(`'\\x03'::bytea || string_agg(${entry}, ''::bytea order by id)`)} as digest,
         (array_agg(relation order by id))[1] as relation, (array_agg(key order by id))[1] as key
       from placed group by transaction, rows_to
     )
     select j.chain, j.seq, d.relation, d.key from digested d
       full join (select * from platform.journal where rows_to is not null or rows_digest is not null) j on j.transaction = d.transaction and j.rows_to = d.rows_to
     where d.digest is distinct from j.rows_digest order by j.chain, j.seq limit ${MOST}`,
  );
  return rows.map(({ chain, seq, relation, key }) =>
    chain === null
      ? { kind: 'rows-unrecorded', relation: relation!, key: key! }
      : {
          kind: 'rows',
          chain,
          seq: BigInt(seq!),
          ...(relation === null ? { note: '这些行已不在' } : { note: `自 ${relation} ${key} 起` }),
        },
  );
}

// ── Chains

const BATCH = 2_000;
const TAG = Buffer.from('gongzhi-journal');
/** The columns of an event in the order in which its payload has them. */
export const columnsInOrder = [
  'chain',
  'seq',
  'at',
  'act',
  'object',
  'person_id',
  'organisation_id',
  'post_id',
  'reason',
  'detail',
  'request',
  'rows_digest',
];
const asBytes: Record<string, string> = {
  at: `convert_to(to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'UTF8')`,
  rows_digest: 'rows_digest',
};

/** One event in one field: four hashes and payload, then the columns; each as type, length and bytes, as PostgreSQL sends a row. */
const packed = `pg_catalog.record_send(row(prev, leaf, hash, payload, ${columnsInOrder
  .map((name) => asBytes[name] ?? `convert_to(${name}::text, 'UTF8')`)
  .join(', ')})) as event`;

export async function walkChains(
  ask: Ask,
  { deployment, hash }: Setting,
): Promise<{ chains: number; events: number; faults: Fault[] }> {
  const faults: Fault[] = [];
  const broken = new Set<string>();
  const walk = new Walk(deployment, hash);
  let events = 0;
  await ask(`declare events no scroll cursor for select ${packed} from platform.journal order by chain, seq`);
  let coming = ask<{ event: Buffer }>(`fetch ${BATCH} from events`);
  for (;;) {
    const batch = await coming;
    if (batch.length === 0) break;
    // While this batch is walked here the next is read there.
    coming = ask(`fetch ${BATCH} from events`);
    coming.catch(() => undefined); // awaited above; a fault met first must not leave it without a listener
    for (const { event } of batch) {
      const fault = walk.step(event);
      if (fault) faults.push(fault);
    }
    events += batch.length;
  }
  for (const { chain } of faults) broken.add(chain!);
  const ends = await ask<{ chain: string; said: bigint | null; there: bigint | null }>(
    `select coalesce(h.chain, l.chain) as chain, h.seq as said, l.seq as there
     from platform.journal_head h full join (select distinct on (chain) chain, seq, hash from platform.journal order by chain, seq desc) l on l.chain = h.chain
     where (h.seq, h.hash) is distinct from (l.seq, l.hash) order by 1`,
  );
  for (const { chain, said, there } of ends) {
    if (broken.has(chain)) continue;
    faults.push({ kind: 'head', chain, note: `应到第 ${said ?? 0} 条，实有 ${there ?? 0} 条` });
  }
  return { chains: walk.chains, events, faults };
}

/** Walks events in the order of their chains. A class because it keeps its place: chain, number, link and instant of the event before. */
export class Walk {
  chains = 0;
  #chain: Buffer = Buffer.alloc(0);
  #seq = 0n;
  #format = 1;
  /** The first fault of the chain; what follows it is not judged. */
  #broken: Fault | undefined;
  /** 2, then the link so far, then the leaf: what the next link is the hash of. */
  readonly #join = Buffer.alloc(65, 2);
  #at: Buffer = Buffer.alloc(0);
  readonly #deployment: string;
  readonly #hash: HashName;

  constructor(deployment: string, hash: HashName) {
    this.#deployment = deployment;
    this.#hash = hash;
  }

  /** The fault of this event, if it is the first of its chain. Writes over the byte before the payload. */
  step(event: Buffer): Fault | undefined {
    // Fields of a sent row: a count, then type, length and bytes of each.
    const prev = 12;
    const leaf = prev + 32 + 8;
    const hash = leaf + 32 + 8;
    const payload = hash + 32 + 8;
    const sound =
      event.readInt32BE(prev - 4) === 32 && event.readInt32BE(leaf - 4) === 32 && event.readInt32BE(hash - 4) === 32;
    if (!sound) return faultAt('format', this.#chain.toString(), this.#seq + 1n);
    const end = payload + event.readInt32BE(payload - 4);
    const chain = end + 8;
    const chainEnd = chain + event.readInt32BE(chain - 4);
    const begins = this.#chain.compare(event, chain, chainEnd) !== 0;
    if (begins) {
      this.chains += 1;
      this.#chain = event.subarray(chain, chainEnd);
      this.#seq = 0n;
      this.#broken = undefined;
      this.#at = Buffer.alloc(0);
      this.#format = event[payload]!;
      genesisOf(this.#chain.toString(), this.#format === 1 ? null : this.#deployment, this.#hash).copy(this.#join, 1);
    }
    if (this.#broken) {
      // Of two with one number either may come first: whichever it was, the fault is that there are two.
      const seq = event.toString('latin1', chainEnd + 8, chainEnd + 8 + event.readInt32BE(chainEnd + 4));
      if (seq === String(this.#broken.seq)) this.#broken.kind = 'duplicate';
      return undefined;
    }
    this.#broken = this.#judge(event, { prev, leaf, hash, payload, end, chainEnd });
    return this.#broken;
  }

  #judge(
    event: Buffer,
    {
      prev,
      leaf,
      hash,
      payload,
      end,
      chainEnd,
    }: Record<'prev' | 'leaf' | 'hash' | 'payload' | 'end' | 'chainEnd', number>,
  ): Fault | undefined {
    const seqAt = chainEnd + 8;
    const seqEnd = seqAt + event.readInt32BE(seqAt - 4);
    const seq = BigInt(event.toString('latin1', seqAt, seqEnd));
    const expected = this.#seq + 1n;
    const name = () => this.#chain.toString();
    if (seq !== expected)
      return faultAt(seq === this.#seq ? 'duplicate' : 'gap', name(), seq === this.#seq ? seq : expected);
    this.#seq = seq;
    const format = event[payload]!;
    if (event[payload + 1] !== hashMarks[this.#hash] || format > 2 || format < this.#format)
      return faultAt('format', name(), seq);
    this.#format = format;
    if (!sameFields(event, payload, end)) return faultAt('columns', name(), seq);
    // The byte before the payload, the last of its length, becomes the 0 that a leaf begins with.
    event[payload - 1] = 0;
    const leafNow = hashOnce(this.#hash, event.subarray(payload - 1, end), 'buffer');
    if (leafNow.compare(event, leaf, leaf + 32) !== 0) return faultAt('leaf', name(), seq);
    if (this.#join.compare(event, prev, prev + 32, 1, 33) !== 0) return faultAt('prev', name(), seq);
    leafNow.copy(this.#join, 33);
    const link = hashOnce(this.#hash, this.#join, 'buffer');
    if (link.compare(event, hash, hash + 32) !== 0) return faultAt('hash', name(), seq);
    link.copy(this.#join, 1);
    const at = seqEnd + 8;
    const atEnd = at + event.readInt32BE(at - 4);
    if (this.#at.compare(event, at, atEnd) > 0) return faultAt('time', name(), seq);
    this.#at = event.subarray(at, atEnd);
    return undefined;
  }
}

const faultAt = (kind: FaultKind, chain: string, seq: bigint): Fault => ({ kind, chain, seq });

/** Whether the payload says what the columns say, byte by byte: after format, hash and tag its fields are length and bytes, the columns' type, length and bytes. */
function sameFields(event: Buffer, payload: number, end: number): boolean {
  const format = event[payload]!;
  let at = payload + 2;
  if (event.readInt32BE(at) !== TAG.length || TAG.compare(event, at + 4, at + 4 + TAG.length) !== 0) return false;
  at += 4 + TAG.length;
  let column = end + 4;
  const told = format === 1 ? columnsInOrder.length - 1 : columnsInOrder.length;
  for (let field = 0; field < told; field += 1) {
    if (at + 4 > end) return false;
    const length = event.readInt32BE(at);
    const columnLength = event.readInt32BE(column);
    at += 4;
    column += 4;
    let same = length === columnLength;
    for (let n = 0; same && n < length; n += 1) same = event[at + n] === event[column + n];
    // Text that was not in its composed form is told composed.
    if (!same && (length < 0 || columnLength < 0 || at + length > end)) return false;
    if (
      !same &&
      event.toString('utf8', at, at + length) !== event.toString('utf8', column, column + columnLength).normalize('NFC')
    )
      return false;
    at += Math.max(0, length);
    column += Math.max(0, columnLength) + 4;
  }
  // A format that knew no rows has none; and nothing follows the last field.
  if (format === 1 && event.readInt32BE(column) !== -1) return false;
  return at === end;
}
