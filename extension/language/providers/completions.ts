import * as vscode from 'vscode';
import type { Completion, Kind, Place } from '../protocol';
import { CELLS, markdown, workspaceEdit, type Context } from './context';

/** Members that types do not tell: those of a running kernel's value. */
export type LiveMembers = (
  notebook: string,
  expression: string,
) => Promise<{ name: string; kind: Kind; type: string }[] | undefined>;

const { CompletionItemKind } = vscode;

const KINDS: Record<Kind, vscode.CompletionItemKind> = {
  alias: CompletionItemKind.Reference,
  class: CompletionItemKind.Class,
  const: CompletionItemKind.Constant,
  constructor: CompletionItemKind.Constructor,
  directory: CompletionItemKind.Folder,
  enum: CompletionItemKind.Enum,
  'enum member': CompletionItemKind.EnumMember,
  'external module name': CompletionItemKind.Module,
  function: CompletionItemKind.Function,
  getter: CompletionItemKind.Property,
  interface: CompletionItemKind.Interface,
  keyword: CompletionItemKind.Keyword,
  'local function': CompletionItemKind.Function,
  method: CompletionItemKind.Method,
  module: CompletionItemKind.Module,
  property: CompletionItemKind.Property,
  script: CompletionItemKind.File,
  setter: CompletionItemKind.Property,
  string: CompletionItemKind.Constant,
  type: CompletionItemKind.Interface,
  'type parameter': CompletionItemKind.TypeParameter,
};

class Item extends vscode.CompletionItem {
  constructor(
    readonly at: Place,
    readonly document: vscode.TextDocument,
    readonly completion: Completion,
  ) {
    const { name, kind, from, sortText, insertText, replaces, deprecated } = completion;
    super(from === undefined ? name : { label: name, description: from }, KINDS[kind] ?? CompletionItemKind.Variable);
    this.sortText = sortText;
    this.filterText = insertText?.startsWith('?.') ? `.${name}` : name;
    if (insertText !== undefined) this.insertText = insertText;
    if (replaces) {
      const { start, length } = replaces;
      this.range = new vscode.Range(document.positionAt(start), document.positionAt(start + length));
    }
    if (deprecated) this.tags = [vscode.CompletionItemTag.Deprecated];
  }
}

export function provideCompletions(context: Context, liveMembers: LiveMembers): vscode.Disposable {
  const { client, notebooks } = context;
  const provider: vscode.CompletionItemProvider = {
    async provideCompletionItems(document, position, token) {
      const at = notebooks.placeOf(document, position);
      const list = at && (await client.ask('completions', [at], token));
      if (!list || token.isCancellationRequested) return undefined;
      const items: vscode.CompletionItem[] = list.items.map((completion) => new Item(at, document, completion));
      return list.untyped ? [...items, ...(await live(at, list.untyped.expression))] : items;
    },
    async resolveCompletionItem(item, token) {
      if (!(item instanceof Item)) return item;
      const detail = await client.ask('completionDetail', [item.at, item.completion], token);
      if (!detail) return item;
      item.detail = detail.signature;
      item.documentation = markdown(detail.markdown);
      const edits = workspaceEdit(context, detail.edits).get(item.document.uri);
      if (edits.length > 0) item.additionalTextEdits = edits;
      return item;
    },
  };

  const live = async ({ notebook }: Place, expression: string): Promise<vscode.CompletionItem[]> => {
    const members = (await liveMembers(notebook, expression)) ?? [];
    return members.map(({ name, kind, type }) => {
      const label = { label: name, description: vscode.l10n.t('running kernel') };
      const item = new vscode.CompletionItem(label, KINDS[kind] ?? CompletionItemKind.Property);
      item.detail = type;
      item.documentation = vscode.l10n.t(
        'The value of {0} in the running kernel has this member; its type does not.',
        expression,
      );
      return item;
    });
  };

  return vscode.languages.registerCompletionItemProvider(CELLS, provider, '.', '"', "'", '`', '/', '@', '<', '#');
}
