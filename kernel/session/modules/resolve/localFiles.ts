/** Files as imports name them: which file is meant, and whether it is the user's own. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const COMPILED = /\.([cm]?ts|[jt]sx)$/;
const DECLARATIONS = /\.d(\.\w+)?\.[cm]?ts$/;
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** Whether Node cannot run a file as it stands. */
export function isCompiled(file: string): boolean {
  return COMPILED.test(file);
}

/** The innermost installed package that a path lies in; empty for what the user edits. */
export function installedPackage(file: string): string {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/s.exec(file)?.[0] ?? '';
}

/**
 * The file that a path means as imports write it: extensions may be left out, `./a.js` may mean `./a.ts`, and a folder
 * means its index.
 */
export function resolveFile(wanted: string): string | undefined {
  const trailing = /[\\/]$/.test(wanted);
  const candidates = trailing ? [] : [wanted, ...withExtension(wanted), ...sourcesOf(wanted)];
  return candidates.find(isRunnable) ?? resolveFolder(wanted);
}

/** Whether nothing but declarations stands behind a path: there is nothing to run. */
export function isDeclared(wanted: string): boolean {
  const ofScript = wanted.replace(/\.([cm]?)[jt]sx?$/, '.d.$1ts');
  const named = [wanted, ofScript, `${wanted}.d.ts`, path.join(wanted, 'index.d.ts')];
  return named.some((file) => DECLARATIONS.test(file) && isFile(file));
}

function resolveFolder(folder: string): string | undefined {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const main = mainOf(path.join(folder, 'package.json'));
  const index = path.join(folder, 'index');
  const wanted = main === undefined ? [] : [path.join(folder, main), path.join(folder, main, 'index')];
  return [...wanted, index].flatMap((file) => [file, ...withExtension(file), ...sourcesOf(file)]).find(isRunnable);
}

function mainOf(manifest: string): string | undefined {
  if (!isFile(manifest)) return undefined;
  const { main } = JSON.parse(readFileSync(manifest, 'utf8')) as { main?: unknown };
  return typeof main === 'string' ? main : undefined;
}

function withExtension(file: string): string[] {
  return EXTENSIONS.map((extension) => file + extension);
}

/** What `a.js` is compiled from. */
function sourcesOf(file: string): string[] {
  const match = /^(.*)\.([cm]?)js(x?)$/s.exec(file);
  if (!match) return [];
  const [, stem, kind, x] = match;
  return x ? [`${stem}.tsx`] : [`${stem}.${kind}ts`, ...(kind ? [] : [`${stem}.tsx`])];
}

function isRunnable(file: string): boolean {
  return !DECLARATIONS.test(file) && isFile(file);
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
