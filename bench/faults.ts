// Rounds of faults against the real program: people file deeds, add evidence and import estates over HTTP, and after a number of
// acknowledgements the server, the worker or the database is killed (kill -9), while a proxy cuts connections between the request and its
// answer. Then everything must be as it was acknowledged, and go on.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { drawing } from '../tests/sight.ts';
import { brokenChains, spoiltRows, untraced } from '../tests/traces.ts';
import {
  type Deployment,
  ended,
  healthy,
  killPostgres,
  type Program,
  prepareDeployment,
  until,
  workerOf,
} from './deployment.ts';

export interface Round {
  round: number;
  killed: Victim;
  acknowledged: number;
  /** Requests without an answer, and how many of them were done all the same. */
  unanswered: number;
  unansweredDone: number;
  imports: number;
  seconds: number;
  /** Lost, half done, untraced, not going on; none when all is well. */
  faults: string[];
}

const victims = ['server', 'worker', 'postgres'] as const;
type Victim = (typeof victims)[number];
export const victimLabels: Record<Victim, string> = { server: '网页服务', worker: '后台任务进程', postgres: '数据库' };

const IMPORTED_ROWS = 200;

export async function faultRounds(given: {
  rounds: number;
  seed: number;
  say: (sentence: string) => void;
  /** The first round with a fault is the last: who wants to know whether there is one need not wait for the rest. */
  untilFault?: boolean;
  /** After the last round, with everything still running: for a test that spoils what was kept; `evidence`: the name of one that was acknowledged. */
  afterwards?: (deployment: Deployment, check: () => Promise<string[]>, evidence: string) => Promise<void>;
}): Promise<Round[]> {
  const { say } = given;
  say(`种子 ${given.seed}`);
  const draw = drawing(given.seed);
  const deployment = await prepareDeployment({ scale: 0.05 });
  const proxy = await cuttingProxy(deployment.port, given.seed);
  const memory: Memory = { deeds: new Map(), imports: new Map(), turn: 0 };
  const done: Round[] = [];
  try {
    let program = await deployment.start();
    const before = await asked(deployment, (admin) =>
      admin.query<{ id: number }>('select coalesce(max(id), 0)::int as id from filings.filing'),
    );
    const check = () => faultsIn(deployment, memory, before.rows[0]!.id);
    let order: Victim[] = [];
    for (let round = 1; round <= given.rounds; round += 1) {
      const startedAt = performance.now();
      // Each of the three in each three rounds, in an order of the seed's.
      if (order.length === 0) order = [...victims].sort(() => draw.below(3) - 1);
      const killed = order.pop()!;
      const tally: Tally = { acknowledged: 0, importActs: 0, unanswered: [], halted: false, faults: [] };
      // Not after a time: the middle of the work on any machine. The worker is killed when it has just been given something.
      const of = killed === 'worker' || draw.chance(40) ? 'importActs' : 'acknowledged';
      const killAfter = of === 'importActs' ? 1 + draw.below(6) : 4 + draw.below(24);
      tally.acknowledge = async () => {
        tally.acknowledged += 1;
        if (tally.halted || tally[of] < killAfter) return;
        tally.halted = true;
        await kill(killed, program, deployment);
      };
      await work(deployment, proxy.url, memory, tally);
      if (killed === 'server') {
        await ended(program.process);
        program = await deployment.start();
      }
      await healthy(deployment.url, program);
      const faults = [...tally.faults, ...(await goesOn(deployment)), ...(await check())];
      const unansweredDone = await countDone(deployment, tally.unanswered);
      done.push({
        round,
        killed,
        acknowledged: tally.acknowledged,
        unanswered: tally.unanswered.length,
        unansweredDone,
        imports: memory.imports.size,
        seconds: Math.round((performance.now() - startedAt) / 100) / 10,
        faults,
      });
      const last = done.at(-1)!;
      say(
        `第 ${round} 轮：确认 ${last.acknowledged} 件后杀死${victimLabels[killed]}；未得答复 ${last.unanswered} 件（其中办成 ${unansweredDone} 件），${
          faults.length === 0 ? '无一丢失' : faults.join('；')
        }（${last.seconds} 秒）`,
      );
      if (given.untilFault && faults.length > 0) return done;
    }
    const [evidence] = [...memory.deeds.values()].flatMap((deed) => [...deed.evidence.keys()]);
    await given.afterwards?.(deployment, check, evidence!);
  } finally {
    proxy.server.close();
    await deployment.close();
  }
  return done;
}

async function kill(victim: Victim, program: Program, deployment: Deployment): Promise<void> {
  if (victim === 'server') program.process.kill('SIGKILL');
  if (victim === 'postgres') killPostgres(deployment.cluster);
  if (victim === 'worker') {
    await until('后台任务进程没有运行', async () => workerOf(program) !== undefined);
    process.kill(workerOf(program)!, 'SIGKILL');
  }
}

