import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/dist/**', '**/fixtures/**', '**/.cache/**'];
const sources = '{packages,agents,bridges,apps,tools}';

/** How long a polled expectation may take: a loaded machine is slow, not wrong. */
const expectation = { poll: { interval: 50, timeout: 20_000 } };

/** Three projects, by what a test needs: nothing, a real PostgreSQL and sockets, a real browser. */
export default defineConfig({
  test: {
    // Two cores are the machine this has to suit; more workers only make timings uneven.
    maxWorkers: 2,
    // What a passing test prints (its seed) is noise; a failing one shows all of it.
    silent: 'passed-only',
    passWithNoTests: false,
    allowOnly: false,
    teardownTimeout: 30_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${sources}/**/*.test.{ts,tsx}`],
          exclude: [...ignored, '**/*.int.test.ts'],
          testTimeout: 20_000,
          expect: expectation,
        },
      },
      {
        test: {
          name: 'int',
          include: [`${sources}/**/*.int.test.ts`],
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: expectation,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['{apps,packages}/*/e2e/**/*.e2e.ts'],
          exclude: ignored,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: expectation,
        },
      },
    ],
  },
});
