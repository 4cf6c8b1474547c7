// Requests drawn from /openapi.json of a running server, sent by every kind of caller, and what an answer may never be. tests/fuzz.test.ts runs
// a bounded number of them, tests/deep/fuzz.test.ts many more.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJs from 'exceljs';
import fc from 'fast-check';
import pg from 'pg';
import { tasks } from '../src/app/routes.ts';
import { type RunningServer, startServer } from '../src/app/server.ts';
import { openSystem } from '../src/app/system.ts';
import { fixedClock } from '../src/platform/clock.ts';
import { type Actor, sql } from '../src/platform/database.ts';
import { record } from '../src/platform/journal.ts';
import { openSession } from '../src/platform/sign-in.ts';
import type { System } from '../src/platform/system.ts';
import { entryKinds } from '../src/registers/entries/index.ts';
import { addAccount, addPeople, addPosts, resolvePerson } from '../src/registers/people/index.ts';
import { codes, type District, engine, testDistrict, today } from './district.ts';
import { growWorld } from './sight.ts';

const WORLD_SEED = 20_261_126;

export interface Caller {
  name: string;
  /** Undefined for nobody. */
  accountId?: number;
  actor?: Actor;
}

type Schema = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};

/** One operation of the document. */
export interface Operation {
  method: 'GET' | 'POST';
  path: string;
  summary: string;
  may: string[];
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: Schema }[];
  body?: Schema;
  takesFile: boolean;
}

export interface Field {
  server: RunningServer;
  system: System;
  district: District;
  callers: Caller[];
  operations: Operation[];
  known: Known;
  /** Tokens for reading, by account. */
  sessions: Map<number, string>;
  /** As superuser, beside every policy. */
  admin: pg.Client;
  close(): Promise<void>;
}

/** What the generators know of the rows: their ids, and words that mean something here. */
export interface Known {
  ids: number[];
  words: string[];
  /** Nothing but what a person might really enter. */
  sane?: boolean;
}

/** The tables whose rows are addressed by a number in a path, and how a caller's own sight of them is asked. */
const addressed: Record<string, { table: string; key: string }> = {
  estate: { table: 'registers.estate', key: 'id' },
  committee: { table: 'registers.committee', key: 'organisation_id' },
  project: { table: 'registers.service_project', key: 'id' },
  company: { table: 'registers.company', key: 'organisation_id' },
  organisation: { table: 'registers.organisation', key: 'id' },
  person: { table: 'registers.person', key: 'id' },
  post: { table: 'registers.post', key: 'id' },
  import: { table: 'registers.import_batch', key: 'id' },
  filing: { table: 'filings.filing', key: 'id' },
  evidence: { table: 'filings.evidence', key: 'id' },
  duty: { table: 'oversight.duty', key: 'id' },
  directive: { table: 'oversight.directive', key: 'id' },
  document: { table: 'documents.document', key: 'id' },
  group: { table: 'registers.chat_group', key: 'id' },
  survey: { table: 'registers.survey', key: 'id' },
  correction: { table: 'registers.correction', key: 'id' },
  attachment: { table: 'registers.correction_attachment', key: 'id' },
  building: { table: 'registers.building', key: 'id' },
  unit: { table: 'registers.unit', key: 'id' },
  leave: { table: 'registers.leave', key: 'id' },
  suspension: { table: 'registers.suspension', key: 'id' },
  bar: { table: 'registers.bar', key: 'id' },
  erasure: { table: 'registers.erasure', key: 'id' },
  voucher: { table: 'registers.voucher', key: 'id' },
  ...Object.fromEntries(entryKinds.map(({ code, table }) => [code, { table: `registers.${table}`, key: 'id' }])),
};

