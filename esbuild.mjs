// Builds every part of LatentLab into dist/: `node esbuild.mjs [--watch | --if-stale]`.
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const stamp = 'dist/.built';

if (process.argv.includes('--if-stale') && existsSync(stamp) && newest() <= statSync(stamp).mtimeMs) {
  process.exit(0);
}
const started = new Date();

/** @type {esbuild.BuildOptions} */
const common = { bundle: true, sourcemap: true, logLevel: 'warning', legalComments: 'linked' };

/** @type {Record<string, esbuild.BuildOptions>} */
const targets = {
  // Runs in VS Code's extension host.
  extension: {
    entryPoints: ['extension/extension.ts'],
    outdir: 'dist/extension',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'typescript'],
  },
  // The kernel process, the module that cells import, and the command line share their chunks: one library in a process.
  kernel: {
    entryPoints: {
      main: 'kernel/main.ts',
      latentlab: 'kernel/session/latentlab.ts',
      watchdog: 'kernel/session/watchdog.ts',
      loaderHooks: 'kernel/session/loaderHooks.ts',
      probeMain: 'kernel/engine/devices/probeMain.ts',
      cli: 'kernel/cli.ts',
    },
    outdir: 'dist/kernel',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
  },
  // Runs in the notebook's webview; plotly is a chunk of its own, loaded when a curve is first drawn.
  renderer: {
    entryPoints: { index: 'renderer/index.ts' },
    outdir: 'dist/renderer',
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    splitting: true,
    minify: true,
    chunkNames: 'chunks/[name]-[hash]',
    loader: { '.css': 'text' },
    define: { global: 'globalThis' },
  },
  // The same views as one script, for the self-contained HTML report.
  report: {
    entryPoints: { report: 'renderer/report.ts' },
    outdir: 'dist/report',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    loader: { '.css': 'text' },
    define: { global: 'globalThis' },
  },
  // The suite that VS Code's extension host runs.
  vscodeTests: {
    entryPoints: [
      'test/vscode/index.ts',
      ...readdirSync('test/vscode')
        .filter((name) => name.endsWith('.test.ts'))
        .map((name) => `test/vscode/${name}`),
    ],
    outdir: 'dist/test/vscode',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
  },
};

if (watch) {
  for (const options of Object.values(targets)) {
    const context = await esbuild.context({ ...common, ...options, logLevel: 'info' });
    await context.watch();
  }
} else {
  const builds = Object.values(targets).map((options) => esbuild.build({ ...common, ...options, metafile: true }));
  const outputs = (await Promise.all(builds)).flatMap(({ metafile }) => Object.keys(metafile.outputs));
  removeOthers(new Set(outputs.map((file) => path.resolve(file))));
  writeFileSync(stamp, `${started.toISOString()}\n`);
}

/**
 * Chunks of earlier builds; what is still wanted was never gone, so that running kernels go on.
 *
 * @param {Set<string>} wanted
 */
function removeOthers(wanted) {
  for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
    const file = path.resolve(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(file) && file !== path.resolve(stamp)) rmSync(file);
  }
}

/** When a source was last changed. */
function newest() {
  const folders = ['extension', 'kernel', 'renderer', 'test'];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  );
  return Math.max(...['esbuild.mjs', 'package.json', ...files].map((file) => statSync(file).mtimeMs));
}