// ── The people

/** What was acknowledged over all rounds. */
interface Memory {
  /** Filings by id: their evidence by name, and whether a withdrawal was acknowledged, or asked for without an answer. */
  deeds: Map<number, { evidence: Map<string, Buffer>; withdrawn: boolean }>;
  /** Imports by id: the mark that their estates bear, and what was acknowledged last. */
  imports: Map<number, { mark: string; asked: 'read' | 'check' | 'commit' }>;
  turn: number;
}

interface Tally {
  acknowledged: number;
  importActs: number;
  /** The marks of deeds of which nobody was told whether they were done. */
  unanswered: string[];
  halted: boolean;
  faults: string[];
  acknowledge?: () => Promise<void>;
}

interface Due {
  matter: string;
  subjectKind: string;
  subjectId: string;
  periodKey: string;
  bearerId: number | null;
}

async function work(deployment: Deployment, proxied: string, memory: Memory, tally: Tally): Promise<void> {
  const call = callerOf(deployment, tally);
  const { rows } = await call<{ rows: Due[] }>(deployment.url, '/api/duties?limit=500').then(
    (answer) => answer ?? { rows: [] },
  );
  const due = rows.filter((one) => /^\d{4}(-|$)/.test(one.periodKey) && one.periodKey.length < 8);
  if (due.length < 12) throw new Error(`可报备的义务只有 ${due.length} 件`);
  await Promise.all([
    fileOn(call, deployment, due, memory, tally),
    fileOn(call, deployment, due, memory, tally),
    fileOn(call, { ...deployment, url: proxied }, due, memory, tally),
    importOn(call, deployment, memory, tally),
  ]);
}

type Call = <T>(url: string, path: string, body?: object | Buffer, mark?: string) => Promise<T | undefined>;

