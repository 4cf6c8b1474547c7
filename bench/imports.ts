// Rosters of 50,000 rows through the worker's tasks (read, check, write), against the streaming read of the same workbook (decisions 29).

import { creditCheckOf } from '../src/kernel/identifiers.ts';
import type { Transaction } from '../src/platform/database.ts';
import { type ExportValue, readWorkbook, writeWorkbook } from '../src/platform/spreadsheets/index.ts';
import { askCommit, mapColumns, receiveFile } from '../src/registers/rosters/commands.ts';
import { mapImport } from '../src/registers/rosters/contract.ts';
import { registerKinds, rosterTasks } from '../src/registers/rosters/index.ts';
import { kindNamed } from '../src/registers/rosters/kinds.ts';
import { readImport } from '../src/registers/rosters/queries.ts';
import { clocked, median, type Result, watchedMemory } from './measure.ts';
import type { Stage } from './stage.ts';

const tasks = rosterTasks(registerKinds);

/** One step of an import, as the worker runs it. */
function run(step: 'read' | 'check' | 'commit', batch: number, { system }: Stage): Promise<void> {
  return tasks[`rosters:${step}`]({ batch }, { system, signal: AbortSignal.abort() });
}

export async function benchImports(stage: Stage, count: number): Promise<Result[]> {
  const { rows: communities } = await stage.admin.query<{ community: string; subdistrict: string }>(
    `select a.name as community, s.name as subdistrict from registers.area a join registers.area s on s.code = a.parent_code
     where a.level = 'community' and left(a.code, 6) = left($1, 6) order by a.code`,
    [stage.district],
  );
  const credits = Array.from({ length: 60 }, (_, at) => {
    const body = `91990102MA${String(at + 500).padStart(7, '0')}`;
    return body + creditCheckOf(body);
  });
  const estateRow = (at: number): ExportValue[] => {
    const { community, subdistrict } = communities[at % communities.length]!;
    return [
      `量测园${at}`,
      subdistrict,
      community,
      `量测路${at}号`,
      '商品房小区',
      BigInt(1_000_000 + at),
      BigInt(at % 900),
      BigInt(at % 30),
      '2005',
      `量测企业${at % 60}`,
      credits[at % 60]!,
      '2020-01-01',
      at % 2 ? '是' : '否',
      '是',
    ];
  };
  const estateTitles = [
    '小区名称',
    '街道',
    '社区',
    '地址',
    '小区类型',
    '建筑面积',
    '户数',
    '楼栋数',
    '建成年份',
    '物业服务企业',
    '统一社会信用代码',
    '服务开始日期',
    '是否有业委会',
    '是否城镇',
  ];
  const unitRow =
    (block: string) =>
    (at: number): ExportValue[] => {
      const estate = at % 300;
      const place = Math.floor(at / 300);
      const { community, subdistrict } = communities[estate % communities.length]!;
      return [
        `量测园${estate}`,
        subdistrict,
        community,
        `${block}${(place % 10) + 1}幢`,
        `${Math.floor(place / 10) + 1}01`,
        BigInt(8_000 + (at % 5_000)),
        '住宅',
      ];
    };
  const unitTitles = ['小区名称', '街道', '社区', '楼栋', '房号', '建筑面积', '房屋类型'];
  const ownerRow = (at: number): ExportValue[] => [...unitRow('乙')(at), `业主${at}`, `139${10_000_000 + at}`];
  return [
    await imported(stage, '导入小区', 'estates', estateTitles, count, estateRow, 3),
    await imported(stage, '导入房屋', 'units', unitTitles, count, unitRow('甲'), 3),
    await imported(stage, '导入业主（电话加密）', 'units', [...unitTitles, '业主姓名', '业主电话'], count, ownerRow, 8),
  ];
}

async function imported(
  stage: Stage,
  name: string,
  code: string,
  titles: string[],
  count: number,
  row: (at: number) => ExportValue[],
  bar: number,
): Promise<Result> {
  const { system, officer, today } = stage;
  const act = <T>(work: (tx: Transaction) => Promise<T>) =>
    system.database.transaction({ ...officer.actor, today }, work);
  const about = { person: officer, today, now: system.clock.now() };
  const bytes = await writeWorkbook({
    exportedBy: '量测',
    exportedAt: today,
    sheets: [
      {
        name: '名册',
        columns: titles.map((title) => ({
          title,
          kind:
            title === '建筑面积'
              ? ('area' as const)
              : ['户数', '楼栋数'].includes(title)
                ? ('integer' as const)
                : ('text' as const),
        })),
        rows: (function* () {
          for (let at = 0; at < count; at += 1) yield row(at);
        })(),
      },
    ],
  });
  const read = async () => {
    const workbook = await readWorkbook(bytes, { name: 'roster.xlsx' });
    if (!workbook.ok) throw new Error(workbook.problem);
    let rows = 0;
    for await (const _ of workbook.sheets[0]!.rows) rows += 1;
    if (rows <= count) throw new Error(`只读到 ${rows} 行`);
  };
  const reads = [await clocked(read), await clocked(read)];

  const received = await act((tx) =>
    receiveFile(
      tx,
      officer,
      {
        kind: kindNamed(registerKinds, code)!,
        name: 'roster.xlsx',
        bytes,
        media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        origin: 'workbook',
      },
      system,
      today,
    ),
  );
  if (!('id' in received)) throw new Error(JSON.stringify(received));
  const { id } = received;
  const state = () =>
    act((tx) => readImport(tx, registerKinds, { id }, about)) as Promise<{
      state: string;
      problem: string | null;
      sheet: string;
      headerRow: number;
      columns: { index: number; key: string | null }[];
      counts: { wrong: number; total: number } | null;
    }>;
  const memory = watchedMemory();
  const reading = await clocked(() => run('read', id, stage));
  const { sheet, headerRow, columns } = await state();
  const mapped = await act((tx) =>
    mapColumns(
      tx,
      officer,
      mapImport.input.parse({ id, sheet, headerRow, columns: columns.map(({ index, key }) => ({ index, key })) }),
      registerKinds,
      about,
    ),
  );
  if (!('id' in mapped)) throw new Error(JSON.stringify(mapped));
  const checking = await clocked(() => run('check', id, stage));
  reads.push(await clocked(read));
  const asked = await act((tx) => askCommit(tx, officer, id, false, about));
  if (!('id' in asked)) throw new Error(`${JSON.stringify(asked)} ${JSON.stringify((await state()).counts)}`);
  const writing = await clocked(() => run('commit', id, stage));
  const { before, peak } = memory.stop();
  const end = await state();
  if (end.state !== 'committed' || end.counts?.total !== count)
    throw new Error(`${name}：${end.state} ${end.problem} ${JSON.stringify(end.counts)}`);
  reads.push(await clocked(read));
  const measured = reading + checking + writing;
  const seconds = [reading, checking, writing].map((time) => (time / 1000).toFixed(1)).join('、');
  return {
    name,
    measured,
    against: median(reads),
    ratio: measured / median(reads),
    bar,
    pairs: 1,
    note: `${count} 行；读取、检查、写入 ${seconds} 秒；内存最高 ${peak} MB（此前 ${before} MB）`,
  };
}
