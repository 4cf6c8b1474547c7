/**
 * 一小区一档: every list that can be narrowed to one estate, written by its own export and so with its own sight, masks and traces; the files
 * that rooms above hold of the estate; and a page that says what is what. A room that gains an export of an estate is in here by that.
 */
import JSZip from 'jszip';
import type { Contract, FileOutput } from '../../kernel/contract.ts';
import { sql, type Transaction } from '../../platform/database.ts';
import { type Asked, answerLater, isRefused, notFound, type Refused, type Route, route } from '../../platform/http.ts';
import { makeDossier } from './contract.ts';
import { type DossierPart, dossierPage, fileName } from './rules.ts';

interface Estate {
  id: number;
  name: string;
  scope: string;
}

/** Files of an estate, each as the one who asks may see it, and what it is. */
export interface DossierFiles {
  folder: string;
  of: (tx: Transaction, estate: Estate) => Promise<{ name: string; digest: string; what: string }[]>;
}

/** Ours: what is beyond it is named and fetched one by one. */
const MOST_BYTES = 300 * 1024 * 1024;

const LATER: Refused = {
  allowed: false,
  refusals: [{ reason: '整份档案要写一会儿，请到导出中心领取。' }],
  status: 413,
};

export function dossierRoutes(of: readonly Route[], files: readonly DossierFiles[]): Route[] {
  return [
    route(makeDossier, async (asked) => {
      const estate = await asked.act((tx) => findEstate(tx, asked.input.id));
      if (!estate) return notFound('没有这个小区，或不在您的辖区内。');
      return asked.postponable ? LATER : writeDossier(asked, estate, of, files);
    }),
  ];
}

async function findEstate(tx: Transaction, id: number): Promise<Estate | undefined> {
  const { rows } = await sql<Estate>`select id, name, scope from registers.estate where id = ${id}::int`.execute(tx);
  return rows[0];
}

async function writeDossier(
  asked: Asked<unknown>,
  estate: Estate,
  routes: readonly Route[],
  files: readonly DossierFiles[],
): Promise<FileOutput> {
  const { person, system, today, now } = asked;
  const zip = new JSZip();
  const put = (path: string, bytes: Uint8Array | string) => zip.file(path, bytes, { date: now, createFolders: false });
  const parts: DossierPart[] = [];

  for (const one of routes) {
    const input = narrowedTo(one.contract, estate.id);
    if (!input || !one.contract.may.some((who) => who === person.actor.standing)) continue;
    const what = one.contract.label.replace(/^导出(小区的)?/, '');
    const answer = await answerLater(one, { system, person, input, request: asked.request });
    const path = `清单/${fileName(parts.length + 1, `${what}.xlsx`)}`;
    if (isRefused(answer)) parts.push({ what, left: answer.refusals.map(({ reason }) => reason).join('；') });
    else {
      put(path, (answer as FileOutput).bytes as Uint8Array);
      parts.push({ what, path });
    }
  }

  let size = 0;
  await asked.act(async (tx) => {
    for (const { folder, of } of files) {
      for (const [place, { name, digest, what }] of (await of(tx, estate)).entries()) {
        const file = size < MOST_BYTES ? await system.files.get(tx, digest) : undefined;
        const path = `${folder}/${fileName(place + 1, name)}`;
        if (file) put(path, file.bytes);
        size += file?.bytes.length ?? 0;
        parts.push(file ? { what, path } : { what: `${what}：${name}`, left: '没有装入，请在系统里打开' });
      }
    }
  });

  put(
    '目录.html',
    dossierPage({
      estate: estate.name,
      parts,
      today,
      by: `${person.name}（${person.post.organisationName} ${person.post.title}）`,
      demo: system.demo,
    }),
  );
  return {
    name: `${estate.name}-一小区一档-${today}.zip`,
    mediaType: 'application/zip',
    // What is in it is packed already.
    bytes: await zip.generateAsync({ type: 'uint8array', compression: 'STORE' }),
  };
}

/** The input that narrows a list's export to one estate; undefined for a list that cannot be. */
function narrowedTo(of: Contract, estate: number): Record<string, number> | undefined {
  if (of.method !== 'GET' || of.output !== 'workbook') return undefined;
  if (of.path.startsWith('/api/estates/:id/')) return { id: estate };
  return 'estate' in of.input.shape ? { estate } : undefined;
}