/** The answer; nothing when none came. A refusal or a fault before anything was killed is a finding. */
function callerOf({ url: origin, cookie }: Deployment, tally: Tally): Call {
  return async <T>(url: string, path: string, body?: object | Buffer, mark?: string) => {
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url + path, {
        headers: {
          cookie,
          ...(body && {
            origin,
            'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json',
          }),
        },
        ...(body && { method: 'POST', body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch {
      if (mark) tally.unanswered.push(mark);
      return undefined;
    }
    if (answer.ok) return JSON.parse(text) as T;
    // After the kill any of these may come; what they did not promise is judged with the unanswered.
    if (mark) tally.unanswered.push(mark);
    if (!tally.halted) tally.faults.push(`${path} 答 ${answer.status}：${text.slice(0, 200)}`);
    return undefined;
  };
}

/** Files, adds evidence, withdraws what is its own: each deed for a period of its own, long ago, so that they do not run out. */
async function fileOn(
  call: Call,
  { url, organisation }: Pick<Deployment, 'url' | 'organisation'>,
  due: readonly Due[],
  memory: Memory,
  tally: Tally,
): Promise<void> {
  while (!tally.halted) {
    memory.turn += 1;
    const { periodKey, bearerId, ...about } = due[memory.turn % due.length]!;
    const period = periodKey.replace(/^\d{4}/, String(2000 - Math.floor(memory.turn / due.length)));
    const mark = `中断测试 ${memory.turn}`;
    const { matter, subjectKind, subjectId } = about;
    const deed = {
      matter,
      subjectKind,
      subjectId,
      period,
      doneOn: businessToday(),
      evidence: 'to-follow',
      summary: mark,
    };
    const filed = await call<{ id: number }>(url, '/api/filings', deed, mark);
    if (!filed) continue;
    const known = { evidence: new Map<string, Buffer>(), withdrawn: false };
    memory.deeds.set(filed.id, known);
    await tally.acknowledge!();
    const bytes = randomBytes(3_000);
    const name = `${memory.turn}-${bytes.toString('hex', 0, 6)}.bin`;
    const added = await call(url, `/api/filings/${filed.id}/evidence?name=${name}`, bytes);
    if (added) {
      known.evidence.set(name, bytes);
      await tally.acknowledge!();
    }
    if (bearerId === organisation && (await call(url, `/api/filings/${filed.id}/withdrawal`, { reason: '中断测试' }))) {
      known.withdrawn = true;
      await tally.acknowledge!();
    }
  }
}

/** One import after the other: pasted, its columns confirmed, written. */
async function importOn(call: Call, { url, adminUrl }: Deployment, memory: Memory, tally: Tally): Promise<void> {
  const place = await communityIn(adminUrl, call, url);
  type Shown = { state: string; sheet: string; headerRow: number; columns: { index: number; key: string | null }[] };
  while (!tally.halted) {
    memory.turn += 1;
    const mark = `中断${memory.turn}号`;
    const lines = Array.from({ length: IMPORTED_ROWS }, (_, at) =>
      [`${mark}${at + 1}苑`, ...place, 100 + at].join('\t'),
    );
    const text = ['小区名称\t街道\t社区\t户数', ...lines].join('\n');
    const begun = await call<{ id: number }>(url, '/api/imports/pasted', { kind: 'estates', text });
    if (!begun) continue;
    const known: { mark: string; asked: 'read' | 'check' | 'commit' } = { mark, asked: 'read' };
    memory.imports.set(begun.id, known);
    const acknowledged = async () => {
      tally.importActs += 1;
      await tally.acknowledge!();
    };
    await acknowledged();
    const path = `/api/imports/${begun.id}`;
    const shows = async (state: string) => {
      let shown: Shown | undefined;
      await until(
        () => `导入停在${shown?.state ?? '无答复'}，等的是${state}`,
        async () => {
          if (tally.halted) return true;
          shown = await call<Shown>(url, path);
          return shown?.state === state || shown?.state === 'failed';
        },
      );
      return tally.halted ? undefined : shown;
    };
    const read = await shows('read');
    if (!read) return;
    const mapping = {
      sheet: read.sheet,
      headerRow: read.headerRow,
      columns: read.columns.map(({ index, key }) => ({ index, key })),
    };
    if (!(await call(url, `${path}/mapping`, mapping))) continue;
    known.asked = 'check';
    await acknowledged();
    if (!(await shows('checked'))) return;
    if (!(await call(url, `${path}/commit`, {}))) continue;
    known.asked = 'commit';
    await acknowledged();
    await shows('committed');
  }
}

let community: string[] | undefined;

/** Sub-district and community by name, within the officer's own range. */
async function communityIn(adminUrl: string, call: Call, url: string): Promise<string[]> {
  if (community) return community;
  const me = await call<{ post: { areaCode: string; areaName: string } }>(url, '/api/me');
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>(
    'select name from registers.area where parent_code = $1 order by code limit 1',
    [me!.post.areaCode],
  );
  await admin.end();
  community = [me!.post.areaName, rows[0]!.name];
  return community;
}

const businessToday = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

// ── The judgement

async function asked<T>(
  { adminUrl }: Pick<Deployment, 'adminUrl'>,
  work: (admin: pg.Client) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** The queue takes up again what was asked for: no import stays under way. */
function goesOn(deployment: Deployment): Promise<string[]> {
  return asked(deployment, async (admin) => {
    try {
      await until('后台任务没有继续', async () => {
        const { rowCount } = await admin.query(
          `select from registers.import_batch where state in ('reading', 'checking', 'committing', 'undoing')`,
        );
        return rowCount === 0;
      });
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function countDone(deployment: Deployment, marks: readonly string[]): Promise<number> {
  return asked(deployment, async (admin) => {
    const { rowCount } = await admin.query('select from filings.filing where summary = any ($1)', [marks]);
    return rowCount ?? 0;
  });
}

function faultsIn(deployment: Deployment, memory: Memory, before: number): Promise<string[]> {
  const { adminUrl, folder } = deployment;
  return asked(deployment, async (admin) => {
    const faults = [
      ...(await untraced(adminUrl, before)),
      ...(await spoiltRows(adminUrl)),
      ...(await brokenChains(adminUrl)),
    ];
    const { rows: kept } = await admin.query<{ id: number; withdrawn: boolean; evidence: string[] }>(
      `select f.id, exists (select from filings.withdrawal w where w.filing_id = f.id) as withdrawn,
         array(select e.name from filings.evidence e where e.filing_id = f.id) as evidence from filings.filing f where f.id > $1`,
      [before],
    );
    const filings = new Map(kept.map((row) => [row.id, row]));
    for (const [id, { evidence, withdrawn }] of memory.deeds) {
      const found = filings.get(id);
      if (!found) faults.push(`报备 ${id} 已确认而丢失`);
      else {
        if (withdrawn && !found.withdrawn) faults.push(`报备 ${id} 的撤回已确认而丢失`);
        for (const name of evidence.keys())
          if (!found.evidence.includes(name)) faults.push(`报备 ${id} 的材料已确认而丢失`);
      }
    }
    const { rows: events } = await admin.query<{ fault: string }>(
      `select '留痕 ' || object || ' 没有对应的报备' as fault from platform.journal j where j.act = 'filings.filed'
         and not exists (select from filings.filing f where 'filing:' || f.id = j.object)
       union all select '报备 ' || e.filing_id || ' 的材料与留痕件数不符' from filings.evidence e where e.filing_id > $1 group by e.filing_id
         having count(*) <> (select count(*) from platform.journal j where j.act = 'filings.evidenced' and j.object = 'filing:' || e.filing_id)`,
      [before],
    );
    faults.push(...events.map((row) => row.fault));
    const { rows: claimed } = await admin.query<{ digest: string; wrapped: Buffer }>(
      'select digest, wrapped from platform.file',
    );
    for (const { digest, wrapped } of claimed) {
      const mark = createHash('sha256').update(wrapped).digest('hex').slice(0, 12);
      if (!existsSync(join(folder, 'files', digest.slice(0, 2), `${digest}-${mark}`)))
        faults.push(`附件 ${digest.slice(0, 12)} 有登记而没有内容`);
    }
    return [...faults, ...(await faultsOfImports(admin, memory)), ...(await unreadable(deployment, admin, memory))];
  });
}

/** An import is wholly in or wholly out, and has its events exactly when it is in. */
async function faultsOfImports(admin: pg.Client, memory: Memory): Promise<string[]> {
  const faults: string[] = [];
  const { rows } = await admin.query<{
    id: number;
    state: string;
    problem: string | null;
    events: number;
    chains: number;
  }>(
    `select b.id, b.state, b.problem, (select count(*)::int from platform.journal j where j.object = 'import:' || b.id and j.act = 'rosters.imported'
       and j.chain like 'organisation:%') as events,
       (select count(*)::int from platform.journal j where j.act = 'rosters.imported' and j.chain like 'estate:%' and j.detail::jsonb ->> 'import' = b.id::text) as chains
     from registers.import_batch b where b.id = any ($1)`,
    [[...memory.imports.keys()]],
  );
  const batches = new Map(rows.map((row) => [row.id, row]));
  const { rows: written } = await admin.query<{ mark: string; estates: number; traced: number }>(
    `select substring(e.name from '^中断[0-9]+号') as mark, count(*)::int as estates,
       count(*) filter (where exists (select from platform.journal j where j.chain = 'estate:' || e.id and j.act = 'rosters.imported'))::int as traced
     from registers.estate e where e.name like '中断%号%苑' group by 1`,
  );
  const estates = new Map(written.map((row) => [row.mark, row]));
  for (const [id, { mark, asked }] of memory.imports) {
    const batch = batches.get(id);
    const { estates: count, traced } = estates.get(mark) ?? { estates: 0, traced: 0 };
    if (!batch) faults.push(`导入 ${id} 已收下而丢失`);
    else if (count !== (batch.state === 'committed' ? IMPORTED_ROWS : 0))
      faults.push(`导入 ${id}（${batch.state}）写入了 ${count} 行`);
    else if (traced !== count) faults.push(`导入 ${id} 写入 ${count} 个小区，留痕 ${traced} 条`);
    else if (batch.events !== Number(batch.state === 'committed'))
      faults.push(`导入 ${id}（${batch.state}）在单位的链上有 ${batch.events} 条留痕`);
    // What was asked for is done, or the person is told why not.
    else if (asked === 'commit' && batch.state !== 'committed' && batch.problem === null)
      faults.push(`导入 ${id} 已答应写入，停在 ${batch.state}`);
  }
  return faults;
}

/** The evidence acknowledged last is read again through the program: key, row and bytes belong together. */
async function unreadable({ url, cookie }: Deployment, admin: pg.Client, memory: Memory): Promise<string[]> {
  const [id, deed] = [...memory.deeds].findLast(([, one]) => one.evidence.size > 0) ?? [];
  if (id === undefined) return [];
  const [name, bytes] = [...deed!.evidence][0]!;
  const { rows } = await admin.query<{ id: number }>(
    'select id from filings.evidence where filing_id = $1 and name = $2',
    [id, name],
  );
  if (!rows[0]) return [];
  const answer = await fetch(`${url}/api/filings/${id}/evidence/${rows[0].id}`, { headers: { cookie } });
  const same = answer.ok && Buffer.from(await answer.arrayBuffer()).equals(bytes);
  return same ? [] : [`报备 ${id} 的材料读不回来（${answer.status}）`];
}

// ── The proxy

/** Passes every request on and cuts some connections when the answer begins to come: nobody is told, whatever was done. */
async function cuttingProxy(port: number, seed: number): Promise<{ url: string; server: Server }> {
  const draw = drawing(seed + 1);
  const server = createServer((person: Socket) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [person, upstream]) socket.on('error', () => undefined);
    person.on('data', (part) => upstream.write(part));
    upstream.on('data', (part) => {
      if (draw.chance(25)) {
        person.destroy();
        upstream.destroy();
      } else person.write(part);
    });
    person.on('close', () => upstream.destroy());
    upstream.on('close', () => person.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}
