// What the journal must be able to show: every deed has its event, and every chain is whole. Faults in words; none when all is well.

import { createHash } from 'node:crypto';
import pg from 'pg';
import { encodeJournalPayload, genesisOf, leafOf, linkOf } from '../src/platform/journal.ts';

async function asAdministrator<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Deeds without the event they must have left, and changes that were committed unrecorded; `after` passes over filings up to that number. */
export function untraced(adminUrl: string, after = 0): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<{ fault: string }>(
      `
      select '报备 ' || f.id || ' 没有留痕' as fault from filings.filing f
        where f.id > $1 and not exists (select from platform.journal j where j.object = 'filing:' || f.id and j.act = 'filings.filed')
      union all
      select '撤回 ' || w.filing_id || ' 没有留痕' from filings.withdrawal w
        where w.filing_id > $1 and not exists (select from platform.journal j where j.object = 'filing:' || w.filing_id and j.act = 'filings.withdrawn')
      union all
      select c.relation || ' 的改动没有留痕' from platform.covered_change c`,
      [after],
    );
    return rows.map((row) => row.fault);
  });
}

/** Readings of sealed fields that the chains of readings do not account for, or account for otherwise (trust.md A12). */
export function unchainedReads(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows: reads } = await client.query<{ transaction: string; subject: string; field: string }>(
      'select transaction::text, subject, field from platform.sealed_read order by transaction, id',
    );
    const { rows: events } = await client.query<{ transaction: string; chain: string; seq: string; detail: string }>(
      `select transaction::text, chain, seq, detail from platform.journal where act = 'sealed.read' order by transaction, chain, seq`,
    );
    const left = Map.groupBy(reads, (one) => one.transaction);
    const found: string[] = [];
    for (const { transaction, chain, seq, detail } of events) {
      const { count, digest } = JSON.parse(detail) as { count: number; digest: string };
      const told = (left.get(transaction) ?? []).splice(0, count).map((one) => `${one.subject} ${one.field}`);
      if (createHash('sha256').update(told.join('\n')).digest('hex') !== digest)
        found.push(`${chain} 第 ${seq} 条所记的查看与查看记录不符`);
    }
    const unaccounted = [...left.values()].reduce((sum, rows) => sum + rows.length, 0);
    return unaccounted === 0 ? found : [...found, `${unaccounted} 次查看没有上链`];
  });
}

/** Events of a deputy that do not say in whose stead they were done (trust.md A8). */
export function unnamedDeputies(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<{ fault: string }>(
      `select j.chain || ' 第 ' || j.seq || ' 条没有写明代谁' as fault from platform.journal j join registers.post o on o.id = j.post_id
       where o.person_id <> j.person_id and (j.detail::jsonb->>'onBehalfOf') is distinct from o.person_id::text`,
    );
    return rows.map((row) => row.fault);
  });
}

interface Row {
  chain: string;
  seq: string | bigint;
  at: string;
  act: string;
  object: string;
  person_id: number | null;
  organisation_id: number | null;
  post_id: number | null;
  reason: string | null;
  detail: string;
  request: string | null;
  payload: Buffer;
  leaf: Buffer;
  prev: Buffer;
  hash: Buffer;
}

/** The first break of each chain, and of which kind it is (trust.md A2). */
export function brokenChains(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<Row>(
      `select *, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from platform.journal order by chain, seq`,
    );
    const { rows: heads } = await client.query<{ chain: string; seq: string | bigint; hash: Buffer }>(
      'select * from platform.journal_head',
    );
    const found: string[] = [];
    for (const [chain, events] of Map.groupBy(rows, (row) => row.chain)) {
      let [seq, prev] = [1n, genesisOf(chain)];
      let fault: string | undefined;
      for (const row of events) {
        fault = faultOf(row, seq, prev);
        if (fault) break;
        [seq, prev] = [seq + 1n, row.hash];
      }
      const head = heads.find((one) => one.chain === chain);
      if (!fault && !(head && BigInt(head.seq) === seq - 1n && head.hash.equals(prev)))
        fault = `末端不符：记到第 ${head?.seq ?? 0} 条，实有 ${seq - 1n} 条`;
      if (fault) found.push(`${chain} ${fault}`);
    }
    for (const { chain, seq } of heads)
      if (BigInt(seq) > 0n && !rows.some((row) => row.chain === chain))
        found.push(`${chain} 末端不符：记到第 ${seq} 条，实有 0 条`);
    return found;
  });
}

function faultOf(row: Row, seq: bigint, prev: Buffer): string | undefined {
  const where = `第 ${seq} 条`;
  if (BigInt(row.seq) !== seq) return `${where}：缺号`;
  const payload = encodeJournalPayload({
    chain: row.chain,
    seq,
    at: row.at,
    act: row.act,
    object: row.object,
    personId: row.person_id,
    organisationId: row.organisation_id,
    postId: row.post_id,
    reason: row.reason,
    detail: row.detail,
    request: row.request,
  });
  if (!payload.equals(row.payload)) return `${where}：所示内容与存证字节不符`;
  if (!leafOf(payload).equals(row.leaf)) return `${where}：存证字节与其哈希不符`;
  if (!prev.equals(row.prev)) return `${where}：与上一条不相接`;
  if (!linkOf(prev, row.leaf).equals(row.hash)) return `${where}：链上哈希不符`;
  return undefined;
}