/** Which kind of row each number of a request names. A new one that is not listed fails the test of coverage. */
export const namesRows: Record<string, string> = {
  '/api/posts/{id}/session id': 'post',
  '/api/people/{id} id': 'person',
  '/api/people/{id}/account id': 'person',
  '/api/organisations/{id}/posts id': 'organisation',
  '/api/organisations/{id} id': 'organisation',
  '/api/companies/{id} id': 'company',
  '/api/estates/{id} id': 'estate',
  '/api/estates/{id}/dossier id': 'estate',
  '/api/estates/{id}/units id': 'estate',
  '/api/estates/{id}/units/export id': 'estate',
  '/api/committees/{id} id': 'committee',
  '/api/projects/{id} id': 'project',
  '/api/imports/{id} id': 'import',
  '/api/imports/{id}/mapping id': 'import',
  '/api/imports/{id}/rows id': 'import',
  '/api/imports/{id}/errors id': 'import',
  '/api/imports/{id}/commit id': 'import',
  '/api/imports/{id}/undo id': 'import',
  '/api/imports/{id}/cancel id': 'import',
  '/api/filings/{id} id': 'filing',
  '/api/filings/{id}/evidence id': 'filing',
  '/api/filings/{id}/evidence/{evidence} id': 'filing',
  '/api/filings/{id}/evidence/{evidence} evidence': 'evidence',
  '/api/filings/{id}/withdrawal id': 'filing',
  '/api/directives/{id} id': 'directive',
  '/api/directives/{id}/passing-on id': 'directive',
  '/api/directives/{id}/steps id': 'directive',
  '/api/directives/{id}/letter id': 'directive',
  '/api/documents/{id} id': 'document',
  '/api/documents/{id}/draft id': 'document',
  '/api/documents/{id}/sealed-copies id': 'document',
  '/api/documents/{id}/sealed-copies/{place} id': 'document',
  '/api/documents/{id}/withdrawal id': 'document',
  '/api/documents/{id}/postings id': 'document',
  '/api/documents/{id}/postings group': 'group',
  '/api/groups/{id} id': 'group',
  '/api/groups/{id}/postings id': 'group',
  '/api/groups/{id}/closing id': 'group',
  '/api/surveys/{id} id': 'survey',
  '/api/surveys/{id}/sheets id': 'survey',
  '/api/surveys/{id}/sheets/export id': 'survey',
  '/api/surveys/{id}/closing id': 'survey',
  '/api/indicators/{id}/bases survey': 'survey',
  '/api/surveys/{id}/notice id': 'survey',
  '/api/corrections/{id}/letter id': 'correction',
  '/api/corrections/{id} id': 'correction',
  '/api/corrections/{id}/objection id': 'correction',
  '/api/corrections/{id}/answer id': 'correction',
  '/api/corrections/{id}/attachments id': 'correction',
  '/api/corrections/{id}/attachments/{attachment} id': 'correction',
  '/api/corrections/{id}/attachments/{attachment} attachment': 'attachment',
  '/api/duties/{id} id': 'duty',
  '/api/duties/{id}/waiver id': 'duty',
  '/api/duties/{id}/waiver/confirmation id': 'duty',
  '/api/duties/{id}/waiver/declining id': 'duty',
  '/api/duties/{id}/pause id': 'duty',
  '/api/duties/{id}/pause/end id': 'duty',
  '/api/duties/{id}/wait id': 'duty',
  '/api/duties/{id}/wait/answer id': 'duty',
  '/api/duties/{id}/wait/end id': 'duty',
  '/api/people/{id}/identity id': 'person',
  '/api/people/{id}/identity/end id': 'person',
  '/api/people/{id}/second-factor/end id': 'person',
  '/api/people/{id}/suspensions id': 'person',
  '/api/people/{id}/posts id': 'person',
  '/api/people/{id}/password/reset id': 'person',
  '/api/posts/{id}/end id': 'post',
  organisationId: 'organisation',
  '/api/people/{id}/bars id': 'person',
  '/api/people/{id}/phone id': 'person',
  '/api/people/{id}/erasure id': 'person',
  '/api/posts/{id}/deputies id': 'post',
  '/api/posts/{id}/leaves id': 'post',
  '/api/leaves/{id}/return id': 'leave',
  '/api/suspensions/{id}/lifting id': 'suspension',
  '/api/bars/{id}/lifting id': 'bar',
  '/api/bars/{id}/objection id': 'bar',
  '/api/bars/{id}/objection/answer id': 'bar',
  '/api/erasures/{id}/decision id': 'erasure',
  '/api/estates/{id}/phones/export id': 'estate',
  '/api/estates/{id}/vouchers id': 'estate',
  '/api/units/{id} id': 'unit',
  '/api/units/{id}/activations id': 'unit',
  '/api/units/{id}/letters id': 'unit',
  '/api/units/{id}/counter id': 'unit',
  '/api/units/{id}/vouchers id': 'unit',
  '/api/vouchers/{id}/confirmation id': 'voucher',
  '/api/vouchers/{id}/declining id': 'voucher',
  personId: 'person',
  post: 'post',
  organisation: 'organisation',
  parentId: 'organisation',
  bearer: 'organisation',
  borneBy: 'organisation',
  awaited: 'organisation',
  from: 'organisation',
  to: 'organisation',
  duty: 'duty',
  company: 'company',
  estate: 'estate',
  building: 'building',
  subjectId: 'estate',
  ...Object.fromEntries(
    entryKinds.flatMap(({ code }) =>
      ['', '/correction', '/change', '/end'].map((act) => [`/api/${code}/{id}${act} id`, code]),
    ),
  ),
  superior: 'organisation',
  subordinate: 'organisation',
  responsible: 'organisation',
  keeper: 'organisation',
  partyOrganisation: 'organisation',
  decidedBy: 'organisation',
  provider: 'organisation',
  grid: 'grids',
};

