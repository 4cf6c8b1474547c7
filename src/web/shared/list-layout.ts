import type { ListColumns } from '../../registers/lists/contract.ts';

interface Titled {
  title: string;
  /** The one that names the row: it always stands. */
  name?: boolean;
}

/** Every column in the order wanted, with whether it is shown. A column that is new since the layout was kept stands where the page puts it. */
export function arranged<C extends Titled>(
  columns: readonly C[],
  wanted: ListColumns,
): { column: C; shown: boolean }[] {
  const kept = wanted.flatMap(({ title, shown }) => {
    const column = columns.find((one) => one.title === title);
    return column ? [{ column, shown: shown || column.name === true }] : [];
  });
  for (const [place, column] of columns.entries()) {
    if (!kept.some((one) => one.column === column)) kept.splice(place, 0, { column, shown: true });
  }
  return kept;
}

/** The same list with the one at `place` a step up or down. */
export function moved<T>(list: readonly T[], place: number, step: 1 | -1): T[] {
  const after = [...list];
  const [one] = after.splice(place, 1);
  after.splice(place + step, 0, one!);
  return after;
}

/** The filters of an address, in one order and without the page: the same filters are the same text. */
export function filtersOf(search: string): string {
  const fields = [...new URLSearchParams(search)].filter(([name]) => name !== 'page');
  return new URLSearchParams(fields.sort(([a], [b]) => (a < b ? -1 : 1))).toString();
}
