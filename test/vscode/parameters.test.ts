/** "Run with Parameters…", "Mark Cell as Parameters" and "Run Sweep", by their forms where the host lets us look at them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, latentlab, newNotebook, textOf } from './notebooks';

const PARAMETERS = `// Weight of the divergence
const beta: number = 4;
const kind: 'gaussian' | 'bernoulli' = 'gaussian';
const widths = [64, 32]; // of the layers`;

const tagsOf = ({ metadata }: vscode.NotebookCell) =>
  (metadata as { metadata?: { tags?: string[] } }).metadata?.tags ?? [];
const texts = (notebook: vscode.NotebookDocument) => notebook.getCells().map(({ document }) => document.getText());

async function marked(): Promise<vscode.NotebookEditor> {
  const editor = await newNotebook('1 + 1;', PARAMETERS, '[beta, kind, widths.length]');
  editor.selection = new vscode.NotebookRange(1, 2);
  assert.equal(await vscode.commands.executeCommand('latentlab.markParameters'), true);
  return editor;
}

describe('parameters', function () {
  this.timeout(3 * 60_000);
  before(latentlab);
  afterEach(closeAll);

  it('are those of the one cell that is marked', async () => {
    const { notebook } = await marked();
    assert.deepEqual(notebook.getCells().map(tagsOf), [[], ['parameters'], []]);
    await vscode.commands.executeCommand('latentlab.markParameters', notebook.cellAt(0));
    assert.deepEqual(notebook.getCells().map(tagsOf), [['parameters'], [], []]);
    await vscode.commands.executeCommand('latentlab.markParameters', notebook.cellAt(0));
    assert.deepEqual(notebook.getCells().map(tagsOf), [[], [], []]);
  });

  it('are overridden in a cell of their own, which the next values replace', async () => {
    const { notebook } = await marked();
    const run = (values: object) => vscode.commands.executeCommand('latentlab.runWithParameters', { values });
    assert.deepEqual(await run({ beta: 8 }), { beta: 8 });
    assert.equal(notebook.cellCount, 4);
    assert.equal(texts(notebook)[2], '// Parameters of this run\nconst beta: number = 8;');
    assert.deepEqual(tagsOf(notebook.cellAt(2)), ['injected-parameters']);
    assert.match(textOf(notebook.cellAt(3)) ?? '', /8[^]*gaussian[^]*2/);
    await run({ kind: 'bernoulli', widths: [1] });
    assert.equal(notebook.cellCount, 4);
    assert.match(textOf(notebook.cellAt(3)) ?? '', /4[^]*bernoulli[^]*1/);
    await run({});
    assert.equal(notebook.cellCount, 3);
    assert.equal(await run({ beta: 'much' }), undefined);
    assert.equal(notebook.cellCount, 3);
  });

  it('have a seed among them, which models and trainings take until a run has none', async () => {
    const { notebook } = await newNotebook(
      'const beta = 4;',
      `import { defaultSeed } from 'latentlab';\ndefaultSeed()`,
    );
    await vscode.commands.executeCommand('latentlab.markParameters', notebook.cellAt(0));
    const run = (values: object) => vscode.commands.executeCommand('latentlab.runWithParameters', { values });
    await run({ seed: 41 });
    assert.equal(texts(notebook)[1], '// Parameters of this run\nconst seed = 41;');
    assert.match(textOf(notebook.cellAt(2)) ?? '', /41/);
    await run({ beta: 1 });
    assert.match(textOf(notebook.cellAt(2)) ?? '', /^0/);
    assert.equal(await run({ seed: 0.5 }), undefined);
  });

  it('are of one cell: with several marked, nothing changes or runs', async () => {
    const { notebook } = await marked();
    const edit = new vscode.WorkspaceEdit();
    const metadata = notebook.cellAt(1).metadata;
    edit.set(notebook.uri, [vscode.NotebookEdit.updateCellMetadata(0, metadata)]);
    await vscode.workspace.applyEdit(edit);
    assert.deepEqual(notebook.getCells().map(tagsOf), [['parameters'], ['parameters'], []]);
    const values = { beta: 8 };
    assert.equal(await vscode.commands.executeCommand('latentlab.runWithParameters', { values }), undefined);
    assert.equal(notebook.cellCount, 3);
    assert.equal(notebook.cellAt(2).outputs.length, 0);
  });

  // Only VS Code in a browser lets a suite look at its boxes and choose in them.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    const BOX = '.quick-input-widget';
    let bridge: Bridge;
    before(async () => (bridge = (await connectBridge())!));
    after(() => bridge.close());

    const box = (...words: string[]) =>
      bridge.workbench.waitFor(`${BOX}${words.map((word) => `:has-text(${JSON.stringify(word)})`).join('')}`);
    const focused = (text: string) =>
      bridge.workbench.waitFor(`${BOX} .monaco-list-row.focused:has-text(${JSON.stringify(text)})`);

    it('are asked for in a form, by the keyboard, and remembered', async () => {
      const { notebook } = await marked();
      const result = vscode.commands.executeCommand('latentlab.runWithParameters');
      await box('beta = 4', 'Weight of the divergence', 'of the layers', 'Run');
      await focused('Run');
      await bridge.screenshot('parameters-form');
      await bridge.press('ArrowDown');
      await focused('beta = 4');
      await bridge.press('Enter');
      await box('Run with Parameters: beta');
      await bridge.type('x');
      await box('found "x"');
      await bridge.screenshot('parameters-refused');
      await bridge.press('Backspace');
      await bridge.type('0.5');
      await bridge.press('Enter');
      await focused('beta = 0.5');
      await bridge.press('ArrowDown');
      await focused('kind =');
      await bridge.press('Enter');
      // The list before it has a row with the same word.
      await box('Run with Parameters: kind');
      await focused('gaussian');
      await bridge.press('ArrowDown');
      await focused('bernoulli');
      await bridge.press('Enter');
      await focused('kind = "bernoulli"');
      await bridge.screenshot('parameters-chosen');
      await bridge.press('ArrowUp');
      await bridge.press('ArrowUp');
      await focused('Run');
      await bridge.press('Enter');
      assert.deepEqual(await result, { beta: 0.5, kind: 'bernoulli' });
      assert.match(textOf(notebook.cellAt(3)) ?? '', /0\.5[^]*bernoulli/);
      await bridge.workbench.waitFor('.cell-status-item:has-text("parameters of this run")');
      await bridge.screenshot('parameters-cells');
      const again = vscode.commands.executeCommand('latentlab.runWithParameters');
      await box('beta = 0.5', 'instead of 4');
      await bridge.press('Escape');
      assert.equal(await again, undefined);
    });

    it('of a sweep file are completed, and it runs in a terminal', async () => {
      const folder = vscode.workspace.workspaceFolders![0]!.uri;
      const write = (name: string, content: unknown) =>
        vscode.workspace.fs.writeFile(
          vscode.Uri.joinPath(folder, name),
          new TextEncoder().encode(JSON.stringify(content, null, 2)),
        );
      const cell = { cell_type: 'code', execution_count: null, outputs: [] };
      const cells = [
        { ...cell, metadata: { tags: ['parameters'] }, source: 'const beta = 1;' },
        { ...cell, metadata: {}, source: "import { report } from 'latentlab'; report({ square: beta ** 2 });" },
      ];
      await write('square.ipynb', { nbformat: 4, nbformat_minor: 4, metadata: {}, cells });
      await write('square.sweep.json', { notebook: 'square.ipynb', grid: { beta: [2, 3] }, metrics: ['square'] });
      const file = vscode.Uri.joinPath(folder, 'square.sweep.json');
      const editor = await vscode.window.showTextDocument(file);
      const at = editor.document.positionAt(editor.document.getText().indexOf('"metrics"'));
      const found = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        file,
        at,
      );
      const seeds = found.items.find(({ label }) => label === 'seeds');
      assert.match(JSON.stringify(seeds?.documentation ?? ''), /How many seeds each combination runs with/);
      const inGrid = editor.document.positionAt(editor.document.getText().indexOf('"beta"'));
      const names = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        file,
        inGrid,
      );
      assert.equal(names.items.find(({ label }) => label === 'beta')?.detail, 'number = 1');
      const terminal = await vscode.commands.executeCommand<vscode.Terminal>('latentlab.runSweep', file, {
        on: 'local',
        resume: false,
      });
      const code = await new Promise<number | undefined>((resolve) => {
        const subscription = vscode.window.onDidCloseTerminal((closed) => {
          if (closed !== terminal) return;
          subscription.dispose();
          resolve(closed.exitStatus?.code);
        });
      });
      assert.equal(code, 0);
      const record = vscode.Uri.joinPath(folder, 'square.sweep', 'runs', '0002', 'run.json');
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(record));
      assert.deepEqual((JSON.parse(text) as { metrics: object }).metrics, { square: 9 });
    });
  }
});