/**
 * Indicators are the pack's, not a place's: everybody may know that they are. Sessions and passkeys are one's own, asked for together with
 * the account they belong to. Reading positions name nothing.
 */
export const namesNothing = new Set([
  // Which of the sealed copies, counted from the first.
  '/api/documents/{id}/sealed-copies/{place} place',
  '/api/indicators/{id} id',
  // A published text, readable by everybody signed in.
  '/api/texts/files/{id} id',
  '/api/texts/files/{id}/withdrawal id',
  // One's own and nobody else's: src/registers/lists, src/registers/exports.
  '/api/lists/views/{id}/removal id',
  '/api/exports/{id}/file id',
  '/api/me/sessions/{id}/end id',
  '/api/me/passkeys/{id}/name id',
  '/api/me/passkeys/{id}/end id',
  '/api/indicator-bases/{id}/release id',
  '/api/indicators/{id}/bases id',
  '/api/indicators/{id}/trend id',
  '/api/indicators/{id}/trend/export id',
  '/api/indicators/{id}/subjects id',
  '/api/indicators/{id}/subjects/export id',
  '/api/indicators/{id}/publication id',
  ...['retentionDays', 'offset', 'limit', 'year', 'headerRow', 'first', 'second', 'below', 'each'],
]);

export const kindNamed = ({ path }: Operation, field: string): string | undefined =>
  namesRows[`${path} ${field}`] ?? (path.includes(`{${field}}`) ? undefined : namesRows[field]);

