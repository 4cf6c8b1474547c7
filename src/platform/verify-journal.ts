// The verifier of bin/gongzhi verify-journal. It begins with the business rows: each is digested anew and held against the last digest that was
// recorded for it, those against the events, and every event against its chain. Nothing stored in the database does the judging: the statements come
// from here, the hashes are PostgreSQL's own, and what is walked is walked here.

import { hash as hashOnce } from 'node:crypto';
import { type Database, sql } from './database.ts';
import { genesisOf, type HashName, hashMarks } from './journal.ts';
import { verifyTree } from './verify-tree.ts';

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
  sealed: '封存过的这一条，现在没有或已不同',
  tree: '封存的树不完整',
  checkpoint: '检查点与它之下的叶不符',
  file: '附件的内容没有了，或与其摘要不符',
  unfinished: '核验没有做完',
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
  /** Leaves of the sealed tree. */
  sealed: number;
  /** The first break of each chain, and at most a hundred of the rows; how many more there are. */
  faults: Fault[];
  more: number;
}

/** Faults told one by one; the rest is counted. Ours. */
export const MOST = 100;

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
  const tree = await verifyTree(ask);
  const faults = [...rows.faults, ...events, ...walked.faults, ...tree.faults];
  return {
    hash: setting.hash,
    chains: walked.chains,
    events: walked.events,
    rows: rows.rows,
    sealed: tree.leaves,
    faults: [...faults.slice(0, MOST)],
    more: Math.max(0, rows.all - rows.faults.length) + Math.max(0, faults.length - MOST),
  };
}

export function sayFault({ kind, chain, seq, relation, key, note }: Fault): string {
  const where =
    chain === undefined ? `${relation ?? ''} ${key ?? ''}` : seq === undefined ? chain : `${chain} 第 ${seq} 条`;
  const what = where.trim();
  return `${what === '' ? '' : `${what}：`}${faultKinds[kind]}${note === undefined ? '' : `（${note}）`}`;
}

/** A fault as it is kept and handed out: what it is, where, and both in words. */
export function tellFault(fault: Fault) {
  const { seq, ...rest } = fault;
  return { ...rest, ...(seq !== undefined && { seq: String(seq) }), says: sayFault(fault) };
}
export type ToldFault = ReturnType<typeof tellFault>;

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
    // The table itself is gone: so is every row of it that was not deleted.
    if (keys.length === 0)
      return `select relation, key, case when digest is not null then 'missing' end as kind from last where relation = ${literal(relation)}`;
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

const BATCH = 500;
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

/** The next events as one value: rows one after the other, each as PostgreSQL sends it. A row of the protocol for each would take twice the time. */
export const batchAfter = (chain: string, seq: bigint) =>
  `select string_agg(event, ''::bytea order by chain, seq) as events, count(*)::int as many, (array_agg(chain order by chain, seq))[count(*)] as chain,
     (array_agg(seq order by chain, seq))[count(*)] as seq
   from (select chain, seq, pg_catalog.record_send(row(prev, leaf, hash, payload, ${columnsInOrder.join(', ')})) as event
     from platform.journal where (chain, seq) > (${literal(chain)}, ${seq}) order by chain, seq limit ${BATCH}) batch`;
export interface Batch {
  events: Buffer;
  many: number;
  chain: string;
  seq: bigint | string;
}

