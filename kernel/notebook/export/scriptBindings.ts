/**
 * What the names of a notebook's cells mean when the cells stand in one module. A name that several cells declare gets
 * another one from the second declaration on, and so do the uses that follow; where a function of an earlier cell uses it,
 * which then sees the newest value, all cells share one variable.
 */
import ts from 'typescript';

export interface CellSource {
  readonly name: string;
  readonly text: string;
}

/** A change of a cell's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface BoundCell {
  readonly file: ts.SourceFile;
  /** Names of the cell that the script has under others. */
  readonly edits: readonly Edit[];
  /** Variables that cells share: what is to be assigned at the end of a statement, by its place. */
  readonly shared: ReadonlyMap<ts.Statement, readonly string[]>;
  /** Names that no cell declares. */
  readonly free: ReadonlySet<string>;
}

export interface Bound {
  readonly cells: readonly BoundCell[];
  /** Variables to be declared at the top. */
  readonly shared: readonly string[];
}

interface Use {
  readonly node: ts.Identifier;
  readonly name: string;
  /** Inside a function, which may be called later. */
  readonly isLater: boolean;
}

interface Cell {
  readonly file: ts.SourceFile;
  /** The identifiers that declare a name at the cell's top, with their statements. */
  readonly declared: Map<string, { node: ts.Identifier; statement: ts.Statement }[]>;
  /** Identifiers that mean a name of a cell's top: this one's or another's. */
  readonly uses: Use[];
}

export function bindCells(sources: readonly CellSource[]): Bound {
  const cells = read(sources);
  const taken = new Set(cells.flatMap(({ declared, uses }) => [...declared.keys(), ...uses.map(({ name }) => name)]));
  const declaring = new Map<string, number[]>();
  const imported = new Map<string, string | undefined>();
  cells.forEach((cell, i) => {
    for (const [name, [first]] of cell.declared) {
      const source = importOf(first!);
      // The same thing, imported again, is no other one.
      const isAgain = source !== undefined && imported.get(name) === source;
      imported.set(name, source);
      if (!isAgain) declaring.set(name, [...(declaring.get(name) ?? []), i]);
    }
  });
  const edits = cells.map((): Edit[] => []);
  const assigned = cells.map(() => new Map<ts.Statement, string[]>());
  const shared: string[] = [];
  for (const [name, at] of declaring) {
    if (at.length === 1) continue;
    const isSeenLater = cells.some((cell, i) => i < at.at(-1)! && usesLater(cell, name));
    if (isSeenLater) shared.push(name);
    at.forEach((cell, version) => {
      if (version === 0 && !isSeenLater) return;
      const own = freeName(`${name}${version + 1}`, taken);
      for (const { node, statement } of cells[cell]!.declared.get(name)!) {
        edits[cell]!.push(renamed(node, own));
        if (!isSeenLater) continue;
        const known = assigned[cell]!.get(statement) ?? [];
        assigned[cell]!.set(statement, [...known, `${name} = ${own};`]);
      }
      if (isSeenLater) return;
      // Up to the next cell that declares it.
      const next = at[version + 1] ?? cells.length;
      for (let i = cell; i < next; i++) {
        for (const use of cells[i]!.uses) if (use.name === name) edits[i]!.push(renamed(use.node, own));
      }
    });
  }
  return {
    shared,
    cells: cells.map(({ file, uses }, i) => ({
      file,
      edits: edits[i]!,
      shared: assigned[i]!,
      free: new Set(uses.map(({ name }) => name).filter((name) => !declaring.has(name))),
    })),
  };
}

/** Where a name comes from that is imported. */
function importOf({ node, statement }: { node: ts.Identifier; statement: ts.Statement }): string | undefined {
  if (!ts.isImportDeclaration(statement)) return undefined;
  const { parent } = node;
  const name = ts.isImportSpecifier(parent) ? (parent.propertyName ?? parent.name).text : ts.SyntaxKind[parent.kind];
  return `${statement.moduleSpecifier.getText()} ${name}`;
}

const usesLater = ({ uses }: Cell, name: string) => uses.some((use) => use.name === name && use.isLater);

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name = `${name}_`;
  taken.add(name);
  return name;
}

/** `{ x }` stands for `x: x`. */
function renamed(node: ts.Identifier, text: string): Edit {
  const { parent } = node;
  const [start, end] = [node.getStart(), node.end];
  if (ts.isShorthandPropertyAssignment(parent)) return { start, end, text: `${node.text}: ${text}` };
  if (
    ts.isBindingElement(parent) &&
    parent.name === node &&
    !parent.propertyName &&
    ts.isObjectBindingPattern(parent.parent)
  ) {
    return parent.dotDotDotToken ? { start, end, text } : { start, end, text: `${node.text}: ${text}` };
  }
  if (ts.isImportSpecifier(parent) && !parent.propertyName) return { start, end, text: `${node.text} as ${text}` };
  return { start, end, text };
}