/** The test district grown to a world, an import of each office under way, a running server, and one caller of every kind. */
export async function openField(): Promise<Field> {
  const district = await testDistrict();
  const dataFolder = mkdtempSync(join(tmpdir(), 'gongzhi-fuzz-'));
  mkdirSync(join(dataFolder, 'keys'), { mode: 0o700 });
  // The key that the fixture sealed with.
  writeFileSync(join(dataFolder, 'keys', 'master.key'), `${'07'.repeat(32)}\n`, { mode: 0o600 });
  const settings = { host: '127.0.0.1', port: 0, publicUrl: 'http://127.0.0.1', dataFolder, trustProxy: false };
  const loginUrl = district.database.pool.options.connectionString!;
  const clock = fixedClock(today);
  await growWorld(district, WORLD_SEED, { indicators: 4 });
  const admin = new pg.Client({ connectionString: district.adminUrl });
  await admin.connect();
  // The world's attachments are rows without bytes; here the bytes are asked for.
  await admin.query('truncate filings.evidence, documents.document cascade; delete from platform.file');
  // A demo, so that nobody has to bring a second factor.
  await admin.query(
    `insert into platform.deployment (mode, anchor_on, prepared_at) values ('demo', '${today}', now()); update platform.account set demo = true`,
  );
  const system = await openSystem({ loginUrl, settings, clock });
  const server = await startServer({ databaseUrl: loginUrl, settings, clock });
  const callers = await callersOf(district, admin);
  const field: Field = {
    server,
    system,
    district,
    callers,
    operations: await operationsOf(server.url),
    known: { ids: [], words: [] },
    sessions: new Map(),
    admin,
    async close() {
      await server.close();
      await system.database.close();
      await admin.end();
      await district.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
  await importSome(field);
  const { rows } = await admin.query<{ id: number; word: string }>(
    `select distinct matter as word from oversight.duty union select id from registers.pack
     union (select id from registers.clause order by id limit 40) union select name from registers.estate union (select distinct period from oversight.duty limit 40)`,
  );
  const ids: number[] = [];
  for (const { table, key } of Object.values(addressed)) {
    const found = await admin.query<{ id: number }>(`select ${key}::int as id from ${table} order by 1 limit 60`);
    ids.push(...found.rows.map((row) => row.id));
  }
  field.known = { ids, words: rows.map((row) => row.word) };
  return field;
}

async function callersOf(district: District, admin: pg.Client): Promise<Caller[]> {
  await district.database.transaction(engine, async (tx) => {
    const [personId] = await addPeople(tx, district.sealing, [{ scope: codes.district, name: '管理员' }]);
    await addPosts(tx, [
      {
        personId: personId!,
        organisationId: district.organisations.bureau,
        role: 'administrator',
        fromOn: '2026-01-01',
      },
    ]);
    await addAccount(tx, { name: '视野 管理员', personId: personId!, passwordHash: 'none', demo: true });
    await record(tx, {
      chain: `organisation:${district.organisations.bureau}`,
      act: 'tests.staffed',
      object: 'test:1',
    });
  });
  const { rows: owners } = await admin.query<{ name: string }>(
    `select name from platform.account where name like '视野 业主%' order by id limit 1`,
  );
  const names: Record<string, string> = {
    区住建局: '视野 区住建局',
    街道: '视野 东湖街道',
    社区: '视野 春江社区',
    物业企业: `视野 单位${district.organisations.company}`,
    业委会: `视野 单位${district.committee}`,
    业主: owners[0]!.name,
    管理员: '视野 管理员',
  };
  const callers: Caller[] = [{ name: '未登录的人' }];
  for (const [name, account] of Object.entries(names)) {
    const { rows } = await admin.query<{ id: number }>('select id from platform.account where name = $1', [account]);
    const accountId = rows[0]!.id;
    const person = await district.database.transaction({ standing: 'door', today }, (tx) =>
      resolvePerson(tx, accountId, null),
    );
    callers.push({ name, accountId, actor: person!.actor });
  }
  return callers;
}

/** In each office an import that is read, so that there is one out of everybody's sight. */
async function importSome(field: Field): Promise<void> {
  const text = '小区名称\t街道\t社区\t户数\n新苑\t东湖街道\t春江社区\t120\n无名苑\t没有的街道\t春江社区\t一百';
  for (const name of ['区住建局', '东湖街道', '西山街道', '邻区住建局', '春江社区']) {
    const { rows } = await field.admin.query<{ id: number }>('select id from platform.account where name = $1', [
      `视野 ${name}`,
    ]);
    const json = JSON.stringify({ kind: 'estates', text });
    const answer = await send(
      field,
      { name, accountId: rows[0]!.id },
      { method: 'POST', url: '/api/imports/pasted', json },
    );
    const { id } = JSON.parse(answer.text) as { id?: number };
    if (id === undefined) throw new Error(`没有收下${name}的名册：${answer.status}`);
    await tasks['rosters:read']!({ batch: id } as never, {
      system: field.system,
      signal: new AbortController().signal,
    });
  }
}

async function operationsOf(url: string): Promise<Operation[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Record<string, unknown>>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => {
      const content = (one.requestBody as { content?: Record<string, { schema: Schema }> } | undefined)?.content ?? {};
      return {
        method: method.toUpperCase() as 'GET' | 'POST',
        path,
        summary: one.summary as string,
        may: one['x-may'] as string[],
        parameters: (one.parameters ?? []) as Operation['parameters'],
        ...(content['application/json'] && { body: content['application/json'].schema }),
        takesFile: 'application/octet-stream' in content,
      };
    }),
  );
}

