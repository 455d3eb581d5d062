// Builds every part of LatentLab into dist/: `node esbuild.mjs [--watch | --if-stale]`.
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const stamp = 'dist/.built';

/** @type {esbuild.BuildOptions} */
export const common = { bundle: true, sourcemap: true, logLevel: 'warning', legalComments: 'linked' };

/**
 * What the notebook's webview and the HTML report have in common.
 *
 * @satisfies {esbuild.BuildOptions}
 */
const browser = /** @type {const} */ ({
  platform: 'browser',
  target: 'es2022',
  minify: true,
  loader: { '.css': 'text' },
  define: { global: 'globalThis' },
});

/** @satisfies {Record<string, esbuild.BuildOptions>} */
export const targets = {
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
    ...browser,
    entryPoints: { index: 'renderer/index.ts' },
    outdir: 'dist/renderer',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
  },
  // The same views as one script, for the self-contained HTML report.
  report: {
    ...browser,
    entryPoints: { report: 'renderer/report.ts' },
    outdir: 'dist/report',
    format: 'iife',
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

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));

/** @param {string[]} options */
async function main(options) {
  if (options.includes('--watch')) await watch();
  else if (!options.includes('--if-stale') || !existsSync(stamp) || newest() > statSync(stamp).mtimeMs) await build();
}

async function watch() {
  for (const options of Object.values(targets)) {
    const context = await esbuild.context({ ...common, ...options, logLevel: 'info' });
    await context.watch();
  }
}

async function build() {
  const started = new Date();
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
