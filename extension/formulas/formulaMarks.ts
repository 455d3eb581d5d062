/**
 * What the checks of a notebook say of its formulas, as it stands now. A check that was linked to a formula stays with it:
 * when the formula is edited, or the cell of the check, the mark is gone until the cell runs again.
 */
import * as vscode from 'vscode';
import type { FormulaMark } from '../../kernel/protocol';
import type { LinkedCheck, Links, Part, Tally } from '../../kernel/notebook/equationChecks/index';
import { mayHaveFormulas, type FormulaTools } from './bundle';

/** As the kernel's views name it. */
const CHECKS_MIME = 'application/vnd.latentlab.derivation-checks+json';

export interface NotebookMarks {
  /** A list for each Markdown cell: the marks of its formulas, in their order. */
  readonly marks: (FormulaMark | null)[][];
  readonly tally: Tally;
}

interface Row extends LinkedCheck {
  /** Its view, and its place there. */
  readonly key: string;
}

export class FormulaMarks {
  /** For each row of a view, the formula that it was linked to when it was first seen. */
  private readonly linked = new WeakMap<vscode.NotebookDocument, Map<string, string>>();

  constructor(
    private readonly tools: () => FormulaTools,
    private readonly isStale: (cell: vscode.NotebookCell) => boolean,
  ) {}

  /** @returns undefined for a notebook without a display formula */
  of(notebook: vscode.NotebookDocument): NotebookMarks | undefined {
    const cells = notebook.getCells();
    const { Markup } = vscode.NotebookCellKind;
    if (!cells.some(({ kind, document }) => kind === Markup && mayHaveFormulas(document.getText()))) return undefined;
    const tools = this.tools();
    const parts = cells.map((cell): Part => {
      if (cell.kind !== Markup) return { kind: 'checks', checks: this.isStale(cell) ? [] : rowsOf(cell, tools) };
      const text = cell.document.getText();
      const found = mayHaveFormulas(text) ? tools.displayFormulas(text) : [];
      return { kind: 'formulas', formulas: found.map(({ tex }) => tex) };
    });
    const { marks, tally } = tools.linked(parts, this.links(notebook, parts, tools));
    return { marks: marks.map((one) => one.map((mark) => mark ?? null)), tally };
  }

  private links(notebook: vscode.NotebookDocument, parts: readonly Part[], tools: FormulaTools): Links {
    const known = this.linked.get(notebook) ?? new Map<string, string>();
    const now = new Map<string, string>();
    const formulas = parts.flatMap((part) => (part.kind === 'formulas' ? part.formulas : [])).map(tools.written);
    const links = new Map<LinkedCheck, number>();
    for (const [check, at] of tools.linksOf(parts)) {
      const { key } = check as Row;
      const before = known.get(key);
      now.set(key, before ?? formulas[at]!);
      // Where the formula stands now; one that says something else is another.
      const place = before === undefined || formulas[at] === before ? at : formulas.indexOf(before);
      if (place >= 0) links.set(check, place);
    }
    this.linked.set(notebook, now);
    return links;
  }
}

const decoder = new TextDecoder();

function rowsOf(cell: vscode.NotebookCell, { checksIn }: FormulaTools): Row[] {
  return cell.outputs
    .flatMap(({ items }) => items)
    .filter(({ mime }) => mime === CHECKS_MIME)
    .flatMap(({ data }) => {
      const view = parsed(data);
      return checksIn(view).map((row, i) => ({ ...row, key: `${String(view.id)} ${i}` }));
    });
}

function parsed(data: Uint8Array): { id?: unknown; rows?: unknown } {
  try {
    return (JSON.parse(decoder.decode(data)) ?? {}) as { id?: unknown; rows?: unknown };
  } catch {
    return {};
  }
}