// ── Sending

export interface Sent {
  method: 'GET' | 'POST';
  /** From the first slash on, escaped. */
  url: string;
  json?: string;
  bytes?: Uint8Array;
}

export interface Answer {
  status: number;
  text: string;
}

/** Reading leaves a session as it is; an act may end it or change its post, and gets one of its own. */
async function tokenFor({ system, sessions }: Field, accountId: number, method: Sent['method']): Promise<string> {
  const kept = method === 'GET' ? sessions.get(accountId) : undefined;
  if (kept !== undefined) return kept;
  const { token } = await system.database.transaction({ standing: 'door', today }, (tx) =>
    openSession(tx, { accountId, now: system.clock.now() }),
  );
  if (method === 'GET') sessions.set(accountId, token);
  return token;
}

export async function send(field: Field, caller: Pick<Caller, 'name' | 'accountId'>, sent: Sent): Promise<Answer> {
  const headers: Record<string, string> = {};
  if (caller.accountId !== undefined)
    headers.cookie = `gongzhi_80=${await tokenFor(field, caller.accountId, sent.method)}`;
  if (sent.method === 'POST') headers.origin = 'http://127.0.0.1';
  if (sent.json !== undefined) headers['content-type'] = 'application/json';
  if (sent.bytes !== undefined) headers['content-type'] = 'application/octet-stream';
  const answer = await fetch(`${field.server.url}${sent.url}`, {
    method: sent.method,
    headers,
    redirect: 'manual',
    ...(sent.json !== undefined && { body: sent.json }),
    ...(sent.bytes !== undefined && { body: Buffer.from(sent.bytes) }),
  });
  // Whoever was given another password is not kept out of what is still to be drawn.
  if (answer.ok && sent.url.endsWith('/password/reset')) {
    field.sessions.clear();
    await field.admin.query(
      'update platform.account set loan_until = null, loan_at = null, loan_by = null, loan_reason = null',
    );
  }
  return { status: answer.status, text: Buffer.from(await answer.arrayBuffer()).toString('latin1') };
}

/** What is wrong with an answer, whoever asked for whatever: in words, or nothing. */
export function faultOf({ status, text: latin }: Answer): string | undefined {
  const text = Buffer.from(latin, 'latin1').toString('utf8');
  if (status >= 500) return `${status} ${text.slice(0, 300)}`;
  if (status < 400) return undefined;
  if (INSIDE.test(text)) return `${status} 说出了内部的情形：${text.slice(0, 300)}`;
  let refusals: { reason?: unknown }[];
  try {
    refusals = (JSON.parse(text) as { refusals: { reason?: unknown }[] }).refusals;
  } catch {
    return `${status} 不是 JSON：${text.slice(0, 300)}`;
  }
  const spoken =
    Array.isArray(refusals) &&
    refusals.some(({ reason }) => typeof reason === 'string' && /\p{Script=Han}/u.test(reason));
  return spoken ? undefined : `${status} 没有中文的理由：${text.slice(0, 300)}`;
}

