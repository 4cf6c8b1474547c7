import { type Fragment, sql, type Transaction } from './database.ts';

/** A list in SQL. Its rows are counted in the same pass, or, where that would join very many, apart: with `from`, or with what is enough to count them. */
export interface Listed {
  columns: Fragment;
  from: Fragment;
  order: Fragment;
  counted?: 'apart' | Fragment;
}

/** One page of a list and how many rows there are in all. Past the last row nothing is there to be counted with, and it is asked apart. */
export async function pageOf<Row extends object>(
  tx: Transaction,
  { columns, from, order, counted }: Listed,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: Row[]; total: number; offset: number; limit: number }> {
  const total = counted ? sql`` : sql`, count(*) over ()::int as total`;
  const { rows } = await sql<Row & { total?: number }>`
    select ${columns}${total} from ${from} order by ${order} offset ${offset} limit ${limit}`.execute(tx);
  const page = { rows: rows.map(({ total: _, ...row }) => row as unknown as Row), offset, limit };
  if (rows[0]?.total !== undefined) return { ...page, total: rows[0].total };
  const { rows: count } = await sql<{
    total: number;
  }>`select count(*)::int as total from ${counted === undefined || counted === 'apart' ? from : counted}`.execute(tx);
  return { ...page, total: count[0]!.total };
}
