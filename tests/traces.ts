// What the journal must be able to show: every deed has its event, and every chain is whole. Faults in words; none when all is well.

import { createHash } from 'node:crypto';
import pg from 'pg';
import {
  type Ask,
  sayFault,
  settingOf,
  verifyEventRows,
  verifyRows,
  walkChains,
} from '../src/platform/verify-journal.ts';

async function asAdministrator<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Deeds without the event they must have left; `after` passes over filings up to that number. */
export function untraced(adminUrl: string, after = 0): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const { rows } = await client.query<{ fault: string }>(
      `
      select '报备 ' || f.id || ' 没有留痕' as fault from filings.filing f
        where f.id > $1 and not exists (select from platform.journal j where j.object = 'filing:' || f.id and j.act = 'filings.filed')
      union all
      select '撤回 ' || w.filing_id || ' 没有留痕' from filings.withdrawal w
        where w.filing_id > $1 and not exists (select from platform.journal j where j.object = 'filing:' || w.filing_id and j.act = 'filings.withdrawn')
`,
      [after],
    );
    return rows.map((row) => row.fault);
  });
}

const askedOf =
  (client: pg.Client): Ask =>
  async <Row>(text: string) =>
    (await client.query(text)).rows as Row[];

/** Rows that are not as they were last recorded, and rows of which there is no event. */
export function spoiltRows(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    const ask = askedOf(client);
    const setting = await settingOf(ask);
    return [...(await verifyRows(ask, setting)).faults, ...(await verifyEventRows(ask, setting))].map(sayFault);
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

/** The first break of each chain, and of which kind it is (trust.md A2). */
export function brokenChains(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    await client.query('begin');
    const ask = askedOf(client);
    return (await walkChains(ask, await settingOf(ask))).faults.map(sayFault);
  });
}