/** Marks of a stack trace, of SQL and of the libraries; none of the drawn texts below bears one. */
const INSIDE =
  /\.ts:\d|node:internal|node_modules|\n\s+at |violates|SQLSTATE|relation "|column "|syntax error|invalid (input|byte)|out of range|ZodError|PostgresError|ECONN/;

// ── Drawing requests

const nasty = [
  '',
  ' ',
  '\u0000',
  '甲\u0000乙',
  '\ud800',
  '好\udfff',
  '１２３',
  '９９０１０２０００００\uff10',
  "'; drop table registers.estate; --",
  "' or '1'='1",
  '%_\\',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '{{7*7}}#{7*7}',
  '../../../../etc/passwd',
  '\u202e反\u200b写',
  '\u0007\u001b[31m',
  'null',
  'NaN',
  '-1',
  '1e9',
  '0x1f',
  '二〇二六年',
  '長'.repeat(500),
  'a'.repeat(5_000),
  '👩‍👩‍👧‍👦',
];
const days = [
  '2026-11-22',
  '2026-02-30',
  '0000-00-00',
  '0000-01-01',
  '9999-12-31',
  '0001-01-01',
  '2026-3-1',
  '２０２６-01-01',
  '2026-13-01',
  '-2026-01-01',
  '10000-01-01',
];
const areas = [
  ...Object.values(codes),
  '990103000000',
  '990103001001',
  '000000000000',
  '999999999999',
  '350502000000',
  '99010200',
];
const numbers = [
  0,
  -1,
  1,
  1.5,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  4_294_967_296,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
];

function drawnFrom(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => drawnFrom(one, known, name)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (known.sane && (type === 'integer' || type === 'number')) return fc.constantFrom(...known.ids.slice(0, 20), 1);
  if (type === 'integer' || type === 'number') {
    const bounds = [schema.minimum, schema.maximum, schema.exclusiveMinimum].filter((one) => one !== undefined);
    return fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...known.ids) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 60 }) },
      { weight: 1, arbitrary: fc.constantFrom(...numbers, ...bounds.flatMap((one) => [one - 1, one, one + 1])) },
    );
  }
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') return fc.array(drawnFrom(schema.items ?? {}, known, name), { maxLength: 4 });
  if (type === 'object') return objectOf(schema, known);
  if (schema.format === 'date' || /On$|^(from|to|on|until|below|doneOn)$/.test(name))
    return fc.constantFrom(...days.slice(0, known.sane ? 1 : days.length));
  if (schema.pattern?.includes('\\d{12}') || /code|area/i.test(name))
    return fc.constantFrom(...areas.slice(2, known.sane ? 6 : areas.length));
  if (known.sane) return fc.constantFrom('写明了理由的文字', ...known.words);
  const lengths = [schema.minLength, schema.maxLength].filter((one) => one !== undefined);
  return fc.oneof(
    ...(schema.pattern && !schema.pattern.includes('(?') ? [fc.stringMatching(new RegExp(schema.pattern))] : []),
    { weight: 3, arbitrary: fc.constantFrom(...known.words, 'estates', 'units', 'communities', ...codeWords) },
    { weight: 3, arbitrary: fc.constantFrom(...nasty) },
    { weight: 1, arbitrary: fc.constantFrom(...known.ids.map(String)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('字', ...lengths.flatMap((one) => ['字'.repeat(one), '字'.repeat(one + 1)])),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  );
}

const codeWords = ['licheng', 'Sheet1', '粘贴的内容', '2026-Q3', '2026-11', '2026'];

function objectOf(schema: Schema, known: Known): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, one]) => [name, drawnFrom(one, known, name)] as const,
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys: (schema.required ?? []) as never[] });
}

/** Valid in shape more often than not; otherwise one thing is wrong with it. */
export function requestsTo(operation: Operation, known: Known): fc.Arbitrary<Sent> {
  const spoilt = fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: spoiling });
  return fc
    .tuple(partsOf(operation, known), spoilt, fc.constantFrom(...files))
    .map(([[fields, content], spoil, file]): Sent => {
      if (spoil && operation.method === 'GET') spoil(fields);
      if (spoil && operation.method === 'POST') spoil(content);
      return requestOf(operation, fields, content, file);
    });
}

