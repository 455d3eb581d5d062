import * as vscode from 'vscode';
import type { DocumentSymbol, Place, QuestionName, Questions, Target } from '../protocol';
import { CELLS, locationOf, locationsOf, rangeOf, symbolKind, workspaceEdit, type Context } from './context';

type Finding = { [Q in QuestionName]: Questions[Q] extends (at: Place) => Target[] ? Q : never }[QuestionName];

export function provideNavigation(context: Context): vscode.Disposable {
  const { client, notebooks } = context;

  const find =
    (question: Finding) =>
    async (document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken) => {
      const at = notebooks.placeOf(document, position);
      return at && locationsOf(context, await client.ask(question, [at], token));
    };
  const references = find('references');

  const rename: vscode.RenameProvider = {
    async prepareRename(document, position, token) {
      const at = notebooks.placeOf(document, position);
      const found = at && (await client.ask('renameRange', [at], token));
      if (!found) return undefined;
      if ('refusal' in found) throw new Error(found.refusal);
      return { range: rangeOf(found.range), placeholder: found.placeholder };
    },
    async provideRenameEdits(document, position, name, token) {
      const at = notebooks.placeOf(document, position);
      const edits = at && (await client.ask('rename', [at, name], token));
      return edits && workspaceEdit(context, edits);
    },
  };

  const highlights: vscode.DocumentHighlightProvider = {
    async provideDocumentHighlights(document, position, token) {
      const key = document.uri.toString();
      const found = await references(document, position, token);
      return found?.filter(({ uri }) => uri.toString() === key).map(({ range }) => new vscode.DocumentHighlight(range));
    },
  };

  const documentSymbols: vscode.DocumentSymbolProvider = {
    async provideDocumentSymbols(document, token) {
      const cell = notebooks.cellOf(document);
      const found = cell && (await client.ask('symbols', [cell], token));
      return found?.map(symbolOf);
    },
  };

  const workspaceSymbols: vscode.WorkspaceSymbolProvider = {
    async provideWorkspaceSymbols(query, token) {
      // Asked for every workspace, also where no notebook of ours is open.
      if (!client.isRunning) return undefined;
      const found = await client.ask('workspaceSymbols', [query], token);
      return found?.flatMap(({ name, kind, container, target }) => {
        const location = locationOf(context, target);
        return location ? [new vscode.SymbolInformation(name, symbolKind(kind), container, location)] : [];
      });
    },
  };

  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerDefinitionProvider(CELLS, { provideDefinition: find('definitions') }),
    languages.registerTypeDefinitionProvider(CELLS, { provideTypeDefinition: find('typeDefinitions') }),
    languages.registerImplementationProvider(CELLS, { provideImplementation: find('implementations') }),
    languages.registerReferenceProvider(CELLS, {
      provideReferences: (document, position, _context, token) => references(document, position, token),
    }),
    languages.registerRenameProvider(CELLS, rename),
    languages.registerDocumentHighlightProvider(CELLS, highlights),
    languages.registerDocumentSymbolProvider(CELLS, documentSymbols),
    languages.registerWorkspaceSymbolProvider(workspaceSymbols),
  );
}

function symbolOf({ name, kind, range, selection, children }: DocumentSymbol): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(name, '', symbolKind(kind), rangeOf(range), rangeOf(selection));
  symbol.children = children.map(symbolOf);
  return symbol;
}
