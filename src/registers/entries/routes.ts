/** Binds the contracts of the simple registers to queries and commands: the same for each. */
import { everything, exportOf, type ListColumn, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { addEntry, changeEntry, closeEntry, correctEntry } from './commands.ts';
import {
  countEntries,
  type Entry,
  type EntryField,
  type EntryKind,
  entryContracts,
  entryKinds,
  entryPhases,
  isReference,
} from './contract.ts';
import { listEntries, readCounts, readEntry } from './queries.ts';

const unknown = '待补';

function routesOf(kind: EntryKind): Route[] {
  const contracts = entryContracts[kind.code]!;
  return [
    route(contracts.list, ({ input, today, act }) => act((tx) => listEntries(tx, kind, input, today))),
    route(contracts.show, ({ input, today, act }) =>
      act(async (tx) => (await readEntry(tx, kind, input.id, today)) ?? notFound()),
    ),
    route(contracts.add, ({ input, person, act }) => act((tx) => addEntry(tx, person, kind, input))),
    route(contracts.correct, ({ input, person, act }) => act((tx) => correctEntry(tx, person, kind, input))),
    route(contracts.change, ({ input, person, act }) => act((tx) => changeEntry(tx, person, kind, input))),
    route(contracts.end, ({ input, person, act }) => act((tx) => closeEntry(tx, person, kind, input))),
    route(contracts.export, async (asked) => {
      const { rows } = await asked.act((tx) => listEntries(tx, kind, { ...asked.input, ...everything }, asked.today));
      const notes = [`截至 ${asked.input.on ?? asked.today}；没有登记的写“${unknown}”。`];
      return exportOf(
        asked,
        sheetOf({ title: kind.label, notes, columns: sheetColumns(kind), items: rows as Entry[] }),
      );
    }),
  ];
}

function sheetColumns(kind: EntryKind): ListColumn<Entry>[] {
  return [
    { title: '所在', under: kind.place === 'estate' ? '小区' : '所在', kind: 'text', of: (one) => one.areaName },
    ...(kind.place === 'estate'
      ? [{ title: '小区', kind: 'text' as const, width: 24, of: (one: Entry) => one.estate?.name ?? null }]
      : []),
    ...kind.fields.map((field) => ({ ...sheetColumn(field), ...(kind.place === 'bodies' && underRelation(field)) })),
    ...(kind.estates
      ? [
          {
            title: kind.estates.label,
            kind: 'text' as const,
            width: 40,
            of: (one: Entry) => one.estates.map(({ name }) => name).join('、'),
          },
        ]
      : []),
    { title: '自何日起', under: '起止', kind: 'date', unknown, of: (one) => one.fromOn },
    { title: '至何日止', under: '起止', kind: 'date', of: (one) => one.toOn },
    { title: '现状', under: '起止', kind: 'text', of: (one) => entryPhases[one.phase] },
    { title: '依据', kind: 'text', width: 28, of: (one) => one.document },
  ];
}

/** In the list the two bodies are one column. */
const underRelation = (field: EntryField) => ({ under: isReference(field.kind) ? '关系' : '种类' });

function sheetColumn(field: EntryField): ListColumn<Entry> {
  const kinds = { integer: 'integer', yesNo: 'yesNo', area: 'area', date: 'date' } as const;
  return {
    title: field.kind === 'area' ? `${field.label}（㎡）` : field.label,
    kind: kinds[field.kind as keyof typeof kinds] ?? 'text',
    ...(!field.mayBeNone && { unknown }),
    of: (one) => {
      const value = one[field.key];
      if (isReference(field.kind)) return (value as { name: string } | null)?.name ?? null;
      return field.kind === 'choice'
        ? (field.choices?.[String(value)] ?? null)
        : (value as string | number | boolean | null);
    },
  };
}

export const routes: Route[] = [
  route(countEntries, ({ input, person, today, act }) =>
    act((tx) =>
      readCounts(
        tx,
        input,
        entryKinds.filter((kind) => kind.open || person.actor.standing === 'office'),
        today,
      ),
    ),
  ),
  ...entryKinds.flatMap(routesOf),
];
