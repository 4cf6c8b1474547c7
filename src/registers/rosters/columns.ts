/** Fields of a roster that are columns of a table: one description for reading, writing and restoring them in SQL. */
import { type Fragment, sql } from '../../platform/database.ts';
import type { Choice } from '../../platform/spreadsheets/index.ts';

export interface Column {
  key: string;
  column: string;
  type: 'text' | 'int' | 'bigint' | 'boolean' | 'date';
}

export const column = (key: string, name: string, type: Column['type']): Column => ({ key, column: name, type });

/** `'households', e.households, …` for jsonb_build_object. */
export function fieldsOf(columns: readonly Column[], table: string): Fragment {
  return sql.raw(columns.map((one) => `'${one.key}', ${table}.${one.column}`).join(', '));
}

/** `households = case when r.after ? 'households' then (r.after->>'households')::int else e.households end, …`: only what a row says. */
export function assignments(columns: readonly Column[], table: string, json: string): Fragment {
  return sql.raw(
    columns
      .map(
        (one) =>
          `${one.column} = case when ${json} ? '${one.key}' then ${cast(one, json)} else ${table}.${one.column} end`,
      )
      .join(', '),
  );
}

export function values(columns: readonly Column[], json: string): Fragment {
  return sql.raw(columns.map((one) => cast(one, json)).join(', '));
}

export function names(columns: readonly Column[]): Fragment {
  return sql.raw(columns.map((one) => one.column).join(', '));
}

/** Whether a row sets any of these. */
export function mentions(columns: readonly Column[], json: string): Fragment {
  return sql.raw(`${json} ?| array[${columns.map((one) => `'${one.key}'`).join(', ')}]`);
}

const cast = (one: Column, json: string) => `(${json}->>'${one.key}')::${one.type}`;

/** A vocabulary of another room as choices of a field, with the words senders use beside ours. */
export function choicesOf(
  labels: Readonly<Record<string, string>>,
  synonyms: Readonly<Record<string, readonly string[]>> = {},
): Choice[] {
  return Object.entries(labels).map(([code, label]) => ({
    code,
    label,
    ...(synonyms[code] && { synonyms: synonyms[code] }),
  }));
}
