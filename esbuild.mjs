// Builds every part of LatentLab into dist/: `node esbuild.mjs [--watch | --if-stale]`.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';

const stamp = 'dist/.built';
/** Written by declarations.mjs. */
const types = path.resolve('dist/types') + path.sep;

/** @type {esbuild.BuildOptions} */
export const common = { bundle: true, sourcemap: true, logLevel: 'warning', legalComments: 'linked' };

/**
 * What Node loads beside the packages that npm installs.
 *
 * @satisfies {esbuild.BuildOptions}
 */
const modules = /** @type {const} */ ({
  platform: 'node',
  format: 'esm',
  target: 'node20',
  splitting: true,
  packages: 'external',
  chunkNames: 'chunks/[name]-[hash]',
});

/**
 * What the notebook's webview and the HTML report have in common.
 *
 * @satisfies {esbuild.BuildOptions}
 */
const browser = /** @type {const} */ ({
  platform: 'browser',
  target: 'es2022',
  minify: true,
  define: { global: 'globalThis' },
});

/**
 * Makes an entry point `name.wasm` from the AssemblyScript source that it is the output of.
 *
 * @param {string} source
 * @returns {esbuild.Plugin}
 */
const assemblyScript = (source) => ({
  name: 'AssemblyScript',
  setup(build) {
    build.onResolve({ filter: /\.wasm$/ }, ({ path: file }) => ({ path: file, namespace: 'AssemblyScript' }));
    build.onLoad({ filter: /.*/, namespace: 'AssemblyScript' }, async ({ path: file }) => ({
      contents: await compiledAssembly(source, file.startsWith('optimizersShared')),
      loader: 'copy',
      watchFiles: [path.resolve(source)],
    }));
  },
});

/** A name that no package exports. */
const WHOLE = 'latentlabWhole';

/**
 * Packages in CommonJS that are `require`d where the source imports them: Node would look for the names that they
 * export in their text, which takes a second with those of this size.
 *
 * @param {string[]} packages
 * @param {string[]} users packages that import them too, and are bundled for that
 * @returns {esbuild.Plugin}
 */
const required = (packages, users) => ({
  name: 'required packages',
  setup(build) {
    const anyOf = (/** @type {string[]} */ names) => new RegExp(`^(?:${names.join('|')})$`);
    build.onResolve({ filter: anyOf(users) }, ({ path: name }) => ({ path: fileURLToPath(import.meta.resolve(name)) }));
    const filter = anyOf(packages);
    build.onResolve({ filter }, ({ path: name, kind }) =>
      kind === 'import-statement' || kind === 'dynamic-import'
        ? { path: name, namespace: 'required', sideEffects: true }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path: name }) => {
      const names = Object.keys(createRequire(import.meta.url)(name)).filter((key) => key !== 'default');
      return {
        contents: `import { createRequire } from 'node:module';
const required = createRequire(import.meta.url)(${JSON.stringify(name)});
export default required;
export const { ${names.join(', ')} } = required;
export const ${WHOLE} = /* @__PURE__ */ Object.freeze({ __proto__: null, [Symbol.toStringTag]: 'Module', ...required });`,
      };
    });
    // What cells get as a whole has values, as Node's own modules have; esbuild's have getters.
    build.onLoad({ filter: /[\\/]kernel[\\/]session[\\/]latentlab\.ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replace(/export \* as (\w+) from '([^']+)';/g, (line, name, from) =>
        packages.includes(from) ? `import { ${WHOLE} as ${name} } from '${from}'; export { ${name} };` : line,
      ),
    }));
  },
});

