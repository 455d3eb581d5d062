/**
 * Compiles one cell: TypeScript in, a script for V8's REPL mode out, bindings alive between cells.
 *
 * REPL mode allows `let` to be declared again by a later script, but refuses const→let, var→let and let→function.
 * So every top-level binding becomes a `let`: imports, functions (hoisted to the cell's top, as the language hoists
 * them), classes, enums and `var`s inside blocks too; that constants stay what they are is seen to here. The cell's
 * text is changed where that needs it and nowhere else, so that functions keep the source that their author wrote.
 */
import ts from 'typescript';
import { misplacedAwait } from './awaits';
import { normalizeBindings } from './bindings';
import { declaredConstants, lacksValue, type Constant } from './constants';
import { isStackOverflow, tooDeep } from './depth';
import { CellSyntaxError } from '../errors';
import { objectLiteral } from './objectLiteral';
import { ownName } from './ownSource';
import { plainCell } from './plain';
import { lineStarts, placeOf, type Place, type Rewritten } from './rewrite';
import { boundNames, isAssignedOutside, isVar, lexicalNames, walk, type Scope } from './scopes';
import { isScriptBinding, NAMES_OF_MODULES, reservedNames } from './shadowing';
import { parse, parseError, Transpilation } from './transpile';

export { RUNTIME_NAME } from './ownSource';

export type CellLanguage = 'typescript' | 'javascript';

export interface CompiledCell {
  /** The script; it calls {@link RUNTIME_NAME} for imports, for its result, on entry and after each await. */
  code: string;
  /** A place in the script as one in the cell. */
  origin(place: Place): Place;
  /** What the script calls names of the cell that are also names of globals. */
  aliases: Record<string, string>;
  readonly declared: readonly DeclaredName[];
}

/** A name that a cell declares at its top level. */
export interface DeclaredName {
  name: string;
  /** What its script calls it. */
  scriptName: string;
  /** Whether it comes from a module. */
  imported: boolean;
}

/** The compiler of a session: it remembers what the names of the session's cells stand for. */
export class CellCompiler {
  /** Which of the globals' names cells have taken. */
  private readonly taken = new Set<string>(NAMES_OF_MODULES);
  private readonly constants = new Map<string, Constant | undefined>();

  /**
   * @param reserved globals that cells may redeclare for themselves only: the kernel and its libraries use them
   * @param isBound whether scripts can read a binding; the cell that declared it may have failed before
   */
  constructor(
    private readonly reserved: ReadonlySet<string> = reservedNames(),
    private readonly isBound: (name: string) => boolean = isScriptBinding,
  ) {}

  /**
   * @param cellName what error locations call the cell
   * @param cell a number that no other run of a cell has
   * @param options what the folder's tsconfig says of JSX, decorators and class fields
   * @throws CellSyntaxError with line and column when the cell does not parse, or does what the language forbids
   */
  compile(
    source: string,
    cellName: string,
    language: CellLanguage = 'typescript',
    cell = 0,
    options: ts.CompilerOptions = {},
  ): CompiledCell {
    try {
      return this.compiled(source, cellName, language, cell, options);
    } catch (error) {
      throw isStackOverflow(error) ? tooDeep(source, cellName) : error;
    }
  }

