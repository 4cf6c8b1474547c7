import { notFound, type Route, route } from '../../platform/http.ts';
import { askCommit, askUndo, cancel, mapColumns, receiveFile } from './commands.ts';
import * as contracts from './contract.ts';
import type { RosterKind } from './kind.ts';
import { kindNamed } from './kinds.ts';
import { describeKind, findImportRows, findImports, readImport, writeErrors, writeTemplate } from './queries.ts';

const noSuchKind = '没有这种名册';

export function rosterRoutes(kinds: readonly RosterKind[]): Route[] {
  return [
    route(contracts.listRosterKinds, async () => ({ items: kinds.map(describeKind) })),

    route(contracts.downloadTemplate, async ({ input, act, system }) => {
      const kind = kindNamed(kinds, input.kind);
      return kind ? act((tx) => writeTemplate(tx, kind, system)) : notFound(noSuchKind);
    }),

    route(contracts.uploadRoster, async ({ input, act, system, person, today, file }) => {
      const kind = kindNamed(kinds, input.kind);
      if (!kind) return notFound(noSuchKind);
      return act((tx) =>
        receiveFile(
          tx,
          person,
          { kind, name: file!.name, bytes: file!.bytes, media: file!.mediaType, origin: 'workbook' },
          system,
          today,
        ),
      );
    }),

    route(contracts.pasteRoster, async ({ input, act, system, person, today }) => {
      const kind = kindNamed(kinds, input.kind);
      if (!kind) return notFound(noSuchKind);
      const bytes = Buffer.from(input.text, 'utf8');
      return act((tx) =>
        receiveFile(tx, person, { kind, name: kind.label, bytes, media: 'text/plain', origin: 'paste' }, system, today),
      );
    }),

    route(contracts.listImports, ({ input, act }) => act((tx) => findImports(tx, kinds, input))),
    route(contracts.showImport, ({ input, act, person, today, now }) =>
      act((tx) => readImport(tx, kinds, input, { person, today, now })),
    ),
    route(contracts.mapImport, ({ input, act, person, today, now }) =>
      act((tx) => mapColumns(tx, person, input, kinds, { today, now })),
    ),
    route(contracts.listImportRows, ({ input, act }) => act((tx) => findImportRows(tx, kinds, input))),
    route(contracts.downloadErrors, ({ input, act, system }) => act((tx) => writeErrors(tx, kinds, input.id, system))),
    route(contracts.commitImport, ({ input, act, person, today, now }) =>
      act((tx) => askCommit(tx, person, input.id, input.skipWrongRows, { today, now })),
    ),
    route(contracts.cancelImport, ({ input, person, today, now, act }) =>
      act((tx) => cancel(tx, person, input.id, { today, now })),
    ),
    route(contracts.undoImport, ({ input, act, person, today, now }) =>
      act((tx) => askUndo(tx, person, input.id, { today, now })),
    ),
  ];
}
