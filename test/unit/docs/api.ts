/** What cells can import, as TypeScript reads the sources: names, members, and what their docstrings say. */
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.resolve(import.meta.dirname, '../../..');

export interface Documented {
  /** `VAE`, `VAE.fit`. */
  readonly name: string;
  readonly symbol: ts.Symbol;
  readonly text: string;
  /** Names of the parameters that its docstring tells of. */
  readonly told: readonly string[];
}

export interface Api {
  readonly exports: readonly Documented[];
  /** Public members of exported classes, interfaces and types. */
  readonly members: readonly Documented[];
}

/** Own files alone are read: no types of packages, so that it takes a second or two. */
export function readApi(entry = 'kernel/session/latentlab.ts'): Api {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noLib: true,
    types: [],
    skipLibCheck: true,
  };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (literals, file) =>
    literals.map(({ text }) => ({
      resolvedModule: text.startsWith('.') ? ts.resolveModuleName(text, file, options, host).resolvedModule : undefined,
    }));
  const file = path.join(ROOT, entry);
  const program = ts.createProgram([file], options, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
  const documented = (name: string, symbol: ts.Symbol): Documented => ({
    name,
    symbol,
    text: textOf(symbol, checker),
    told: symbol.getJsDocTags(checker).flatMap((tag) => (tag.name === 'param' ? [wordOf(tag)] : [])),
  });
  const own = checker.getExportsOfModule(module).flatMap((symbol) => {
    const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return real.declarations?.some((one) => !ts.isSourceFile(one)) ? [[symbol.name, real] as const] : [];
  });
  return {
    exports: own.map(([name, symbol]) => documented(name, symbol)),
    members: own.flatMap(([name, symbol]) => membersOf(symbol).map((one) => documented(`${name}.${one.name}`, one))),
  };
}

function textOf(symbol: ts.Symbol, checker: ts.TypeChecker): string {
  const own = ts.displayPartsToString(symbol.getDocumentationComment(checker));
  const tags = symbol.getJsDocTags(checker).map((tag) => `@${tag.name} ${ts.displayPartsToString(tag.text)}`);
  return [own, ...tags].filter(Boolean).join('\n').trim();
}

const wordOf = ({ text }: ts.JSDocTagInfo) => /^[\w$]+/.exec(ts.displayPartsToString(text))?.[0] ?? '';

function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const statics = [...(symbol.exports?.values() ?? [])].filter(({ name }) => name !== 'prototype');
  return [...(symbol.members?.values() ?? []), ...statics].filter((member) => {
    const [declaration] = member.declarations ?? [];
    if (!declaration || ts.isConstructorDeclaration(declaration) || ts.isTypeParameterDeclaration(declaration))
      return false;
    if (ts.isParameter(declaration) && !ts.isParameterPropertyDeclaration(declaration, declaration.parent))
      return false;
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    if (ts.getCombinedModifierFlags(declaration) & hidden) return false;
    const overrides = ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Override;
    return (
      !overrides &&
      !member.name.startsWith('__') &&
      !ts.getJSDocTags(declaration).some(({ tagName }) => tagName.text === 'internal')
    );
  });
}
