/** The user's own files beside the notebook: which they are, how they compile, and when they changed. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const TYPESCRIPT = /\.[cm]?tsx?$/;
const SCRIPT = /\.[cm]?[jt]sx?$/;

/** A file that the user edits, as opposed to an installed package. */
export function isLocalFile(file: string): boolean {
  return !file.includes(`${path.sep}node_modules${path.sep}`);
}

export function isTypeScript(file: string): boolean {
  return TYPESCRIPT.test(file);
}

/** A path as imports write it → the file meant: extensions may be left out, and `./a.js` may mean `./a.ts`. */
export function resolveFile(wanted: string): string | undefined {
  const source = wanted.replace(/\.([cm]?)js$/, '.$1ts');
  const extensions = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.json'];
  const candidates = [
    wanted,
    ...extensions.map((extension) => wanted + extension),
    source,
    ...extensions.map((extension) => path.join(wanted, `index${extension}`)),
  ];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}

export type ModuleFormat = 'module' | 'commonjs';

/** How a script of the user's loads: by its extension, else by its own syntax, whatever package it lies in. */
export function formatOf(file: string, source: string): ModuleFormat {
  if (/\.m[jt]s$/.test(file)) return 'module';
  if (/\.c[jt]s$/.test(file)) return 'commonjs';
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, false);
  if (ts.isExternalModule(tree)) return 'module';
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(source) ? 'commonjs' : 'module';
}

/**
 * A TypeScript or JavaScript file as JavaScript with an inline source map.
 * @throws SyntaxError naming file, line and column
 */
export function compileModule(file: string, forced?: ModuleFormat): { code: string; format: ModuleFormat } {
  const source = readFileSync(file, 'utf8');
  const format = forced ?? formatOf(file, source);
  const output = ts.transpileModule(source, {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      allowJs: true,
      inlineSourceMap: true,
      inlineSources: true,
    },
  });
  const problem = output.diagnostics?.[0];
  if (problem) {
    const place = ts
      .createSourceFile(file, source, ts.ScriptTarget.ESNext)
      .getLineAndCharacterOfPosition(problem.start ?? 0);
    const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n');
    throw new SyntaxError(`${message} (${file}:${place.line + 1}:${place.character + 1})`);
  }
  return { code: output.outputText, format };
}

/** Changes when the file or anything local that it imports changes. */
export function versionOf(file: string): string {
  const hash = createHash('sha1');
  const seen = new Set<string>();
  const visit = (current: string) => {
    if (seen.has(current)) return;
    seen.add(current);
    hash.update(`${current}:${statSync(current).mtimeMs};`);
    if (!SCRIPT.test(current)) return;
    for (const { fileName } of ts.preProcessFile(readFileSync(current, 'utf8'), true, true).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const next = resolveFile(path.resolve(path.dirname(current), fileName));
      if (next && isLocalFile(next)) visit(next);
    }
  };
  visit(file);
  return hash.digest('hex').slice(0, 12);
}
