import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { codes, testDistrict, today, engine } from '../../../tests/district.ts';
import { localDate } from '../../kernel/local-date.ts';
import { creditCheckOf } from '../../kernel/identifiers.ts';
import { fixedClock } from '../../platform/clock.ts';
import { openFileStore } from '../../platform/files.ts';
import { jobs } from '../../platform/jobs.ts';
import { keysFrom } from '../../platform/keys.ts';
import { readWorkbook, writeWorkbook } from '../../platform/spreadsheets/index.ts';
import { sql } from '../../platform/database.ts';
import { record } from '../../platform/journal.ts';
import { resolvePerson } from '../people/index.ts';
import { addEstates } from '../estates/index.ts';
import { askCommit, checkBatch, commitBatch, mapColumns, readBatch, receiveFile, askUndo, undoBatch } from './commands.ts';
import { mapImport } from './contract.ts';
import { kindNamed, registerKinds as kinds } from './kinds.ts';
import { readImport } from './queries.ts';

const N = 50_000;
it('bench', async () => {
  const d = await testDistrict();
  const system: any = { database: d.database, clock: fixedClock(today), files: openFileStore({ folder: mkdtempSync(join(tmpdir(), 'b-')), keys: keysFrom(Buffer.alloc(32, 7)) }), sealing: d.sealing, jobs, demo: false, publicUrl: '' };
  const lin = await d.database.transaction({ standing: 'door', today }, async (tx) => (await resolvePerson(tx, d.accounts.lin, null))!);
  const act = (w: any) => d.database.transaction({ ...lin.actor, today }, w) as any;
  const about = { person: lin, today: localDate(today), now: system.clock.now() };
  await d.database.transaction(engine, async (tx) => {
    await addEstates(tx, Array.from({ length: 300 }, (_, i) => ({ communityCode: i % 2 ? codes.lake : codes.stone, name: `大区${i}`, enrolledOn: today })));
    await record(tx, { chain: `organisation:${d.organisations.bureau}`, act: 'tests.prepared', object: 'x:1' });
  });
  const book = (titles: string[], row: (i: number) => any[], kindsOf: any[] = []) =>
    writeWorkbook({ exportedBy: 'x', exportedAt: 'x', sheets: [{ name: 's', columns: titles.map((title, i) => ({ title, kind: kindsOf[i] ?? 'text' })), rows: (function* () { for (let i = 0; i < N; i++) yield row(i); })() }] });
  const run = async (label: string, kind: string, bytes: Buffer) => {
    const t0 = performance.now();
    const w = await readWorkbook(bytes, { name: 'x' }); if (!w.ok) throw 1; let n = 0; for await (const _ of w.sheets[0]!.rows) n++;
    const read = performance.now() - t0;
    const { id } = await act((tx: any) => receiveFile(tx, lin, { kind: kindNamed(kinds, kind)!, name: 'x.xlsx', bytes, media: 'x', origin: 'workbook' }, system, about.today));
    let t = performance.now(); const lap = () => { const x = performance.now() - t; t = performance.now(); return Math.round(x); };
    await readBatch(system, kinds, id); const outline = lap();
    const s: any = await act((tx: any) => readImport(tx, kinds, { id }, about));
    const a: any = await act((tx: any) => mapColumns(tx, lin, mapImport.input.parse({ id, sheet: s.sheet, headerRow: s.headerRow, columns: s.columns.map((c: any) => ({ index: c.index, key: c.key })) }), kinds, about));
    if (a.allowed === false) throw new Error(JSON.stringify(a));
    t = performance.now(); await checkBatch(system, kinds, id); const check = lap();
    const s2: any = await act((tx: any) => readImport(tx, kinds, { id }, about));
    const c: any = await act((tx: any) => askCommit(tx, lin, id, true, about));
    if (c.allowed === false) { console.log(label, JSON.stringify(c)); }
    t = performance.now(); await commitBatch(system, kinds, id); const commit = lap();
    const s3: any = await act((tx: any) => readImport(tx, kinds, { id }, about));
    console.log(label, JSON.stringify(s2.counts), s3.state, s3.problem, { read: Math.round(read), outline, check, commit, ratio: ((outline + check + commit) / read).toFixed(2) });
    return id;
  };
  const unitTitles = ['小区名称', '楼栋', '房号', '建筑面积', '房屋类型'];
  const unitRow = (p: string) => (i: number) => [`大区${i % 300}`, `${p}${Math.floor(i / 300) % 10 + 1}幢`, `${Math.floor(i / 3000) + 1}0${i % 4}`, BigInt(8000 + i % 5000), '住宅'];
  const u = await book(unitTitles, unitRow('A'), ['text', 'text', 'text', 'area']);
  const id = await run('units', 'units', u);
  await run('units again', 'units', u);
  const o = await book([...unitTitles, '业主姓名', '业主电话'], (i) => [...unitRow('B')(i), `业主${i}`, `139${10000000 + i}`], ['text', 'text', 'text', 'area']);
  const oid = await run('owners', 'units', o);
  const usccs = Array.from({ length: 60 }, (_, i) => { const b = `91350502MA${String(i + 500).padStart(7, '0')}`; return b + creditCheckOf(b); });
  await d.database.transaction(engine, async (tx) => {
    await sql`insert into registers.area (code, level, name, parent_code, enrolled_on) select '990102001' || lpad(n::text, 3, '0'), 'community', '社区' || n, ${codes.east}, ${today}::date from generate_series(100, 180) n`.execute(tx);
    await record(tx, { chain: `organisation:${d.organisations.bureau}`, act: 'tests.prepared', object: 'x:1' });
  });
  const e = await book(['小区名称', '街道', '社区', '地址', '小区类型', '建筑面积', '户数', '楼栋数', '建成年份', '物业服务企业', '统一社会信用代码', '服务开始日期', '是否有业委会', '是否城镇'], (i) => [`园${i}`, '东湖街道', `社区${100 + i % 80}`, `路${i}号`, '商品房小区', BigInt(1000000 + i), i % 900, i % 30, 1990 + i % 30, `企业${i % 60}`, usccs[i % 60], '2020-01-01', i % 2 ? '是' : '否', '是'], ['text', 'text', 'text', 'text', 'text', 'area']);
  await run('estates', 'estates', e);
  for (const [label, x] of [['units', id], ['owners', oid]] as const) { const t = performance.now(); const r: any = await act((tx: any) => askUndo(tx, lin, x, about)); await undoBatch(system, kinds, x); const s: any = await act((tx: any) => readImport(tx, kinds, { id: x }, about)); console.log('undo', label, r, s.state, s.problem, Math.round(performance.now() - t)); }
  await d.close();
  expect(1).toBe(1);
}, 600_000);
