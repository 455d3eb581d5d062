/** The variables of a notebook as a tree. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Variable } from '../../kernel/protocol';
import { itemOf, PAGE, rangesOf, tooltipOf, type Row } from './items';
import type { VariableSource } from './source';
import { countText, typeText } from './words';

const { t } = vscode.l10n;

/** A first picture loads the library that draws it. */
const DETAILS_MS = 10_000;

export class VariablesTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly view: vscode.TreeView<Row>;
  private readonly disposables: vscode.Disposable[];
  /** The rows at the top, by their names; what is opened or hovered stays so while its row is the same. */
  private rows = new Map<string, Row & { kind: 'variable' }>();
  private readonly opened = new Set<Row>();
  private wanted = '';
  /** Why there is more to think of; below the view's title. */
  private hint: string | undefined;

  constructor(private readonly source: VariableSource) {
    const options = { treeDataProvider: this, showCollapseAll: true };
    this.view = vscode.window.createTreeView('latentlab.variables', options);
    this.disposables = [
      this.changes,
      this.view,
      this.view.onDidChangeVisibility(({ visible }) => source.setVisible(visible)),
      this.view.onDidExpandElement(({ element }) => this.opened.add(element)),
      this.view.onDidCollapseElement(({ element }) => this.opened.delete(element)),
      source.onChange(() => {
        this.describe();
        void this.update();
      }),
    ];
    source.setVisible(this.view.visible);
    this.describe();
  }

  get filter(): string {
    return this.wanted;
  }

  /** Shows those alone whose name, type or shape holds this text; empty: all. */
  set filter(text: string) {
    if (text === this.wanted) return;
    this.wanted = text;
    void vscode.commands.executeCommand('setContext', 'latentlab.variablesFiltered', text !== '');
    this.describe();
    this.changes.fire(undefined);
  }

  /** Says something below the title until the kernel ends, or there is something else to say. */
  say(hint: string | undefined): void {
    this.hint = hint;
    this.describe();
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return itemOf(row);
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (!row) return this.roots();
    if (row.kind === 'range') return this.childrenOf(row.path, row.start, row.count);
    return row.kind === 'variable' ? this.childrenOf(row.variable.path, 0) : [];
  }

  async resolveTreeItem(item: vscode.TreeItem, row: Row): Promise<vscode.TreeItem> {
    if (row.kind !== 'variable') return item;
    // Gone meanwhile, or a getter: what the row says is all that there is.
    const { path: at } = row.variable;
    const details = await this.source.find({ kind: 'details', path: at }, DETAILS_MS).catch(() => undefined);
    item.tooltip = tooltipOf(row.variable, details);
    return item;
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Draws again what has changed, and what is open; all, where other names are there. */
  private async update(): Promise<void> {
    const found = await this.source.find({ kind: 'variables' }).catch(() => undefined);
    const wanted = found?.variables.filter((variable) => this.isWanted(variable)) ?? [];
    const isSame = wanted.length > 0 && wanted.map(({ name }) => name).join() === [...this.rows.keys()].join();
    if (!isSame) {
      this.changes.fire(undefined);
      return;
    }
    const changed = wanted.flatMap((variable) => {
      const row = this.rows.get(variable.name)!;
      const differs = JSON.stringify(row.variable) !== JSON.stringify(variable);
      row.variable = variable;
      return differs || this.opened.has(row) ? [row] : [];
    });
    if (changed.length > 0) this.changes.fire(changed);
  }

  private async roots(): Promise<Row[]> {
    const found = await this.source.find({ kind: 'variables' }).catch(() => undefined);
    const shown = found?.variables.filter((variable) => this.isWanted(variable)) ?? [];
    this.rows = new Map(shown.map((variable) => [variable.name, this.rowFor(variable)]));
    if (!found) return [];
    const rows: Row[] = [...this.rows.values()];
    const left = found.total - found.variables.length;
    if (left > 0) rows.push({ kind: 'note', text: t('{0} more are not listed', countText(left)) });
    if (rows.length === 0 && this.wanted !== '') rows.push({ kind: 'note', text: t('Nothing matches the filter') });
    return rows;
  }

  private async childrenOf(path: Variable['path'], start: number, count?: number): Promise<Row[]> {
    if (count !== undefined && count > PAGE) return rangesOf(path, start, count);
    try {
      const found = await this.source.find({ kind: 'children', path, start, count: count ?? PAGE });
      if (!found) return [{ kind: 'note', text: t('The kernel is busy') }];
      return count === undefined && found.total > PAGE ? rangesOf(path, 0, found.total) : found.variables.map(rowOf);
    } catch (error) {
      return [{ kind: 'note', text: error instanceof Error ? error.message : String(error) }];
    }
  }

  /** The row that stands there, with the variable as it is now. */
  private rowFor(variable: Variable): Row & { kind: 'variable' } {
    const row = this.rows.get(variable.name) ?? rowOf(variable);
    row.variable = variable;
    return row;
  }

  private isWanted(variable: Variable): boolean {
    const text = `${variable.name} ${typeText(variable)} ${variable.kind}`.toLowerCase();
    return text.includes(this.wanted.toLowerCase());
  }

  /** What stands beside and below the title. */
  private describe(): void {
    const { state, notebook } = this.source;
    if (state === 'stopped' || state === 'none') this.hint = undefined;
    const name = notebook && path.basename(notebook.uri.path);
    const filter = this.wanted === '' ? [] : [t('filter: {0}', this.wanted)];
    this.view.description = [...(name ? [name] : []), ...filter].join(' · ');
    const busy = state === 'busy' ? t('The kernel is busy: these are the last known values.') : undefined;
    this.view.message = busy ?? this.hint;
  }
}

function rowOf(variable: Variable): Row & { kind: 'variable' } {
  return { kind: 'variable', variable };
}