/** What goes into the address, and what into the body. */
function partsOf(operation: Operation, known: Known): fc.Arbitrary<[Record<string, unknown>, Record<string, unknown>]> {
  const drawn = objectOf(
    {
      properties: Object.fromEntries(operation.parameters.map((one) => [one.name, one.schema])),
      required: operation.parameters.filter((one) => one.required).map((one) => one.name),
    },
    known,
  );
  return fc.tuple(drawn, operation.body ? objectOf(operation.body, known) : fc.constant({}));
}

const files = [
  Buffer.from('小区名称,街道\n甲,乙\n'),
  Buffer.from([0]),
  Buffer.from('PK\u0003\u0004not a workbook', 'latin1'),
  Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  Buffer.alloc(0),
  Buffer.alloc(3_000, 0xff),
];

/** Wrong types, missing and surplus fields. */
const spoiling: fc.Arbitrary<(fields: Record<string, unknown>) => void> = fc
  .tuple(
    fc.nat(50),
    fc.constantFrom('drop', 'surplus', 'type', 'twice'),
    fc.constantFrom<unknown>(null, true, -0.5, Number.POSITIVE_INFINITY, '字', [], {}, [[[]]], { a: { b: [] } }, [
      'x',
      'x',
    ]),
  )
  .map(([at, how, wrong]) => (fields) => {
    const names = Object.keys(fields);
    const name = names[at % Math.max(1, names.length)];
    if (how === 'surplus') fields[at % 2 ? 'constructor' : 'surplus'] = wrong;
    else if (name === undefined) return;
    else if (how === 'drop') delete fields[name];
    else fields[name] = how === 'twice' ? [fields[name], fields[name]] : wrong;
  });

