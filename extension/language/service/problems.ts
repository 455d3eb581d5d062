/** A cell's errors and hints, without those that only our way of linking cells makes. */
import ts from 'typescript';
import type { Problem } from '../protocol';
import type { CellModule } from './cellModule';
import { rangeInCell, targetOf, type At } from './positions';
import type { Sources } from './sources';

/** An array or variable whose type is what later code puts in: across cells TypeScript does not see that code. */
const EVOLVING = new Set([7005, 7034]);
/** Parameters that have no type, also those of patterns, and packages that bring none. */
const UNTYPED = new Set([7006, 7016, 7019, 7031]);
/** “Cannot assign to 'x' because it is an import”, of a name that we have imported from another cell. */
const ASSIGNED_IMPORT = 2632;
/** About modules: a cell is none to its writer. */
const OF_MODULES = new Set([1208, 1375, 1378, 80001, 80003, 80005]);

export function problems(at: Omit<At, 'position'>, sources: Sources): Problem[] {
  const { project, module } = at;
  const { service } = project;
  const { file } = module;
  return [
    ...service.getSyntacticDiagnostics(file),
    ...service.getSemanticDiagnostics(file),
    ...service.getSuggestionDiagnostics(file),
  ].flatMap((diagnostic) => {
    const problem = problemOf(at, diagnostic, sources);
    return problem ? [problem] : [];
  });
}

function problemOf(at: Omit<At, 'position'>, diagnostic: ts.Diagnostic, sources: Sources): Problem | undefined {
  const { module } = at;
  const { code, start = 0, length = 0 } = diagnostic;
  const range = rangeInCell(module, { start, length }) ?? atEnd(module, start);
  if (!range || OF_MODULES.has(code) || EVOLVING.has(code)) return undefined;
  if (at.project.allowsUntyped && UNTYPED.has(code)) return undefined;
  const message = code === ASSIGNED_IMPORT ? assignment(at, start, length) : textOf(diagnostic.messageText);
  if (message === undefined) return undefined;
  const isSuggestion = diagnostic.category === ts.DiagnosticCategory.Suggestion;
  const severity = isSuggestion ? 'hint' : diagnostic.category === ts.DiagnosticCategory.Warning ? 'warning' : 'error';
  return {
    range,
    message,
    code,
    severity,
    ...(diagnostic.reportsUnnecessary && { unnecessary: true, severity: 'hint' as const }),
    ...(diagnostic.reportsDeprecated && { deprecated: true }),
    related: (diagnostic.relatedInformation ?? []).flatMap((related) => {
      if (!related.file || related.start === undefined) return [];
      const span = { start: related.start, length: related.length ?? 0 };
      const target = targetOf(at.project, related.file.fileName, span, sources);
      return target ? [{ target, message: textOf(related.messageText) }] : [];
    }),
  };
}

/** Something is missing at the cell's end, which TypeScript finds out in what stands behind it. */
function atEnd(module: CellModule, start: number): Problem['range'] | undefined {
  const end = module.shift + module.cell.text.length;
  const isBehind = start >= end && (start <= end + SEPARATOR || !module.bindings.closed);
  return isBehind ? rangeInCell(module, { start: end, length: 0 }) : undefined;
}

/** A line break and a semicolon, between a cell and its links. */
const SEPARATOR = 2;

/** A variable of another cell may be given a value; the kernel refuses it for what is no variable. */
function assignment({ notebook, module }: Omit<At, 'position'>, start: number, length: number): string | undefined {
  const own = start - module.shift;
  const name = module.cell.text.slice(own, own + length);
  const declarer = notebook.declarerOf(name, module);
  const constant = declarer?.bindings.declared.get(name)?.constant;
  return constant && `Cannot assign to '${name}' because it is ${constant}.`;
}

function textOf(message: string | ts.DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message, '\n');
}
