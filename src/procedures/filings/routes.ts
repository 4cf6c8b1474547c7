import { everything, exportOf, sheetOf } from '../../platform/export.ts';
import { notFound, type Route, route } from '../../platform/http.ts';
import { attachEvidence, fileDeed, withdrawFiling } from './commands.ts';
import * as contracts from './contract.ts';
import { actsOn, findEvidence, findFiling, findFilings } from './queries.ts';

export const routes: Route[] = [
  route(contracts.listFilings, ({ input, act }) =>
    act(async (tx) => ({ ...(await findFilings(tx, input, input)), offset: input.offset, limit: input.limit })),
  ),

  route(contracts.exportFilings, async (asked) => {
    const { rows } = await asked.act((tx) => findFilings(tx, asked.input, everything));
    return exportOf(
      asked,
      sheetOf({
        title: '报备清单',
        items: rows,
        columns: [
          { title: '事项', kind: 'text', width: 30, of: (one) => one.label },
          { title: '对象', kind: 'text', width: 24, of: (one) => one.subjectLabel },
          { title: '期间', kind: 'text', width: 16, of: (one) => one.period },
          { title: '办成日期', kind: 'date', of: (one) => one.doneOn },
          { title: '报备日期', kind: 'date', of: (one) => one.filedOn },
          { title: '报备单位', kind: 'text', width: 24, of: (one) => one.organisationName },
          { title: '报备人', kind: 'text', of: (one) => one.filedBy },
          { title: '材料', kind: 'text', of: (one) => contracts.evidenceLabels[one.evidence] },
          { title: '说明', kind: 'text', width: 40, of: (one) => one.summary },
          { title: '撤回理由', kind: 'text', width: 30, of: (one) => one.withdrawn },
        ],
      }),
    );
  }),

  route(contracts.readFiling, async ({ input, act, person, today }) =>
    act(async (tx) => {
      const filing = await findFiling(tx, input.id);
      if (!filing) return notFound();
      const evidenceFiles = (await findEvidence(tx, input.id)).map(({ digest, ...file }) => file);
      return { ...filing, evidenceFiles, acts: actsOn(filing, person, today) };
    }),
  ),

  route(contracts.fileDeed, ({ input, act, person, today }) => act((tx) => fileDeed(tx, person, input, today))),

  route(contracts.addEvidence, async ({ input, act, person, today, file, system }) =>
    act(async (tx) => {
      const digest = await system.files.put(tx, file!.bytes, file!.mediaType);
      return attachEvidence(tx, person, input.id, { digest, name: file!.name }, today);
    }),
  ),

  route(contracts.readEvidence, async ({ input, act, system }) =>
    act(async (tx) => {
      const found = (await findEvidence(tx, input.id)).find((one) => one.id === input.evidence);
      const file = found && (await system.files.get(tx, found.digest));
      return file ? { name: found.name, mediaType: file.media, bytes: file.bytes } : notFound();
    }),
  ),

  route(contracts.withdrawFiling, ({ input, act, person, today }) =>
    act((tx) => withdrawFiling(tx, person, input.id, input.reason, today)),
  ),
];
