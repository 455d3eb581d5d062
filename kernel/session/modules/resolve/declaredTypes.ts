/** Whether a name that a module lacks at run time is one of its types: such an import asks for nothing. */
import ts from 'typescript';
import type { Project } from './projects';

const OPTIONS: ts.CompilerOptions = {
  noLib: true,
  types: [],
  skipLibCheck: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/**
 * @param from the file that imports (absolute)
 * @returns true for interfaces, type aliases and whatever else exists in declarations alone
 */
export function isDeclaredType(specifier: string, from: string, name: string, project: Project): boolean {
  const options = { ...OPTIONS, ...project.lookup };
  const file = ts.resolveModuleName(specifier, from, options, ts.sys).resolvedModule?.resolvedFileName;
  if (file === undefined || !/\.[cm]?tsx?$/.test(file)) return false;
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const found = module && checker.getExportsOfModule(module).find((symbol) => symbol.name === name);
  if (!found) return false;
  const meant = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return (meant.flags & ts.SymbolFlags.Type) !== 0 && (meant.flags & ts.SymbolFlags.Value) === 0;
}
