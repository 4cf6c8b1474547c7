// A saboteur per guarantee, in the source: a copy of the project with one sentence changed, in which a test named here must turn red.
// The same test is green in the unchanged project, or bin/test would say so.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, inject, it } from 'vitest';
import type { TestServer } from '../global-setup.ts';
import { mutants } from '../mutants.ts';

const root = resolve(import.meta.dirname, '../..');

// Two at a time: the other worker has long been idle when the last of them is seen.
it.concurrent.each(mutants)('$title：$test 变红', async ({ file, from, to, seenBy, test }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gongzhi-mutant-'));
  try {
    for (const part of [
      'src',
      'migrations',
      'policy',
      'tests',
      'verify',
      'docs',
      'bench',
      'package.json',
      'index.html',
    ])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    // The built web as it is: its sources are the same, or bin/start builds it again.
    if (existsSync(join(root, 'dist'))) cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    for (const part of [
      'vitest.config.ts',
      'vitest.deep.config.ts',
      'vite.config.ts',
      'tsconfig.json',
      'package-lock.json',
    ])
      cpSync(join(root, part), join(folder, part));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const text = readFileSync(join(folder, file), 'utf8');
    expect(text, `${file} 里没有这句话`).toContain(from);
    writeFileSync(
      join(folder, file),
      text.replaceAll(from, () => to),
    );
    // A changed migration needs a database of its own making; whatever else is changed clones the one there is.
    const server = file.startsWith('migrations/') ? undefined : inject('testServer');
    const red = (results: Outcome[]) => results.filter((one) => one.status === 'failed' && one.title.startsWith(test));
    // Mostly the one named is the first to turn red; where another comes before it, the file is run to its end.
    const first = await run(folder, seenBy, test, server, ['--bail=1']);
    const results = red(first).length > 0 ? first : await run(folder, seenBy, test, server, []);
    expect(red(results), JSON.stringify(results)).not.toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Outcome {
  title: string;
  status: string;
}

/** Files of which no test builds on another: the one named is run without the rest. */
const independent = ['tests/witness.test.ts', 'tests/fuzz.test.ts', 'tests/deep/fuzz.test.ts'];

function run(
  folder: string,
  file: string,
  test: string,
  server: TestServer | undefined,
  more: string[],
): Promise<Outcome[]> {
  const report = join(folder, 'report.json');
  const config = file.startsWith('tests/deep/') ? 'vitest.deep.config.ts' : 'vitest.config.ts';
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        join(folder, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--config',
        config,
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...(independent.includes(file) ? ['--testNamePattern', test.replaceAll(/[^\p{L}\p{N}]/gu, '.')] : []),
        ...more,
        file,
      ],
      {
        cwd: folder,
        timeout: 540_000,
        maxBuffer: 50_000_000,
        env: { ...process.env, ...(server && { GONGZHI_TEST_SERVER: JSON.stringify(server) }) },
      },
      (_, stdout, stderr) => {
        try {
          type Report = { testResults: { assertionResults: Outcome[] }[] };
          const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
          resolve(testResults.flatMap((one) => one.assertionResults).map(({ title, status }) => ({ title, status })));
        } catch {
          reject(new Error(`没有得到结果：${(stdout + stderr).slice(-2_000)}`));
        }
      },
    );
  });
}
