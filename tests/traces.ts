// What the journal must be able to show: every deed has its event, and every chain is whole. Faults in words; none when all is well.

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

/** The first break of each chain, and of which kind it is (trust.md A2). */
export function brokenChains(adminUrl: string): Promise<string[]> {
  return asAdministrator(adminUrl, async (client) => {
    await client.query('begin');
    const ask = askedOf(client);
    return (await walkChains(ask, await settingOf(ask))).faults.map(sayFault);
  });
}