export function requestOf(
  operation: Operation,
  fields: Record<string, unknown>,
  content: Record<string, unknown>,
  file: Uint8Array = files[0]!,
): Sent {
  const given = { ...fields };
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = given[name];
    delete given[name];
    return escaped(value ?? '') || '%20';
  });
  const query = Object.entries(given)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${escaped(name)}=${escaped(one)}`),
    );
  return {
    method: operation.method,
    url: query.length > 0 ? `${path}?${query.join('&')}` : path,
    ...(operation.body && { json: JSON.stringify(content) }),
    ...(operation.takesFile && { bytes: file }),
  };
}

/** Lone surrogates have no form in an address; the bytes they would have are sent, which are no UTF-8. */
function escaped(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}

/** Sends drawn requests of one caller to every operation; what came back wrong, with the smallest request that does it. */
export async function fuzz(field: Field, caller: Caller, given: { seed: number; runs: number }): Promise<string[]> {
  const found: string[] = [];
  for (const [at, operation] of field.operations.entries()) {
    let fault: string | undefined;
    const result = await fc.check(
      fc.asyncProperty(requestsTo(operation, field.known), async (sent) => {
        const answer = await send(field, caller, sent);
        const wrong = faultOf(answer);
        if (wrong)
          fault = `${caller.name} ${sent.method} ${sent.url.slice(0, 300)} ${(sent.json ?? '').slice(0, 400)} → ${wrong}`;
        return !wrong;
      }),
      // Who may not call at all is turned away before anything is read: twice is enough.
      {
        seed: given.seed + at,
        numRuns: mayCall(operation, caller) ? given.runs : 2,
        maxSkipsPerRun: 0,
        interruptAfterTimeLimit: 300_000,
      },
    );
    if (result.failed) found.push(fault ?? `${operation.path}: ${result.errorInstance}`);
  }
  return found;
}

export function mayCall({ may }: Operation, { actor }: Caller): boolean {
  if (may.includes('anyone')) return true;
  if (!actor) return false;
  return may.includes('signed-in') || may.includes(actor.standing);
}

// ── Existence

/** Ids of a kind that are there, but not for this caller. */
async function hiddenFrom(field: Field, caller: Caller, kind: string): Promise<number[]> {
  const { table, key } = addressed[kind]!;
  const ids = `select ${key}::int as id from ${table} order by 1`;
  const { rows: all } = await field.admin.query<{ id: number }>(ids);
  const seen = await field.system.database
    .transaction(caller.actor!, async (tx) => {
      const { rows } = await sql.raw<{ id: number }>(ids).execute(tx);
      return new Set(rows.map((row) => row.id));
    })
    .catch((error: { code?: string }) => {
      if (error.code !== '42501') throw error;
      return new Set<number>(); // no right on the table at all
    });
  return all.map((row) => row.id).filter((id) => !seen.has(id));
}

/** An id of which there is no row of any kind. */
const NOWHERE = 1_999_999_999;

export interface Compared {
  /** How often an id out of sight was held against one that exists nowhere. */
  pairs: number;
  leaks: string[];
}

/** For every number that names a row: does the answer tell an id out of the caller's sight from an id that is nowhere? */
export async function compareHidden(
  field: Field,
  caller: Caller,
  given: { seed: number; runs: number },
): Promise<Compared> {
  const found: Compared = { pairs: 0, leaks: [] };
  const known = { ...field.known, sane: true };
  for (const operation of field.operations.filter((one) => mayCall(one, caller))) {
    for (const name of fieldsOf(operation)) {
      const kind = kindNamed(operation, name);
      const hidden = kind === undefined ? [] : await hiddenFrom(field, caller, kind);
      if (hidden.length === 0) continue;
      const drawn = fc.sample(partsOf(operation, known), { seed: given.seed, numRuns: given.runs });
      for (const [at, [fields, content]] of drawn.entries()) {
        const id = hidden[(at * 7) % hidden.length]!;
        const answers: string[] = [];
        for (const one of [id, NOWHERE]) {
          const where = operation.parameters.some((parameter) => parameter.name === name) ? fields : content;
          where[name] = name === 'subjectId' ? String(one) : one;
          if (name === 'subjectId' && 'subjectKind' in where) where.subjectKind = 'estates';
          const answer = await send(field, caller, requestOf(operation, fields, content));
          answers.push(await saidBy(answer));
        }
        found.pairs += 1;
        if (answers[0] !== answers[1])
          found.leaks.push(
            `${caller.name} ${operation.method} ${operation.path} ${name}=${id}：${decoded(answers[0]!)} ≠ ${decoded(answers[1]!)}`,
          );
      }
    }
  }
  return found;
}

/** The answer without the one thing that may differ; of a workbook, whose bytes bear the moment, its cells. */
async function saidBy({ status, text }: Answer): Promise<string> {
  if (!text.startsWith('PK')) return `${status} ${text.replace(REQUEST_NAME, '')}`;
  const workbook = new ExcelJs.Workbook();
  await workbook.xlsx.load(Buffer.from(text, 'latin1') as never);
  return `${status} ${JSON.stringify(workbook.worksheets.map((sheet) => [sheet.name, sheet.getSheetValues()]))}`;
}

/** The one thing that two refusals may differ in (报障码). */
const REQUEST_NAME = /"request":"[2-9A-Z]{5}-[2-9A-Z]{5}"/g;
const decoded = (latin: string) => Buffer.from(latin, 'latin1').toString('utf8').slice(0, 300);

/** Every number, and subjectId, that a request may carry. */
export function fieldsOf({ parameters, body }: Operation): string[] {
  const schemas: (readonly [string, Schema])[] = [
    ...parameters.map((one) => [one.name, one.schema] as const),
    ...Object.entries(body?.properties ?? {}),
  ];
  return schemas
    .filter(([name, { type }]) => type === 'integer' || type === 'number' || name === 'subjectId')
    .map(([name]) => name);
}
