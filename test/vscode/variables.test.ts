import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { VariablesView } from '../../extension/variables';
import type { VariablesTree } from '../../extension/variables/tree';
import type { Row } from '../../extension/variables/items';
import { connectBridge, type Bridge } from '../host/bridge';
import {
  append,
  appendAndRun,
  closeAll,
  ended,
  interrupt,
  latentlab,
  newNotebook,
  run,
  start,
  texts,
  when,
} from './notebooks';

const SETUP = `
import { Dataset, tf, VAE } from 'latentlab';
const series = [0, 1, 2, 3, 4, 5, 6, 7];
const images = tf.tidy(() => tf.range(0, 20 * 28 * 28).mod(29).div(29).reshape([20, 28, 28, 1]));
const settings = { rate: 1e-3, name: 'first try', layers: [128, 64] };
const byName = new Map([['a', 1], ['b', 2]]);
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]), { name: 'waves' });
const vae = new VAE({ input: 3, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });
function double(x: number) { return 2 * x; }`;

/** Rows at the top, once they are so. */
async function rowsWhen({ source, tree }: VariablesView, condition: (rows: Row[]) => boolean): Promise<Row[]> {
  for (;;) {
    const changed = new Promise<void>((resolve) => {
      const both = vscode.Disposable.from(
        tree.onDidChangeTreeData(() => done()),
        source.onChange(() => done()),
      );
      const done = () => {
        both.dispose();
        resolve();
      };
    });
    const rows = await tree.getChildren();
    if (condition(rows)) return rows;
    await changed;
  }
}

const named = (rows: Row[], name: string) => {
  const row = rows.find((one) => one.kind === 'variable' && one.variable.name === name);
  return row?.kind === 'variable' ? row : undefined;
};
const textOf = (rows: Row[], name: string) => named(rows, name)?.variable.text;

