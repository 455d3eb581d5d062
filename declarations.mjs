// Writes the types of the library, as a package and as cells see it, into dist/types/, with maps that lead to the
// sources: `node declarations.mjs [--if-stale]`.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = path.dirname(fileURLToPath(import.meta.url));
const folder = path.join(root, 'dist', 'types');
/** What programs import as `latentlab`, what cells import, and what cells have without an import. */
const entries = ['library/index.ts', 'library/notebook.ts', 'session/latentlab.ts'];
/** Written by hand. */
const globals = path.join('session', 'cellGlobals.d.ts');
/** Types of packages that come without. */
const ambient = path.join(root, 'kernel', 'autoencoders', 'metrics', 'mlPackages.d.ts');
const stamp = path.join(folder, '.built');

/** @type {{ dependencies: Record<string, string> }} */
const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

if (!process.argv.includes('--if-stale') || isStale()) write();

/** Beside what is there, then in its place: a language service may be reading. */
function write() {
  const started = new Date();
  const beside = `${folder}.${process.pid}`;
  for (const [file, text] of reachable(emitted())) {
    const target = path.join(beside, path.relative(folder, file));
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  copyFileSync(path.join(root, 'kernel', globals), path.join(beside, globals));
  writeFileSync(path.join(beside, path.basename(stamp)), `${started.toISOString()}\n`);
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
}

function isStale() {
  if (!existsSync(stamp)) return true;
  const sources = readdirSync(path.join(root, 'kernel'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(root, 'kernel', name));
  const newest = Math.max(...[...sources, fileURLToPath(import.meta.url)].map((file) => statSync(file).mtimeMs));
  return newest > new Date(readFileSync(stamp, 'utf8').trim()).getTime();
}

/**
 * What TypeScript declares for the entries and all that they import, and its maps, by file.
 *
 * @returns {Map<string, string>}
 */
function emitted() {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([...entries.map((entry) => path.join(root, 'kernel', entry)), ambient], {
    ...options,
    allowJs: false,
    checkJs: false,
    declaration: true,
    declarationMap: true,
    stripInternal: true,
    emitDeclarationOnly: true,
    noEmit: false,
    // `npm run check` looks for errors.
    noCheck: true,
    outDir: folder,
    rootDir: path.join(root, 'kernel'),
    types: ['node'],
  });
  /** @type {Map<string, string>} */
  const files = new Map();
  const { diagnostics } = program.emit(undefined, (file, text) => files.set(path.resolve(file), text));
  if (diagnostics.length > 0) {
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
  }
  return files;
}

/**
 * The entries' declarations and those that they import, with their maps. Relative imports then name files, as Node's way of resolving asks,
 * and others packages that the library depends on.
 *
 * @param {ReadonlyMap<string, string>} files
 * @returns {Map<string, string>}
 */
function reachable(files) {
  /** @type {Map<string, string>} */
  const found = new Map();
  const waiting = entries.map((entry) => path.join(folder, entry.replace(/\.ts$/, '.d.ts')));
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text = files.get(file);
    if (text === undefined) throw new Error(`No declarations were emitted for ${file}.`);
    if (found.has(file)) continue;
    let rewritten = text;
    // From the last to the first, so that places stay.
    for (const { text: specifier, end } of specifiersIn(file, text).toReversed()) {
      const isOwn = specifier.startsWith('.');
      const target = isOwn && declarationsOf(path.resolve(path.dirname(file), specifier), files);
      if (target) waiting.push(target);
      const name = target ? relativeName(file, target) : packageName(specifier);
      const quote = end - 1;
      rewritten = rewritten.slice(0, quote - specifier.length) + name + rewritten.slice(quote);
    }
    found.set(file, rewritten);
    // Names in imports alone have changed, on their own lines: the map's places of declarations hold.
    found.set(`${file}.map`, files.get(`${file}.map`) ?? '');
  }
  return found;
}

/**
 * In their order: of `import … from 'x'`, `export … from 'x'` and `import('x')` as a type.
 *
 * @param {string} file
 * @param {string} text
 */
function specifiersIn(file, text) {
  /** @type {ts.StringLiteralLike[]} */
  const specifiers = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) {
      const isImport = ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);
      const isType = ts.isLiteralTypeNode(node.parent) && ts.isImportTypeNode(node.parent.parent);
      if (isImport || isType) specifiers.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return specifiers;
}

/**
 * @param {string} from a file
 * @param {string} to the file that it imports
 */
function relativeName(from, to) {
  const relative = path.relative(path.dirname(from), to).replaceAll(path.sep, '/');
  const name = relative.replace(/\.d\.ts$/, '.js');
  return name.startsWith('.') ? name : `./${name}`;
}

/**
 * TypeScript names the package that a type comes from, also where it was had from one that exports it again.
 *
 * @param {string} specifier
 */
function packageName(specifier) {
  if (specifier === '@tensorflow/tfjs-core') return '@tensorflow/tfjs';
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (name in dependencies || specifier.startsWith('node:')) return specifier;
  throw new Error(`The types ask for ${specifier}, which is none of the library's dependencies.`);
}

/**
 * @param {string} module a path without extension
 * @param {ReadonlyMap<string, string>} files
 */
function declarationsOf(module, files) {
  const found = [`${module}.d.ts`, path.join(module, 'index.d.ts')].find((file) => files.has(file));
  if (!found) throw new Error(`No declarations were emitted for ${module}.`);
  return found;
}