export async function walkChains(
  ask: Ask,
  { deployment, hash }: Setting,
): Promise<{ chains: number; events: number; faults: Fault[] }> {
  const walk = new Walk(deployment, hash);
  let events = 0;
  let coming = ask<Batch>(batchAfter('', 0n));
  for (;;) {
    const [batch] = await coming;
    if (batch!.many === 0) break;
    // While this batch is walked here the next is read there.
    coming = ask<Batch>(batchAfter(batch!.chain, BigInt(batch!.seq)));
    coming.catch(() => undefined); // awaited above; a fault met first must not leave it without a listener
    for (let at = 0; at < batch!.events.length; ) at = walk.step(batch!.events, at);
    events += batch!.many;
  }
  // Two of one number may stand at the edge of a batch, or either of them first.
  for (const { chain, seq } of await ask<{ chain: string; seq: bigint | string }>(
    `select chain, min(seq) as seq from (select chain, seq from platform.journal group by chain, seq having count(*) > 1) twice group by chain`,
  ))
    walk.doubled(chain, BigInt(seq));
  const ends = await ask<{ chain: string; said: bigint | null; there: bigint | null }>(
    `select coalesce(h.chain, l.chain) as chain, h.seq as said, l.seq as there
     from platform.journal_head h full join (select distinct on (chain) chain, seq, hash from platform.journal order by chain, seq desc) l on l.chain = h.chain
     where (h.seq, h.hash) is distinct from (l.seq, l.hash) order by 1`,
  );
  const broken = new Set(walk.faults.map((one) => one.chain));
  const heads = ends.filter(({ chain }) => !broken.has(chain));
  return {
    chains: walk.chains,
    events,
    faults: [
      ...walk.faults,
      ...heads.map(({ chain, said, there }): Fault => {
        return { kind: 'head', chain, note: `应到第 ${said ?? 0} 条，实有 ${there ?? 0} 条` };
      }),
    ],
  };
}

const TAG = Buffer.from('gongzhi-journal');
/** Places of the fields of an event as it is read: three hashes, the payload, the columns. */
const [PREV, LEAF, HASH, PAYLOAD, CHAIN] = [0, 1, 2, 3, 4] as const;
const [SEQ, AT] = [CHAIN + 1, CHAIN + 2];
const COUNT = CHAIN + columnsInOrder.length;
const EPOCH = Date.UTC(2000, 0, 1) / 1000;

/** Walks events in the order of their chains and keeps its place: chain, number, link and instant of the event before. */
export class Walk {
  chains = 0;
  /** The first of each chain; what follows it is not judged. */
  readonly faults: Fault[] = [];
  #chain = '';
  #chainBytes: Buffer = Buffer.alloc(0);
  #seq = 0n;
  #format = 1;
  #at = '';
  #broken = false;
  /** 2, then the link so far, then the leaf: what the next link is the hash of. */
  readonly #join = Buffer.alloc(65, 2);
  readonly #from = new Int32Array(COUNT);
  readonly #length = new Int32Array(COUNT);
  /** An instant is told to the second once for all events of that second. */
  #second = Number.NaN;
  #secondTold = '';
  readonly #deployment: string;
  readonly #hash: HashName;

  constructor(deployment: string, hash: HashName) {
    this.#deployment = deployment;
    this.#hash = hash;
  }

