import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, newNotebook } from './notebooks';

const MODEL = `import { VAE } from 'latentlab';

/** A model of three numbers: $\\log p(x) \\ge \\mathbb E_{q(z|x)}[\\log p(x|z)] - \\mathrm{KL}$. */
const vae = new VAE({ input: 3, latent: 2 });`;

const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);

/** What VS Code would list at the end of a document. */
async function completionsIn({ document }: { document: vscode.TextDocument }): Promise<string[]> {
  const end = document.lineAt(document.lineCount - 1).range.end;
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    end,
  );
  return items.map(labelOf);
}

/** Settles when a document's problems are as wanted. */
function problems(
  { document: { uri } }: { document: vscode.TextDocument },
  condition: (found: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = () => {
      const found = vscode.languages.getDiagnostics(uri);
      if (!condition(found)) return;
      subscription.dispose();
      resolve(found);
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(look);
    look();
  });
}

const isError = ({ severity }: vscode.Diagnostic) => severity === vscode.DiagnosticSeverity.Error;

async function replace({ document }: vscode.NotebookCell, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

/** Settles when a cell's text is this. */
function textBecomes({ document }: vscode.NotebookCell, text: string): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || document.getText() !== text) return;
      subscription.dispose();
      resolve();
    });
  });
}

describe('types over the notebook', function () {
  this.timeout(3 * 60_000);
  after(closeAll);
  let notebook: vscode.NotebookDocument;
  before(async () => {
    ({ notebook } = await newNotebook(MODEL, 'vae.', 'const width: string = vae.inputShape;', 'vae'));
  });

  it('list the members of a value of another cell, once each, and no words of the page', async () => {
    const names = await completionsIn(notebook.cellAt(1));
    for (const name of ['fit', 'encode', 'score']) assert.equal(names.filter((one) => one === name).length, 1, name);
    assert.ok(!names.includes('width'));
  });

  it('mark what is wrong, in the cell that is wrong, and forget it when it is mended', async () => {
    const [problem] = (await problems(notebook.cellAt(2), (found) => found.some(isError))).filter(isError);
    assert.equal(problem!.code, 2322);
    assert.equal(problem!.source, 'ts');
    assert.equal(problem!.range.start.character, 6);
    await replace(notebook.cellAt(2), 'const shape = vae.inputShape;');
    await problems(notebook.cellAt(2), (found) => !found.some(isError));
    assert.deepEqual(vscode.languages.getDiagnostics(notebook.cellAt(0).document.uri).filter(isError), []);
  });

  it('show one hover, with the docstring’s formula as a picture', async () => {
    const { document } = notebook.cellAt(3);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 1),
    );
    assert.equal(hovers.length, 1);
    const text = hovers[0]!.contents.map((content) => (content as vscode.MarkdownString).value).join('\n');
    assert.match(text, /const vae: VAE/);
    assert.match(text, /<img [^>]*src="data:image\/svg\+xml;base64,/);
  });

  it('lead to the cell that declares, and into the library', async () => {
    const { document } = notebook.cellAt(3);
    const definitions = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      new vscode.Position(0, 1),
    );
    assert.deepEqual(
      definitions.map(({ uri, range }) => [uri.toString(), range.start.line]),
      [[notebook.cellAt(0).document.uri.toString(), 3]],
    );
  });

  it('rename in all cells', async () => {
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      notebook.cellAt(3).document.uri,
      new vscode.Position(0, 1),
      'model',
    );
    const changed = edit.entries().map(([uri]) => uri.toString());
    const expected = [0, 1, 2, 3].map((i) => notebook.cellAt(i).document.uri.toString());
    assert.deepEqual(changed.sort(), expected.sort());
  });

  it('leave files of TypeScript to VS Code’s own', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const uri = vscode.Uri.joinPath(folder, 'ordinary.ts');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode("const ordinary = 'a';\nordinary."));
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    assert.ok((await completionsIn({ document })).includes('charAt'));
    assert.equal(path.extname(document.uri.path), '.ts');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(uri);
  });

  // Only VS Code in a browser lets a suite press its keys.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());

    it('list members while somebody types, and show what was chosen', async () => {
      await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(1, 2)] });
      await replace(notebook.cellAt(1), '');
      await vscode.commands.executeCommand('notebook.cell.edit');
      await bridge.type('vae.sco');
      await bridge.workbench.waitFor('.suggest-widget .monaco-list-row:has-text("score")');
      await bridge.workbench.waitFor('.suggest-widget .monaco-list-row:has-text("(method) VAE")');
      await bridge.screenshot('types-completion');
      const chosen = textBecomes(notebook.cellAt(1), 'vae.score');
      await bridge.press('Enter');
      await chosen;
      await bridge.workbench.hover('.monaco-editor.focused .view-line span:text-is("vae")', { nth: 0 });
      await bridge.workbench.waitFor('.monaco-hover img');
      await bridge.screenshot('types-hover');
    });
  }
});
