import { divisionRange } from '../../kernel/identifiers.ts';
import { type Fragment, sql, type Transaction } from '../../platform/database.ts';
import type { GroupKind } from './contract.ts';
import { type GroupRow, pageOfGroups } from './store.ts';

export interface GroupFilter {
  area?: string | undefined;
  estate?: number | undefined;
  kind?: GroupKind | undefined;
  closed: 'yes' | 'no';
}

function wanted({ area, estate, kind, closed }: GroupFilter): Fragment {
  const parts = [sql`g.closed_on is ${closed === 'yes' ? sql`not null` : sql`null`}`];
  if (area !== undefined) {
    const { lo, hi } = divisionRange(area);
    parts.push(sql`g.scope >= ${lo} and g.scope < ${hi}`);
  }
  if (estate !== undefined) parts.push(sql`g.estate_id = ${estate}::int`);
  if (kind !== undefined) parts.push(sql`g.kind = ${kind}`);
  return sql.join(parts, sql` and `);
}

export function findGroups(tx: Transaction, filter: GroupFilter, page: { offset: number; limit: number }) {
  return pageOfGroups(tx, wanted(filter), page);
}

export async function findGroup(tx: Transaction, id: number): Promise<GroupRow | undefined> {
  return (await pageOfGroups(tx, sql`g.id = ${id}::int`, { offset: 0, limit: 1 })).rows[0];
}

/** The groups in use within a range of places. */
export async function groupsWithin(
  tx: Transaction,
  { lo, hi }: { lo: string; hi: string },
  limit: number,
): Promise<GroupRow[]> {
  const where = sql`g.closed_on is null and g.scope >= ${lo} and g.scope < ${hi}`;
  return (await pageOfGroups(tx, where, { offset: 0, limit })).rows;
}

/** The groups in use that one's own body looks after. */
export async function groupsKept(tx: Transaction, limit: number): Promise<GroupRow[]> {
  const where = sql`g.closed_on is null and g.organisation_id = (select platform.my_organisation())`;
  return (await pageOfGroups(tx, where, { offset: 0, limit })).rows;
}
