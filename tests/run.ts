// What bin/test runs once everything is installed. The last line is the sum: each step counts as one, each test as one.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Count = { passed: number; failed: number };

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const reports = mkdtempSync(join(tmpdir(), 'gongzhi-report-'));

const files = process.argv.slice(2).filter((argument) => argument !== '--deep');
const deep = process.argv.includes('--deep');
const counts: Count[] = [];

if (files.length === 0) {
  counts.push(await step('格式与规范', join(modules, '.bin/biome'), ['check', '--diagnostic-level=warn']));
  counts.push(
    await step('类型', process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.json', '--noEmit']),
  );
  counts.push(
    await step('纯净', process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', 'tsconfig.pure.json', '--noEmit']),
  );
  counts.push(await step('网页构建', process.execPath, [join(root, 'src/app/build-web.ts'), '--force']));
}
counts.push(await tests('vitest.config.ts', files));
if (deep) {
  if (existsSync(join(root, 'tests/deep'))) counts.push(await tests('vitest.deep.config.ts', files));
  counts.push(await tests('vitest.deep.config.ts', files, { GONGZHI_TEST_POSTGRES: '/usr/lib/postgresql/15/bin' }));
}
rmSync(reports, { recursive: true, force: true });

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
process.exitCode = failed > 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);

async function step(label: string, program: string, given: string[]): Promise<Count> {
  const startedAt = performance.now();
  const code = await run(program, given);
  console.log(`${code === 0 ? '✓' : '✗'} ${label} ${Math.round((performance.now() - startedAt) / 100) / 10} s`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** A file that could not be read, an error outside a test and a skipped test are failures too. */
async function tests(config: string, only: string[], environment: Record<string, string> = {}): Promise<Count> {
  const report = join(reports, `${config}.json`);
  const given = [
    'run',
    '--config',
    config,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...only,
  ];
  const code = await run(process.execPath, [join(modules, 'vitest/vitest.mjs'), ...given], environment);
  const count = readReport(report);
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function readReport(file: string): Count {
  type Report = { testResults: { status: string; assertionResults: { status: string }[] }[] };
  let report: Report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return { passed: 0, failed: 1 }; // vitest ended before it could write: it has said why
  }
  const results = report.testResults.flatMap((suite) => suite.assertionResults);
  const brokenFiles = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.every(({ status }) => status !== 'failed'),
  );
  const passed = results.filter(({ status }) => status === 'passed').length;
  const skipped = results.length - passed - results.filter(({ status }) => status === 'failed').length;
  if (skipped > 0) console.log(`${skipped} 项测试被跳过，按失败计。`);
  return { passed, failed: results.length - passed + brokenFiles.length };
}

function run(program: string, given: string[], environment: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