describe('the variables view', function () {
  this.timeout(2 * 60_000);
  let notebook: vscode.NotebookDocument;
  let view: VariablesView;
  let tree: VariablesTree;

  before(async () => {
    view = (await latentlab()).variables;
    ({ tree } = view);
    ({ notebook } = await newNotebook(SETUP));
    const settings = vscode.workspace.getConfiguration('latentlab');
    await settings.update('confirmEndingTraining', false, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('latentlab.variables.show');
    await run(notebook.cellAt(0));
  });
  after(async () => {
    await closeAll();
    const settings = vscode.workspace.getConfiguration('latentlab');
    await settings.update('confirmEndingTraining', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('shows what a cell has declared, and what the next one makes of it', async () => {
    const rows = await rowsWhen(view, (all) => named(all, 'double') !== undefined);
    const names = rows.map((row) => row.kind === 'variable' && row.variable.name);
    assert.deepEqual(names, ['series', 'images', 'settings', 'byName', 'data', 'vae', 'double']);
    assert.equal(tree.getTreeItem(named(rows, 'series')!).description, 'Array [8]   ▁▂▃▄▅▆▇█   64 B');
    // Encoder 3·8+8, two heads of 8·2+2, decoder 2·8+8, its head 8·3+3, log σ: 120 of 4 bytes.
    assert.equal(
      tree.getTreeItem(named(rows, 'vae')!).description,
      'VAE   3 → 8 → 2   120 parameters   480 B   not trained',
    );
    await appendAndRun(notebook, "settings.name = 'second try'; const added = 42;");
    const later = await rowsWhen(view, (all) => named(all, 'added') !== undefined);
    assert.equal(textOf(later, 'added'), '42');
    const fields = await tree.getChildren(named(later, 'settings'));
    assert.equal(textOf(fields, 'name'), "'second try'");
  });

  it('has a picture in the tooltip of images', async () => {
    const rows = await tree.getChildren();
    const row = named(rows, 'images')!;
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(row), row);
    assert.match((tooltip as vscode.MarkdownString).value, /data:image\/png;base64,/);
    assert.match((tooltip as vscode.MarkdownString).value, /the first 16 of 20 images/);
    const bridge = await connectBridge();
    if (!bridge) return;
    await look(bridge);
    bridge.close();
  });

  it('filters, and says so', async () => {
    await vscode.commands.executeCommand('latentlab.variables.filter', '28, 28');
    assert.deepEqual(
      (await tree.getChildren()).map((row) => row.kind === 'variable' && row.variable.name),
      ['images'],
    );
    await vscode.commands.executeCommand('latentlab.variables.clearFilter');
    assert.equal((await tree.getChildren()).length, 8);
  });

  it('inserts a name, and adds a cell that shows the value', async () => {
    const rows = await tree.getChildren();
    const cell = notebook.cellAt(1);
    vscode.window.activeNotebookEditor!.selections = [new vscode.NotebookRange(1, 2)];
    await vscode.commands.executeCommand('latentlab.variables.insert', named(rows, 'byName'));
    assert.match(cell.document.getText(), /const added = 42;\nbyName$/);
    await vscode.commands.executeCommand('latentlab.variables.plot', named(rows, 'series'));
    await when(notebook, () => notebook.cellCount === 3 && notebook.cellAt(2).executionSummary?.success !== undefined);
    assert.equal(notebook.cellAt(2).document.getText(), "import { plot } from 'latentlab';\nawait plot(series)");
    assert.deepEqual(texts(notebook.cellAt(2), 'text/plain'), ['values: values from 0 to 7 over 8 points.']);
  });

  // Only VS Code in a browser lets a suite press its keys.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    it('is used by keys alone: a name is inserted, a value is shown in a cell and copied', async () => {
      const bridge = (await connectBridge())!;
      const { workbench } = bridge;
      const command = async (name: string) => {
        await bridge.press('F1');
        await workbench.waitFor('.quick-input-widget input');
        await bridge.type(name);
        await workbench.waitFor(`.quick-input-list .monaco-list-row.focused:has-text("LatentLab: ${name}")`);
        await bridge.press('Enter');
      };
      const focused = (name: string) => `.panel .monaco-list-row.focused:has(.monaco-icon-label:has-text("${name}"))`;
      const cell = await append(notebook, '');
      vscode.window.activeNotebookEditor!.selections = [new vscode.NotebookRange(cell.index, cell.index + 1)];
      await command('Show Variables');
      await workbench.waitFor('.panel .monaco-list:focus-within');
      await bridge.press('Home');
      await workbench.waitFor(focused('series'));
      // What is spoken of a row.
      const label = await workbench.attribute(focused('series'), 'aria-label');
      assert.match(label!, /^series.*Array.*8/);
      await bridge.press('ArrowDown');
      await workbench.waitFor(focused('images'));
      const inserted = new Promise<void>((resolve) => {
        const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
          if (document !== cell.document) return;
          subscription.dispose();
          resolve();
        });
      });
      await bridge.press('Enter');
      await inserted;
      assert.equal(cell.document.getText(), 'images');
      // Where one continues writing.
      await workbench.waitFor('.notebook-editor:focus-within');
      // The menu of a row.
      await command('Show Variables');
      await workbench.waitFor('.panel .monaco-list:focus-within');
      await bridge.press('Home');
      await workbench.waitFor(focused('series'));
      await bridge.press('Shift+F10');
      const chosen = '.monaco-menu .action-item.focused';
      await workbench.waitFor('.monaco-menu .action-item:has-text("Show Variable in a Cell Below")');
      do await bridge.press('ArrowDown');
      while (!(await workbench.text(chosen)).includes('Show Variable in a Cell Below'));
      const before = notebook.cellCount;
      await bridge.press('Enter');
      const shown = () => notebook.cellAt(cell.index + 1);
      await when(notebook, () => notebook.cellCount > before && shown().executionSummary?.success !== undefined);
      assert.deepEqual(texts(shown(), 'text/plain'), ['values: values from 0 to 7 over 8 points.']);
      // Without the view.
      await command("Copy Variable's Name");
      await workbench.waitFor('.quick-input-list .monaco-list-row:has-text("settings")');
      await bridge.type('settings');
      await workbench.waitFor('.quick-input-list .monaco-list-row.focused:has-text("settings")');
      await bridge.screenshot('variables-choose');
      await bridge.press('Enter');
      await workbench.waitFor('.quick-input-widget', { state: 'hidden' });
      assert.equal(await vscode.env.clipboard.readText(), 'settings');
      bridge.close();
    });
  }

  it('is up to date while a model trains, and shows the last values while a cell is busy', async () => {
    const cell = await appendAndRun(notebook, 'let busy = 0;');
    await rowsWhen(view, (all) => named(all, 'busy') !== undefined);
    const training = await append(notebook, 'await vae.fit(data, { epochs: 1_000_000 });');
    const stopped = ended(training);
    void start(training);
    const rows = await rowsWhen(view, (all) => (named(all, 'vae')?.variable.model?.steps ?? 0) > 0);
    assert.equal(named(rows, 'vae')!.variable.model!.training, true);
    assert.match(String(tree.getTreeItem(named(rows, 'vae')!).description), /training now, [\d,]+ steps done/);
    const bridge = await connectBridge();
    if (bridge) await bridge.screenshot('variables-training');
    await interrupt(training);
    await stopped;
    const { kernels, variables } = await latentlab();
    const { source } = variables;
    const kernel = kernels.of(notebook);
    const edit = new vscode.WorkspaceEdit();
    const all = new vscode.Range(0, 0, cell.document.lineCount, 0);
    edit.replace(cell.document.uri, all, 'busy = 1; while (true);');
    await vscode.workspace.applyEdit(edit);
    const end = ended(cell);
    const begun = new Promise<void>((resolve) => {
      const subscription = kernel.onMessage(({ type }) => {
        if (type !== 'started') return;
        subscription.dispose();
        resolve();
      });
    });
    void start(cell);
    await begun;
    source.refresh();
    const last = await rowsWhen(view, () => source.state === 'busy');
    assert.equal(textOf(last, 'busy'), '0');
    if (bridge) await bridge.screenshot('variables-busy');
    await interrupt(cell);
    await end;
    await rowsWhen(view, (found) => textOf(found, 'busy') === '1');
    assert.equal(source.state, 'fresh');
    bridge?.close();
  });
});

/** Real rows on the screen. */
async function look({ workbench, ...bridge }: Bridge): Promise<void> {
  const rows = '.panel .monaco-list-row .monaco-icon-label';
  await workbench.waitFor(`${rows}:has-text("series")`);
  await bridge.screenshot('variables');
  await workbench.hover(`${rows}:has-text("images")`);
  await workbench.waitFor('.monaco-hover img');
  await bridge.screenshot('variables-tooltip');
}