// --- reading --------------------------------------------------------------------------------------------------------

/** Through TypeScript's binder, which knows scopes: what it does not resolve in a cell is another cell's or a global. */
function read(sources: readonly CellSource[]): Cell[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    noLib: true,
    noResolve: true,
    types: [],
    allowJs: true,
  };
  const texts = new Map(sources.map(({ text }, i) => [`/cell${i}.ts`, text]));
  const files = new Map<string, ts.SourceFile>();
  const host: ts.CompilerHost = {
    getSourceFile: (name) => {
      const text = texts.get(name);
      if (text === undefined) return undefined;
      const file =
        files.get(name) ??
        ts.createSourceFile(
          name,
          text,
          {
            languageVersion: ts.ScriptTarget.ESNext,
            impliedNodeFormat: ts.ModuleKind.ESNext,
            setExternalModuleIndicator: (one) => Object.assign(one, { externalModuleIndicator: true }),
          },
          true,
        );
      files.set(name, file);
      return file;
    },
    writeFile: () => {},
    getDefaultLibFileName: () => '/lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const checker = program.getTypeChecker();
  return [...texts.keys()].map((name) => readCell(program.getSourceFile(name)!, checker));
}

function readCell(file: ts.SourceFile, checker: ts.TypeChecker): Cell {
  const declared: Cell['declared'] = new Map();
  const uses: Use[] = [];
  const bind = (name: ts.BindingName, statement: ts.Statement): void => {
    if (ts.isIdentifier(name)) declared.set(name.text, [...(declared.get(name.text) ?? []), { node: name, statement }]);
    else for (const element of name.elements) if (!ts.isOmittedExpression(element)) bind(element.name, statement);
  };
  for (const statement of file.statements) for (const name of namesOf(statement)) bind(name, statement);
  const own = new Set([...declared.values()].flat().map(({ node }) => node));
  const visit = (node: ts.Node, isLater: boolean): void => {
    if (ts.isIdentifier(node) && !own.has(node) && isReference(node)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? checker.getShorthandAssignmentValueSymbol(node.parent)
        : checker.getSymbolAtLocation(node);
      const places = symbol?.declarations ?? [];
      const isOuter =
        places.length === 0 || places.some((place) => declared.get(node.text)?.some((one) => isIn(one.node, place)));
      if (isOuter) uses.push({ node, name: node.text, isLater });
    }
    ts.forEachChild(node, (child) => visit(child, isLater || isFunction(node)));
  };
  visit(file, false);
  return { file, declared, uses };
}

const isIn = (node: ts.Node, place: ts.Node) => node.pos >= place.pos && node.end <= place.end;

const isFunction = (node: ts.Node) => ts.isFunctionLike(node) || ts.isClassLike(node);

/** Whether an identifier means a variable or a type, and is no name of a property. */
function isReference({ parent, ...node }: ts.Identifier): boolean {
  const self = (one: ts.Node | undefined) => one !== undefined && one.pos === node.pos && one.end === node.end;
  if (ts.isPropertyAccessExpression(parent)) return !self(parent.name);
  if (ts.isQualifiedName(parent)) return !self(parent.right);
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isMethodSignature(parent))
    return !self(parent.name);
  if (
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent)
  )
    return !self(parent.name);
  if (ts.isBindingElement(parent)) return !self(parent.propertyName) && !self(parent.name);
  if (ts.isParameter(parent) || ts.isVariableDeclaration(parent)) return !self(parent.name);
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isEnumMember(parent) || ts.isTypeParameterDeclaration(parent) || ts.isJsxAttribute(parent)) return false;
  if (ts.isNamedTupleMember(parent)) return !self(parent.name);
  if ((ts.isFunctionLike(parent) || ts.isClassLike(parent)) && 'name' in parent)
    return !self(parent.name as ts.Node | undefined);
  return true;
}

/** What a statement at the top declares. */
function namesOf(statement: ts.Statement): ts.BindingName[] {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(({ name }) => name);
  if (ts.isImportDeclaration(statement)) {
    const { importClause } = statement;
    const named = importClause?.namedBindings;
    const others = !named ? [] : ts.isNamespaceImport(named) ? [named.name] : named.elements.map(({ name }) => name);
    return [...(importClause?.name ? [importClause.name] : []), ...others];
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return isNamed && statement.name ? [statement.name] : [];
}