/** Where Vega builds functions from text, and what stands there instead: a webview lets nobody do that. */
const WITHOUT_FUNCTIONS = {
  // Expressions are interpreted (vega-interpreter); this way of having them is never taken.
  'vega-runtime/build/vega-runtime.js': [
    [/\bFunction\((?=\.\.\.|')/g, '((...text) => { throw new Error(`No function is built from ${text}.`); })('],
  ],
  'd3-dsv/dist/d3-dsv.mjs': [
    [
      /return new Function\("d"[^]*?"\}"\);/,
      'return (d) => Object.fromEntries(columns.map((name, i) => [name, d[i] || ""]));',
    ],
  ],
};

/** @type {esbuild.Plugin} */
const withoutFunctions = {
  name: 'no functions from text',
  setup(build) {
    for (const [file, changes] of Object.entries(WITHOUT_FUNCTIONS)) {
      const filter = new RegExp(`node_modules[\\\\/]${file.replace(/[/]/g, '[\\\\/]').replaceAll('.', '\\.')}$`);
      build.onLoad({ filter }, ({ path: source }) => {
        let contents = readFileSync(source, 'utf8');
        for (const [pattern, instead] of /** @type {[RegExp, string][]} */ (changes)) {
          if (contents.search(pattern) < 0) throw new Error(`${source} has no ${pattern} any more.`);
          contents = contents.replace(pattern, instead);
        }
        return { contents, loader: 'js' };
      });
    }
  },
};

/**
 * d3-array says that it has no side effects, and is one file: what it makes while it loads is left out where nobody asks
 * for it.
 *
 * @type {esbuild.Plugin}
 */
const shakenArrays = {
  name: 'd3-array by what is used',
  setup(build) {
    build.onLoad({ filter: /d3-array[\\/]dist[\\/]d3-array\.mjs$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8')
        .replace(/^((?:const|let|var) \w+ = )(\w+\.\w+);$/gm, '$1/* @__PURE__ */ (() => $2)();')
        .replace(/^((?:const|let|var) \w+ = )(?=\w+\()/gm, '$1/* @__PURE__ */ '),
      loader: 'js',
    }));
  },
};

/** @type {esbuild.Plugin} */
const smallStyles = {
  name: 'styles as small texts',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { code } = await esbuild.transform(readFileSync(file, 'utf8'), { loader: 'css', minify: true });
      return { contents: code, loader: 'text' };
    });
  },
};

/**
 * Packages that are bundled where others stay packages.
 *
 * @param {string[]} packages
 * @returns {esbuild.Plugin}
 */
const bundled = (packages) => ({
  name: 'bundled packages',
  setup(build) {
    const inside = /[\\/]node_modules[\\/]/;
    build.onResolve({ filter: new RegExp(`^(?:${packages.join('|')})$`) }, ({ path: name }) => ({
      path: fileURLToPath(import.meta.resolve(name)),
    }));
    // What they import goes with them.
    build.onResolve({ filter: /^[a-z@]/ }, ({ path: name, importer }) =>
      inside.test(importer) && !isBuiltin(name) ? { path: createRequire(importer).resolve(name) } : undefined,
    );
  },
});

/** Its entry for CommonJS asks for its parts in a way that no bundler sees. */
export const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };

/** What stands in a figure: Latin, Greek, signs of formulas. */
const LETTERS = [
  [0x20, 0x7e],
  [0xa0, 0x17f],
  [0x370, 0x3ff],
  [0x2010, 0x2027],
  [0x2030, 0x203a],
  [0x2070, 0x209c],
  [0x2100, 0x214f],
  [0x2190, 0x2199],
  [0x2200, 0x222b],
  [0x2248, 0x2265],
];
const OTHER_LETTERS = '\u0302\u0303\u0304ℓℕℝ⌊⌋⌈⌉⟨⟩⋅⋯●○■▲◆×';

/**
 * `figure-font:NAME.ttf` is the part of a font of dejavu-fonts-ttf that figures need, as bytes: `?woff2` packed for
 * drawings, else as TrueType; `?letters` are the ranges of code points that it has glyphs for.
 *
 * @type {esbuild.Plugin}
 */
const figureFonts = {
  name: 'fonts of figures',
  setup(build) {
    build.onResolve({ filter: /^figure-font:/ }, ({ path: name }) => ({ path: name, namespace: 'figure-font' }));
    build.onLoad({ filter: /.*/, namespace: 'figure-font' }, async ({ path: name }) => {
      const [file = '', format] = name.slice('figure-font:'.length).split('?');
      const font = readFileSync(path.join('node_modules/dejavu-fonts-ttf/ttf', file));
      const { default: subset } = await import('subset-font');
      const text =
        LETTERS.map(([first = 0, last = 0]) =>
          String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, i) => first + i)),
        ).join('') + OTHER_LETTERS;
      const part = await subset(font, text, { targetFormat: format === 'woff2' ? 'woff2' : 'truetype' });
      if (format === 'letters') return { contents: JSON.stringify(lettersOf(part)), loader: 'json' };
      return { contents: part, loader: 'binary' };
    });
  },
};

