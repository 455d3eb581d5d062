import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, ended, EXTENSION_ID, run, textOf } from './notebooks';

const samples = () => path.join(vscode.extensions.getExtension(EXTENSION_ID)!.extensionPath, 'samples');

const languagesOf = (notebook: vscode.NotebookDocument) =>
  notebook.getCells().map(({ document }) => document.languageId);

/** The cells of a sample, from its file. */
async function cellsOf(name: string): Promise<string[]> {
  const { cells } = JSON.parse(await readFile(path.join(samples(), name), 'utf8')) as {
    cells: { source: string | string[] }[];
  };
  return cells.map(({ source }) => [source].flat().join(''));
}

/** The notebook that a command of ours opens. */
async function openedBy(command: string, ...args: string[]): Promise<vscode.NotebookDocument> {
  await vscode.commands.executeCommand(command, ...args);
  return vscode.window.activeNotebookEditor!.notebook;
}

/** Settles when a document's text is of this kind. */
function textMatches(document: vscode.TextDocument, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || !pattern.test(document.getText())) return;
      subscription.dispose();
      resolve();
    });
  });
}

const textsOf = (notebook: vscode.NotebookDocument) => notebook.getCells().map(({ document }) => document.getText());

describe('starting', function () {
  this.timeout(3 * 60_000);
  afterEach(closeAll);

  it('New Notebook: its first cell runs, and the next ones are TypeScript', async () => {
    const notebook = await openedBy('latentlab.newNotebook');
    assert.ok(notebook.isUntitled);
    assert.match(textOf(await run(notebook.cellAt(0)))!, /^Dataset .*8,000 samples/);
    await vscode.commands.executeCommand('notebook.cell.insertCodeCellBelow');
    assert.deepEqual(languagesOf(notebook), ['typescript', 'typescript']);
  });

  for (const name of ['vae.ipynb', 'em.ipynb']) {
    it(`Open Sample: a copy of ${name} opens, whose cells run, and the sample stays as it is`, async () => {
      const before = await readFile(path.join(samples(), name), 'utf8');
      const notebook = await openedBy('latentlab.openSample', name);
      assert.ok(notebook.isUntitled);
      assert.deepEqual(textsOf(notebook), await cellsOf(name));
      const code = notebook.getCells().find(({ kind }) => kind === vscode.NotebookCellKind.Code)!;
      assert.equal((await run(code)).executionSummary?.success, true);
      assert.equal(await readFile(path.join(samples(), name), 'utf8'), before);
    });
  }

  it('Open Sample: the sweep and its notebooks are copied together, and what is there already stays', async () => {
    const into = vscode.Uri.file(await mkdtemp(path.join(tmpdir(), 'll-sample-')));
    const copies = path.join(into.fsPath, 'rate-distortion');
    const names = (await readdir(path.join(samples(), 'sweeps'))).filter((name) => !name.endsWith('.sweep'));
    try {
      const open = (name: string) =>
        vscode.commands.executeCommand<vscode.NotebookEditor>('latentlab.openSample', name, into);
      const { notebook } = await open('sweeps/rate-distortion.ipynb');
      assert.equal(notebook.uri.fsPath, path.join(copies, 'rate-distortion.ipynb'));
      assert.deepEqual(textsOf(notebook), await cellsOf('sweeps/rate-distortion.ipynb'));
      assert.deepEqual((await readdir(copies)).sort(), names.sort());
      await writeFile(path.join(copies, 'beta.json'), '{ "mine": true }');
      await open('sweeps/rate-distortion-curve.ipynb');
      assert.equal(await readFile(path.join(copies, 'beta.json'), 'utf8'), '{ "mine": true }');
    } finally {
      await closeAll();
      await rm(into.fsPath, { recursive: true, force: true });
    }
  });

  // Only VS Code in a browser lets a suite press its keys.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());

    it('File → New File offers a LatentLab notebook', async () => {
      const picked = vscode.commands.executeCommand('welcome.showNewFileEntries');
      await bridge.workbench.waitFor('.quick-input-list .monaco-list-row:has-text("LatentLab")');
      await bridge.screenshot('new-file');
      await bridge.workbench.press('.quick-input-widget input[type=text]', 'Escape');
      await picked;
    });

    it('the gallery tells what each sample teaches, and opens the first one', async () => {
      const opened = openedBy('latentlab.openSample');
      const row = '.quick-input-list .monaco-list-row';
      await bridge.workbench.waitFor(`${row}:has-text("From the evidence lower bound to a trained VAE")`);
      await bridge.workbench.waitFor(`${row}:has-text("How can a network learn to draw images")`);
      await bridge.screenshot('open-sample');
      // The sweep stands at the end of the list.
      await bridge.type('rate–distortion');
      await bridge.workbench.waitFor(`${row}:has-text("One point of the rate–distortion curve")`);
      await bridge.screenshot('open-sample-sweep');
      for (let i = 0; i < 'rate–distortion'.length; i++) await bridge.press('Backspace');
      await bridge.workbench.waitFor(`${row}:has-text("How can a network learn to draw images")`);
      await bridge.press('Enter');
      assert.deepEqual(textsOf(await opened), await cellsOf('vae.ipynb'));
    });

    it('a snippet is put below the cell that is selected, with its first place to fill in', async () => {
      const notebook = await openedBy('latentlab.newNotebook');
      const inserted = vscode.commands.executeCommand('latentlab.insertSnippet');
      await bridge.workbench.waitFor('.quick-input-list .monaco-list-row:has-text("Discrete latents with a codebook")');
      await bridge.screenshot('snippets');
      await bridge.type('vqvae');
      await bridge.press('Enter');
      await inserted;
      const { document } = notebook.cellAt(1);
      assert.match(document.getText(), /^import \{ codebookHistogram, VQVAE \}[^]*const vqvae = new VQVAE/);
      assert.equal(document.languageId, 'typescript');
      const pattern = /const model = new VQVAE[^]*await model\.fit[^]*codebookHistogram\(model, train\)/;
      const named = textMatches(document, pattern);
      await bridge.type('model');
      await named;
    });

    it('a short name offers its snippet where a statement begins', async () => {
      const notebook = await openedBy('latentlab.newNotebook');
      const edit = new vscode.WorkspaceEdit();
      const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'scatt\nconst n = scatt', 'typescript');
      edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [cell])]);
      await vscode.workspace.applyEdit(edit);
      const offered = async (line: number, character: number) => {
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          notebook.cellAt(1).document.uri,
          new vscode.Position(line, character),
        );
        return items.filter(({ kind }) => kind === vscode.CompletionItemKind.Snippet).map(({ detail }) => detail);
      };
      const scatter = 'The latent codes of data by their classes; a click is decoded';
      assert.ok((await offered(0, 5)).includes(scatter));
      assert.ok(!(await offered(1, 15)).includes(scatter));
    });

    it('Ctrl+Enter runs a cell and stays there, in the cell and on it', async () => {
      const notebook = await openedBy('latentlab.newNotebook');
      const cell = notebook.cellAt(0);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(cell.document.uri, new vscode.Range(0, 0, cell.document.lineCount, 0), '6 * 7');
      await vscode.workspace.applyEdit(edit);
      await vscode.commands.executeCommand('notebook.cell.edit');
      for (const order of [1, 2]) {
        const end = ended(cell);
        await bridge.press('Control+Enter');
        await end;
        assert.equal(textOf(cell), '42');
        assert.equal(cell.executionSummary?.executionOrder, order);
        await vscode.commands.executeCommand('notebook.cell.quitEdit');
      }
      assert.equal(notebook.cellCount, 1);
    });

    it('a walkthrough leads from a sample to data of your own', async () => {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION_ID}#start`);
      await bridge.workbench.waitFor('.getting-started-step:has-text("Open a derivation")');
      await bridge.workbench.waitFor('.getting-started-step:has-text("Bring your own data")');
      await bridge.screenshot('walkthrough');
    });
  }
});