  private compiled(
    source: string,
    cellName: string,
    language: CellLanguage,
    cell: number,
    options: ts.CompilerOptions,
  ): CompiledCell {
    const extension = language === 'javascript' ? 'js' : 'ts';
    const literal = objectLiteral(source, extension);
    const file = literal ?? parseCell(source, extension);
    const fail = (message: string, start: number): never => {
      const { line, column } = inCell(placeOf(lineStarts(file.text), start), literal !== undefined);
      throw new CellSyntaxError(message, source, cellName, line, column);
    };
    const declared = declaredConstants(file);
    const constantOf = (name: string) => (declared.has(name) ? declared.get(name) : this.constants.get(name));
    refuseErrors(file, language, constantOf, fail);
    const plain = plainCell(file, options);
    // Types are no JavaScript, however easily they are left out.
    const typed = language === 'javascript' && plain.file !== file && new Transpilation(file).syntaxError;
    if (typed) fail(messageOf(typed), typed.start ?? 0);
    const declaredNames = [...new Set(topLevelNames(plain.file))];
    const names = declaredNames.filter((name) => this.reserved.has(name));
    const known = [...this.taken].filter((name) => plain.file.text.includes(name) && this.isBound(ownName(name)));
    const shadowed = new Set([...known, ...names]);
    // What TypeScript refuses beforehand, JavaScript throws when it comes to it.
    const isGuarded = (name: string) => language === 'javascript' && THROWING.has(constantOf(name));
    const rewritten = normalizeBindings(plain.file, { shadowed, isGuarded }, cell);
    for (const name of names) this.taken.add(name);
    for (const [name, constant] of declared) this.constants.set(name, constant);
    const imported = new Set(
      plain.file.statements.filter((node) => ts.isImportDeclaration(node)).flatMap(lexicalNames),
    );
    const aliases = Object.fromEntries([...shadowed].map((name) => [name, ownName(name)]));
    return {
      code: rewritten.text,
      origin: origins(plain.origin, rewritten, literal !== undefined),
      aliases,
      declared: declaredNames.map((name) => {
        const scriptName = this.reserved.has(name) ? ownName(name) : name;
        return { name, scriptName, imported: imported.has(name) };
      }),
    };
  }
}

/** JSX is allowed where it is no type assertion or type parameter of TypeScript. */
function parseCell(source: string, extension: 'ts' | 'js'): ts.SourceFile {
  const file = parse(source, extension);
  if (extension === 'js' || !source.includes('<') || !parseError(file)) return file;
  const withJsx = parse(source, 'tsx');
  return parseError(withJsx) ? file : withJsx;
}

type Origin = CompiledCell['origin'];

/** Its own function, so that it does not keep the cell's tree. */
function origins(inSource: Origin, rewritten: Rewritten, isLiteral: boolean): Origin {
  return (place) => inCell(inSource(rewritten.origin(place)), isLiteral);
}

/** Takes off the parenthesis that makes a whole cell an object literal. */
function inCell({ line, column }: Place, isLiteral: boolean): Place {
  return { line, column: isLiteral && line === 1 ? Math.max(1, column - 1) : column };
}

type Fail = (message: string, start: number) => never;

/** What V8 would not say, or not with a place that helps. */
function refuseErrors(
  file: ts.SourceFile,
  language: CellLanguage,
  constantOf: (name: string) => Constant | undefined,
  fail: Fail,
): void {
  const problem = parseError(file);
  if (problem) fail(messageOf(problem), problem.start ?? 0);
  const assignments: { id: ts.Identifier; scope: Scope }[] = [];
  walk(file, (node, scope) => {
    const misplaced = misplacedAwait(node, scope.boundary);
    if (misplaced) fail(misplaced, startOf(node, file));
    if (lacksValue(node)) fail("'const' declarations must be initialized.", node.end);
    if (ts.isIdentifier(node) && constantOf(node.text)) assignments.push({ id: node, scope });
  });
  if (language === 'javascript') return;
  for (const { id, scope } of assignments) {
    const name = id.getText(file);
    if (isAssignedOutside(id, scope))
      fail(`Cannot assign to '${name}' because it is ${constantOf(name)}.`, id.getStart(file));
  }
}

/** Functions and classes are variables to JavaScript. */
const THROWING: ReadonlySet<Constant | undefined> = new Set<Constant>(['a constant', 'an import']);

function messageOf({ messageText }: ts.Diagnostic): string {
  return ts.flattenDiagnosticMessageText(messageText, '\n');
}

function startOf(node: ts.Node, file: ts.SourceFile): number {
  return (ts.isForOfStatement(node) && node.awaitModifier ? node.awaitModifier : node).getStart(file);
}

/** Names that a script's top level declares, `var`s wherever they stand. */
function topLevelNames(file: ts.SourceFile): string[] {
  const names = file.statements.flatMap(lexicalNames);
  if (!/\bvar\b/.test(file.text)) return names;
  walk(file, (node, scope) => {
    if (ts.isVariableDeclarationList(node) && isVar(node) && !scope.boundary) {
      for (const { name } of node.declarations) names.push(...boundNames(name));
    }
  });
  return names;
}
