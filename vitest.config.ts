import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where kernels under test keep what they remember of devices: never in the user's own cache. */
const env = { LATENTLAB_CACHE: fileURLToPath(new URL('test/artifacts/cache', import.meta.url)) };

/**
 * Unit tests of what a process has one of: devices, crashes, timers, definitions; and those that put something in a
 * module's place. Each file has modules of its own.
 */
const ALONE = [
  'test/unit/{engine,session,views,host,extension}/**/*.test.ts',
  'test/unit/sweeps/{begin,start}.test.ts',
];

export default defineConfig({
  test: {
    // Two cores: more workers only take turns.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ALONE,
          // Files of one worker share the modules that they import: to load tfjs and the library takes seconds.
          isolate: false,
          setupFiles: ['test/unit/freshStart.ts'],
          globalSetup: ['test/kernel/build.ts'],
          env,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'alone',
          include: ALONE,
          globalSetup: ['test/kernel/build.ts'],
          env,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          // Tests that wait run side by side, and leave the other worker its core.
          maxConcurrency: 4,
          include: ['test/kernel/**/*.test.ts'],
          globalSetup: ['test/kernel/build.ts'],
          env,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // What a page shows is waited for as long as a busy machine takes to draw it; by default for one second.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
