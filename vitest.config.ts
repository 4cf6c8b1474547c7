import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['tests/deep/**', 'node_modules/**'],
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3, // on two cores: a browser test waits for a page a fifth of its time
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What comes, comes when the machine gets to it; what does not come is still told.
    expect: { poll: { timeout: 30_000 } },
  },
});
