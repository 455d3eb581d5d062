import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Where kernels under test keep what they remember of devices: never in the user's own cache. */
const env = { LATENTLAB_CACHE: fileURLToPath(new URL('test/artifacts/cache', import.meta.url)) };

export default defineConfig({
  test: {
    // Two cores: more workers only take turns.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/kernel/build.ts'],
          env,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
          globalSetup: ['test/kernel/build.ts'],
          env,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      { test: { name: 'renderer', include: ['test/renderer/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
    ],
  },
});
