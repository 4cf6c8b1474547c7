// What bin/bench runs: ratios measured side by side in one run, each with its bar and a verdict (decisions 27, 29).

import { parseArgs } from 'node:util';
import { benchDuties } from './duties.ts';
import { faultRounds } from './faults.ts';
import { benchImports } from './imports.ts';
import { benchKit } from './kit.ts';
import { benchLists } from './lists.ts';
import { holds, type Result } from './measure.ts';
import { benchPages } from './pages.ts';
import { type Stage, setStage } from './stage.ts';
import { benchVerify } from './verify.ts';
import { benchViews } from './views.ts';
import { benchWrites } from './writes.ts';

const ROWS = 50_000;
const FAULT_ROUNDS = 200;
const ROUNDS_AT_ONCE = 50;

const { values: given, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    faults: { type: 'boolean' },
    scale: { type: 'string', default: '1' },
    rows: { type: 'string', default: String(ROWS) },
    rounds: { type: 'string', default: String(FAULT_ROUNDS) },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const say = (sentence: string) => console.error(sentence);

const parts: [name: string, run: (stage: Stage) => Promise<Result[]>][] = [
  ['views', benchViews],
  ['lists', benchLists],
  ['duties', benchDuties],
  ['pages', benchPages],
  ['writes', benchWrites],
  ['verify', benchVerify],
  ['kit', () => benchKit(2 * Number(given.rows))],
  // Last: what it brings in is many times a district.
  ['imports', (stage) => benchImports(stage, Number(given.rows))],
];
const chosen = parts.filter(([name]) => wanted.length === 0 || wanted.some((one) => name.includes(one)));
if (chosen.length === 0) {
  console.error(`没有这样的项目。可选：${parts.map(([name]) => name).join('、')}`);
  process.exit(2);
}

if (given.faults) {
  const rounds: Awaited<ReturnType<typeof faultRounds>> = [];
  // A deployment of its own for each fifty: every round imports estates, and no district has ten thousand of them.
  for (let left = Number(given.rounds); left > 0; left -= ROUNDS_AT_ONCE)
    rounds.push(
      ...(await faultRounds({ rounds: Math.min(left, ROUNDS_AT_ONCE), seed: Number(given.seed) + rounds.length, say })),
    );
  const bad = rounds.filter((one) => one.faults.length > 0);
  const sum = (of: 'acknowledged' | 'unanswered' | 'unansweredDone') => rounds.reduce((all, one) => all + one[of], 0);
  console.log(
    given.json
      ? JSON.stringify({ seed: Number(given.seed), rounds })
      : `种子 ${given.seed}：${rounds.length} 轮中断，确认 ${sum('acknowledged')} 件，未得答复 ${sum('unanswered')} 件（办成 ${sum('unansweredDone')} 件），${
          bad.length === 0 ? '无一丢失，无一只做了一半' : `${bad.length} 轮有问题`
        }`,
  );
  process.exit(bad.length === 0 ? 0 : 1);
}

const stage = await setStage({ scale: Number(given.scale), say });
try {
  const results: Result[] = [];
  for (const [name, run] of chosen) {
    say(`正在测量 ${name} …`);
    const found = await run(stage);
    results.push(...found);
    for (const one of found.filter((result) => !holds(result))) say(`未达到：${one.name} ${one.ratio.toFixed(2)}`);
  }
  if (given.json) console.log(JSON.stringify({ results: results.map((one) => ({ ...one, holds: holds(one) })) }));
  else table(results);
  process.exitCode = results.every(holds) ? 0 : 1;
} finally {
  await stage.close();
}

function table(results: readonly Result[]): void {
  const rows = [
    ['项目', '所测 ms', '对照 ms', '比值', '上限', '结论', ''],
    ...results.map((one) => [
      one.name,
      one.measured.toFixed(1),
      one.against.toFixed(1),
      one.ratio.toFixed(2),
      one.bar === null ? '—' : `${one.bar}${one.orMore === undefined ? '' : ` 或 +${one.orMore} ms`}`,
      one.bar === null ? '供参考' : holds(one) ? '达到' : '未达到',
      one.note ?? '',
    ]),
  ];
  // A Chinese character is as wide as two letters.
  const width = (text: string) => [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell + ' '.repeat(widths[column]! - width(cell)))
        .join('  ')
        .trimEnd(),
    );
}
