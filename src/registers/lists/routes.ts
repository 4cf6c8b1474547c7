/** Binds the contract to its few statements. The policies give everybody their own rows and nobody another's. */
import { verdictOf } from '../../kernel/results.ts';
import { sql } from '../../platform/database.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { dropListView, keepListView, type ListLayout, type ListView, layOutList, readMyLists } from './contract.ts';
import { refusalsOfView } from './rules.ts';

export const routes: Route[] = [
  route(readMyLists, ({ act }) =>
    act(async (tx) => {
      const layouts =
        await sql<ListLayout>`select list, columns, dense from registers.list_layout order by list`.execute(tx);
      const views =
        await sql<ListView>`select id, list, name, query from registers.list_view order by list, id`.execute(tx);
      return { layouts: layouts.rows, views: views.rows };
    }),
  ),

  route(layOutList, ({ input: { list, columns, dense }, person, act }) =>
    act(async (tx) => {
      await sql`
        insert into registers.list_layout (person_id, list, columns, dense) values (${person.personId}, ${list}, ${JSON.stringify(columns)}::jsonb, ${dense})
        on conflict (person_id, list) do update set columns = excluded.columns, dense = excluded.dense`.execute(tx);
      return {};
    }),
  ),

  route(keepListView, ({ input: { list, name, query }, person, act }) =>
    act(async (tx) => {
      const { rows: others } =
        await sql`select from registers.list_view where list = ${list} and name <> ${name}`.execute(tx);
      const verdict = verdictOf(refusalsOfView(query, others.length));
      if (!verdict.allowed) return verdict;
      const { rows } = await sql<{ id: number }>`
        insert into registers.list_view (person_id, list, name, query) values (${person.personId}, ${list}, ${name}, ${query})
        on conflict (person_id, list, name) do update set query = excluded.query returning id`.execute(tx);
      return { id: rows[0]!.id };
    }),
  ),

  route(dropListView, ({ input, act }) =>
    act(async (tx) => {
      const { rows } = await sql`delete from registers.list_view where id = ${input.id} returning id`.execute(tx);
      return rows.length > 0 ? {} : notFound();
    }),
  ),
];
