import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge } from '../host/bridge';
import { closeAll, run } from './notebooks';

const NOTES = [
  '# The bound and its gap',
  '',
  '$$',
  '\\log p(x) = \\mathcal L(q) + \\mathrm{KL}(q(z) \\,\\|\\, p(z|x)) \\label{eq:gap}',
  '$$',
  '',
  'and with another gap',
  '',
  '$$',
  '\\log p(x) = \\mathcal L(q) \\label{eq:wrong}',
  '$$',
  '',
  '$$ x = y $$',
  '',
].join('\n');

const folder = () => vscode.workspace.workspaceFolders![0]!.uri;

async function opened(name: string): Promise<vscode.NotebookDocument> {
  const file = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(NOTES));
  await vscode.commands.executeCommand('latentlab.openDerivation', file);
  return vscode.window.activeNotebookEditor!.notebook;
}

function checked(notebook: vscode.NotebookDocument, at: number): Thenable<vscode.NotebookCell> {
  return vscode.commands.executeCommand('latentlab.checkFormula', notebook.cellAt(0), at);
}

async function replace({ document }: vscode.NotebookCell, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, from);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  edit.replace(document.uri, range, to);
  await vscode.workspace.applyEdit(edit);
}

describe('formulas', () => {
  afterEach(closeAll);

  it('are checked by cells that are written below them, and marked while the checks are of them', async () => {
    const notebook = await opened('formulas.md');
    const gap = await checked(notebook, 0);
    assert.match(gap.document.getText(), /equation: 'eq:gap'/);
    assert.equal(gap.index, 1);
    const wrong = await checked(notebook, 1);
    // Below the first, whose model it uses.
    assert.equal(wrong.index, 2);
    assert.doesNotMatch(wrong.document.getText(), /const model/);
    await run(gap);
    await run(wrong);
    const bridge = await connectBridge();
    if (!bridge) return;
    const holds = '.latentlab-verdict[data-kind="holds"]';
    const fails = '.latentlab-verdict[data-kind="fails"]';
    try {
      await bridge.outputs.waitFor(holds);
      await bridge.outputs.waitFor(fails);
      const tally = '1 of 3 formulas hold, 1 does not, 1 is not checked';
      await bridge.outputs.waitFor(`.latentlab-tally:has-text("${tally}")`);
      const editor = vscode.window.activeNotebookEditor!;
      editor.revealRange(new vscode.NotebookRange(0, 1), vscode.NotebookEditorRevealType.AtTop);
      await bridge.outputs.waitFor(holds);
      await bridge.screenshot('formulas');
      // An edited check says nothing of the formula until it runs again.
      await replace(gap, 'await check(', '\nawait check(');
      await bridge.outputs.waitFor(holds, { state: 'detached' });
      await run(gap);
      await bridge.outputs.waitFor(holds);
      // An edited formula is not the one that was checked.
      await replace(notebook.cellAt(0), '\\log p(x) = \\mathcal L(q) +', '\\log p(x) = 2\\,\\mathcal L(q) +');
      await bridge.outputs.waitFor(holds, { state: 'detached' });
      // The other one, in the same cell, keeps its verdict, also before VS Code draws the text that an extension has
      // edited, which it does when the cell is scrolled to.
      await bridge.outputs.waitFor(fails);
    } finally {
      bridge.close();
    }
  });

  it('have their checks a click away, in a cell that is edited', async () => {
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const notebook = await opened('offered.md');
      await vscode.commands.executeCommand('notebook.cell.edit');
      const lens = '.codelens-decoration a:has-text("Check This Formula")';
      await bridge.workbench.waitFor(lens);
      assert.equal(await bridge.workbench.count(lens), 3);
      await bridge.screenshot('formula-lenses');
      const written = new Promise<vscode.NotebookCell>((resolve) => {
        const subscription = vscode.workspace.onDidChangeNotebookDocument(({ notebook: changed, contentChanges }) => {
          const [cell] = contentChanges.flatMap(({ addedCells }) => addedCells);
          if (changed !== notebook || !cell) return;
          subscription.dispose();
          resolve(cell);
        });
      });
      await bridge.workbench.click(lens, { nth: 1 });
      assert.match((await written).document.getText(), /equation: 'eq:wrong'/);
    } finally {
      bridge.close();
    }
  });
});

describe('exports', () => {
  afterEach(closeAll);

  it('hold what the editor shows, saved or not, outputs included', async () => {
    const notebook = await opened('exported.md');
    await run(await checked(notebook, 0));
    const fileOf = (ending: string) => vscode.Uri.joinPath(folder(), `exported-copy.${ending}`);
    const textOf = async (format: string) => {
      const file = fileOf(format);
      const written = await vscode.commands.executeCommand<vscode.Uri>(`latentlab.export.${format}`, undefined, file);
      assert.equal(written?.toString(), file.toString());
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    };
    const script = await textOf('ts');
    assert.match(script, /from 'latentlab\/notebook'/);
    assert.match(script, /await show\(await check\(/);
    const markdown = await textOf('md');
    assert.match(markdown, /!\[[^\]]*\]\(exported-copy-pictures\/cell-1-1\.png\)/);
    const picture = vscode.Uri.joinPath(folder(), 'exported-copy-pictures', 'cell-1-1.png');
    assert.ok((await vscode.workspace.fs.stat(picture)).size > 1000);
    const html = await textOf('html');
    assert.match(html, /1 of 3 formulas hold, 2 are not checked/);
    assert.match(html, /class="mark holds"/);
  });
});