/**
 * Ranges of code points that a font has glyphs for, from its table `cmap` of format 4 (Unicode, 16 bits) of TrueType.
 *
 * @param {Buffer} font
 */
function lettersOf(font) {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, i) => 12 + 16 * i);
  const cmap = font.readUInt32BE((tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap') ?? 0) + 8);
  const encodings = Array.from({ length: font.readUInt16BE(cmap + 2) }, (_, i) => cmap + font.readUInt32BE(cmap + 8 + 8 * i)); // prettier-ignore
  const table = encodings.find((at) => font.readUInt16BE(at) === 4);
  if (table === undefined) throw new Error('the font has no table of its letters in 16 bits');
  const count = font.readUInt16BE(table + 6) / 2;
  return Array.from({ length: count }, (_, i) => [
    font.readUInt16BE(table + 16 + 2 * count + 2 * i),
    font.readUInt16BE(table + 14 + 2 * i),
  ]);
}

/**
 * What jsPDF would load to draw HTML, which nobody asks it for.
 *
 * @type {esbuild.Plugin}
 */
const withoutHtml = {
  name: 'jsPDF without HTML',
  setup(build) {
    // It packs, and views unpack: each has the part of fflate that it needs, and no first frame waits for the other.
    build.onResolve({ filter: /^fflate$/ }, ({ importer }) =>
      /[\\/]jspdf[\\/]/.test(importer)
        ? { path: path.resolve('node_modules/fflate/esm/browser.js'), suffix: '?jspdf' }
        : undefined,
    );
    build.onResolve({ filter: /^(html2canvas|canvg|dompurify)$/ }, ({ path: name }) => ({
      path: name,
      namespace: 'none',
    }));
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default undefined;' }));
  },
};

/** @satisfies {esbuild.BuildOptions} */
const optimizers = {
  entryPoints: { optimizers: 'optimizers.wasm', optimizersShared: 'optimizersShared.wasm' },
  plugins: [assemblyScript('kernel/engine/optimizers/fused/assembly/optimizers.ts')],
};

/** @satisfies {Record<string, esbuild.BuildOptions>} */
export const targets = {
  // Runs in VS Code's extension host.
  extension: {
    entryPoints: ['extension/extension.ts'],
    alias,
    outdir: 'dist/extension',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'typescript'],
  },
  // A thread of the extension host's, and the same without an editor.
  language: {
    alias,
    entryPoints: {
      languageWorker: 'extension/language/worker.ts',
      drawFormula: 'extension/language/service/drawFormula.ts',
      equationChecks: 'kernel/notebook/equationChecks/index.ts',
      checkNotebooks: 'extension/language/checkNotebooks.ts',
    },
    outdir: 'dist/extension',
    outExtension: { '.js': '.cjs' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['typescript'],
  },
  // The kernel process, the module that cells import, and the command line share their chunks: one library in a process.
  kernel: {
    ...modules,
    entryPoints: {
      main: 'kernel/main.ts',
      latentlab: 'kernel/session/latentlab.ts',
      keeper: 'kernel/keeping/keeperMain.ts',
      watchdog: 'kernel/session/run/watchdog.ts',
      loaderHooks: 'kernel/session/modules/resolve/loaderHooks.ts',
      probeMain: 'kernel/engine/devices/probeMain.ts',
      dataThread: 'kernel/autoencoders/data/apart/threadMain.ts',
      umapThread: 'kernel/session/show/latentScatter/umapThread.ts',
      optimizerThread: 'kernel/engine/optimizers/fused/threadMain.ts',
      benchMain: 'kernel/bench/childMain.ts',
      benchDataMain: 'kernel/bench/data/childMain.ts',
      cli: 'kernel/cli.ts',
      sweep: 'kernel/sweeps/main.ts',
      exportMain: 'kernel/notebook/export/main.ts',
      setupTfjsNode: 'kernel/setup/tfjsNode.ts',
      setupWebgpu: 'kernel/setup/webgpu.ts',
      setupXla: 'kernel/setup/xla.ts',
    },
    outdir: 'dist/kernel',
    plugins: [required(['typescript', '@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'], ['ts-blank-space'])],
  },
  // The CPU optimizers' loops, with the kernel's other files.
  optimizers: { ...optimizers, outdir: 'dist/kernel' },
  // The library for programs of their own, which `npm pack` packs; declarations.mjs writes its types.
  library: {
    ...modules,
    entryPoints: {
      index: 'kernel/library/index.ts',
      notebook: 'kernel/library/notebook.ts',
      cli: 'kernel/library/cli.ts',
      probeMain: 'kernel/engine/devices/probeMain.ts',
      dataThread: 'kernel/autoencoders/data/apart/threadMain.ts',
      optimizerThread: 'kernel/engine/optimizers/fused/threadMain.ts',
      umapThread: 'kernel/session/show/latentScatter/umapThread.ts',
    },
    // What draws views; the package does not depend on it otherwise.
    plugins: [bundled(['katex', 'umap-js', 'd3-scale', '@dagrejs/dagre'])],
    outdir: 'dist/library',
    sourcemap: false,
    define: { LATENTLAB_IS_PACKAGE: 'true' },
  },
  optimizersOfLibrary: { ...optimizers, outdir: 'dist/library' },
  // Runs in the notebook's webview; plotly is a chunk of its own, loaded when a curve is first drawn.
  renderer: {
    ...browser,
    entryPoints: { index: 'renderer/index.ts', markdown: 'renderer/markdown/index.ts' },
    plugins: [withoutFunctions, shakenArrays, smallStyles, figureFonts, withoutHtml],
    outdir: 'dist/renderer',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    define: { ...browser.define, LATENTLAB_IN_REPORT: 'false' },
  },
  // The same views as one script, for the self-contained HTML report.
  report: {
    ...browser,
    entryPoints: { report: 'renderer/report.ts' },
    plugins: [shakenArrays, smallStyles, figureFonts, withoutHtml],
    outdir: 'dist/report',
    format: 'iife',
    define: { ...browser.define, LATENTLAB_IN_REPORT: 'true' },
  },
  // The style sheets of that report, with their fonts inside.
  reportStyles: {
    bundle: true,
    minify: true,
    sourcemap: false,
    entryPoints: {
      katex: 'katex/dist/katex.min.css',
      github: 'highlight.js/styles/github.css',
      'github-dark': 'highlight.js/styles/github-dark.css',
    },
    // Browsers take the first format that they know.
    loader: { '.woff2': 'dataurl', '.woff': 'empty', '.ttf': 'empty' },
    outdir: 'dist/report',
  },
  // The suite that VS Code's extension host runs.
  vscodeTests: {
    alias,
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

/**
 * What a kernel starts and loads by name, wherever it is installed, with these beside it.
 *
 * @param {readonly (keyof typeof targets.kernel.entryPoints)[]} others
 */
export function kernelEntries(...others) {
  const own = /** @type {const} */ ([
    ...['main', 'latentlab', 'keeper', 'watchdog', 'loaderHooks', 'probeMain'],
    ...['dataThread', 'umapThread', 'optimizerThread', 'exportMain'],
  ]);
  return Object.fromEntries([...own, ...others].map((name) => [name, targets.kernel.entryPoints[name]]));
}

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
 * WebAssembly with SIMD that does all its work in the memory it is given.
 *
 * In a separate process: importing the compiler would declare its dialect's globals to the type checker.
 *
 * @param {string} source
 * @param {boolean} isShared whether threads share the memory
 */
async function compiledAssembly(source, isShared) {
  const compiler = fileURLToPath(import.meta.resolve('assemblyscript/bin/asc.js'));
  const options = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noExportMemory'];
  if (isShared) options.push('--enable', 'threads', '--sharedMemory', '--maximumMemory', '65536');
  // Without a name, the output file is the standard output.
  const command = [compiler, source, ...options, '--outFile'];
  const { stdout } = await promisify(execFile)(process.execPath, command, { encoding: 'buffer' });
  return stdout;
}

/**
 * Chunks of earlier builds; what is still wanted was never gone, so that running kernels go on.
 *
 * @param {Set<string>} wanted
 */
function removeOthers(wanted) {
  for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
    const file = path.resolve(entry.parentPath, entry.name);
    const kept = wanted.has(file) || file === path.resolve(stamp) || file.startsWith(types);
    if (entry.isFile() && !kept) rmSync(file);
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