  /** Takes the event that begins there and answers where it ends. Writes over the byte before its payload. */
  step(bytes: Buffer, begin: number): number {
    let at = begin + 4;
    for (let field = 0; field < COUNT; field += 1) {
      const length = bytes.readInt32BE(at + 4);
      this.#from[field] = at + 8;
      this.#length[field] = length;
      at += length > 0 ? length + 8 : 8;
    }
    const [chain, end] = [this.#from[CHAIN]!, this.#from[CHAIN]! + this.#length[CHAIN]!];
    if (this.#chainBytes.compare(bytes, chain, end) !== 0 || this.chains === 0) {
      this.chains += 1;
      this.#chainBytes = Buffer.from(bytes.subarray(chain, end));
      this.#chain = this.#chainBytes.toString();
      this.#seq = 0n;
      this.#at = '';
      this.#broken = false;
      this.#format = bytes[this.#from[PAYLOAD]!]!;
      genesisOf(this.#chain, this.#format === 1 ? null : this.#deployment, this.#hash).copy(this.#join, 1);
    }
    if (this.#broken) return at;
    const expected = this.#seq + 1n;
    this.#seq = bytes.readBigInt64BE(this.#from[SEQ]!);
    const kind = this.#seq === expected ? this.#judge(bytes) : 'gap';
    if (kind === undefined) return at;
    this.faults.push({ kind, chain: this.#chain, seq: expected });
    this.#broken = true;
    return at;
  }

  /** This number stands twice in the chain; that is its fault if nothing before it is. */
  doubled(chain: string, seq: bigint): void {
    const known = this.faults.find((one) => one.chain === chain);
    if (!known) this.faults.push({ kind: 'duplicate', chain, seq });
    else if (known.seq! >= seq) Object.assign(known, { kind: 'duplicate', seq });
  }

  #judge(bytes: Buffer): FaultKind | undefined {
    const [payload, leaf, hash, prev] = [this.#from[PAYLOAD]!, this.#from[LEAF]!, this.#from[HASH]!, this.#from[PREV]!];
    const end = payload + this.#length[PAYLOAD]!;
    const format = bytes[payload]!;
    if (bytes[payload + 1] !== hashMarks[this.#hash] || format > 2 || format < this.#format) return 'format';
    this.#format = format;
    const at = this.#instant(bytes);
    if (!this.#sameFields(bytes, payload, end, at)) return 'columns';
    // The byte before the payload, the last of its length, becomes the 0 that a leaf begins with.
    bytes[payload - 1] = 0;
    const leafNow = hashOnce(this.#hash, bytes.subarray(payload - 1, end), 'buffer');
    if (leafNow.compare(bytes, leaf, leaf + this.#length[LEAF]!) !== 0) return 'leaf';
    if (this.#join.compare(bytes, prev, prev + this.#length[PREV]!, 1, 33) !== 0) return 'prev';
    leafNow.copy(this.#join, 33);
    const link = hashOnce(this.#hash, this.#join, 'buffer');
    if (link.compare(bytes, hash, hash + this.#length[HASH]!) !== 0) return 'hash';
    link.copy(this.#join, 1);
    if (at < this.#at) return 'time';
    this.#at = at;
    return undefined;
  }

  /** The column's instant, sent as microseconds since 2000, as the payload tells it. */
  #instant(bytes: Buffer): string {
    const from = this.#from[AT]!;
    const microseconds = bytes.readInt32BE(from) * 0x1_0000_0000 + bytes.readUInt32BE(from + 4);
    const second = Math.floor(microseconds / 1_000_000);
    if (second !== this.#second) {
      const date = new Date((second + EPOCH) * 1000);
      this.#second = second;
      this.#secondTold = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 19);
    }
    return `${this.#secondTold}.${String(microseconds - second * 1_000_000).padStart(6, '0')}Z`;
  }

  /** Whether the payload says what the columns say: after format, hash and tag its fields, each as length and bytes, and nothing after them. */
  #sameFields(bytes: Buffer, payload: number, end: number, instant: string): boolean {
    let at = payload + 2;
    if (end - at < 4 + TAG.length || bytes.readInt32BE(at) !== TAG.length) return false;
    at += 4;
    for (const letter of TAG) {
      if (bytes[at] !== letter) return false;
      at += 1;
    }
    const told = this.#format === 1 ? COUNT - 1 : COUNT;
    for (let field: number = CHAIN; field < told; field += 1) {
      if (at + 4 > end) return false;
      const length = bytes.readInt32BE(at);
      const [column, columnLength] = [this.#from[field]!, this.#length[field]!];
      at += 4;
      if (length > end - at || length < 0 !== columnLength < 0) return false;
      if (length < 0) continue;
      const name = columnsInOrder[field - CHAIN]!;
      if (name === 'at') {
        if (!says(bytes, at, length, instant)) return false;
      } else if (name === 'seq' || name.endsWith('_id')) {
        const number = columnLength === 8 ? bytes.readBigInt64BE(column) : bytes.readInt32BE(column);
        if (!says(bytes, at, length, String(number))) return false;
      } else if (!sameBytes(bytes, at, length, column, columnLength)) {
        // Text that was not in its composed form is told composed.
        const composed = bytes.toString('utf8', column, column + columnLength).normalize('NFC');
        if (name === 'rows_digest' || bytes.toString('utf8', at, at + length) !== composed) return false;
      }
      at += length;
    }
    return at === end && (this.#format > 1 || this.#length[COUNT - 1]! < 0);
  }
}

function sameBytes(bytes: Buffer, at: number, length: number, column: number, columnLength: number): boolean {
  if (length !== columnLength) return false;
  for (let n = 0; n < length; n += 1) if (bytes[at + n] !== bytes[column + n]) return false;
  return true;
}

function says(bytes: Buffer, at: number, length: number, text: string): boolean {
  if (length !== text.length) return false;
  for (let n = 0; n < length; n += 1) if (bytes[at + n] !== text.charCodeAt(n)) return false;
  return true;
}
