import { defineConfig } from 'vitest/config';

// What `bin/test --deep` adds: the long runs of tests/deep, and everything that uses a database once more on PostgreSQL 15,
// the oldest version that is promised; then bin/test sets GONGZHI_TEST_POSTGRES to the folder of its programs.
const onOldest = Boolean(process.env.GONGZHI_TEST_POSTGRES);

export default defineConfig({
  test: {
    include: onOldest
      ? ['src/**/*.test.ts', 'tests/schema.test.ts', 'tests/scope.test.ts', 'tests/deep/**/*.test.ts']
      : ['tests/deep/**/*.test.ts'],
    // A changed sentence of the source is seen on either server alike, and so is what a page makes of an answer: every route is asked by fuzz.
    exclude: [
      'node_modules/**',
      ...(onOldest ? ['mutants', 'every-page', 'official-document'].map((name) => `tests/deep/${name}.test.ts`) : []),
    ],
    maxConcurrency: 2,
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
