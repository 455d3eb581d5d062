import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge } from '../host/bridge';
import { append, closeAll, errorOf, newNotebook, run, savedNotebook, texts } from './notebooks';

const STDOUT = 'application/vnd.code.notebook.stdout';
const TABLE = 'application/vnd.latentlab.table+json';
const OBJECT = 'application/vnd.latentlab.object+json';

describe('outputs', () => {
  afterEach(closeAll);

  it('that are objects are drawn as trees', async () => {
    const { notebook } = await newNotebook(
      "({ name: 'a run', options: { latents: 2, layers: [{ units: 512 }, { units: 256 }] }, losses: Array.from({ length: 200 }, (_, i) => ({ step: i })) })",
    );
    const cell = await run(notebook.cellAt(0));
    assert.equal(texts(cell, OBJECT).length, 1);
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const tree = '[data-latentlab-view] .latentlab-figure';
      await bridge.outputs.scrollTo(tree);
      assert.ok((await bridge.outputs.box(tree)).height > 100);
      await bridge.screenshot('object-tree');
    } finally {
      bridge.close();
    }
  });

  it('that are records are drawn as tables, which sort', async () => {
    const { notebook } = await newNotebook(
      "Array.from({ length: 300 }, (_, i) => ({ epoch: i + 1, model: i % 2 ? 'VAE' : 'IWAE', loss: 240.5 / (1 + i) }))",
    );
    const cell = await run(notebook.cellAt(0));
    assert.equal(texts(cell, TABLE).length, 1);
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const sort = '[data-latentlab-view] th button:has-text("loss")';
      await bridge.outputs.waitFor(sort);
      await bridge.outputs.press(sort, 'Enter');
      await bridge.outputs.waitFor('[data-latentlab-view] th[aria-sort="ascending"]');
      assert.equal(await bridge.outputs.text('[data-latentlab-view] tbody td'), '300');
      await bridge.screenshot('record-table');
    } finally {
      bridge.close();
    }
  });

  it('that are figures, formulas, drawings and files of pictures are drawn', async () => {
    const { notebook } = await newNotebook(
      "({ data: [{ y: [3, 1, 2], type: 'bar' }, { y: [1, 2, 3] }], layout: { title: { text: 'Two traces' }, height: 200 } })",
      'latex`\\mathrm{KL}(q \\| p) = \\int q \\log \\frac{q}{p}`',
      "svg`<svg width='120' height='40'><rect width='120' height='40' fill='#c0ffee'/></svg>`",
      "import { image } from 'latentlab'; await image(Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64'))",
    );
    for (const cell of notebook.getCells()) await run(cell);
    const mimes = notebook.getCells().map(({ outputs }) => outputs[0]!.items[0]!.mime);
    assert.deepEqual(mimes, ['application/vnd.plotly.v1+json', 'text/latex', 'image/svg+xml', 'image/png']);
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      await bridge.outputs.waitFor('.main-svg .barlayer .trace');
      await bridge.outputs.waitFor('.katex', { state: 'attached' });
      await bridge.outputs.scrollTo('.output_container img');
      await bridge.screenshot('figures');
    } finally {
      bridge.close();
    }
  });

  it('that are charts of Vega-Lite’s are drawn', async () => {
    const { notebook } = await newNotebook(
      `({
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  title: 'Loss by model',
  data: { values: [{ run: 'VAE', loss: 3 }, { run: 'IWAE', loss: 2 }, { run: 'PCA', loss: -1 }] },
  transform: [{ filter: 'datum.loss > 0' }],
  mark: 'bar',
  encoding: { x: { field: 'loss', type: 'quantitative' }, y: { field: 'run' }, color: { field: 'run' } },
})`,
    );
    const cell = await run(notebook.cellAt(0));
    assert.equal(cell.outputs[0]!.items[0]!.mime, 'application/vnd.vegalite.v6+json');
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      await bridge.outputs.waitFor('.chart svg .mark-rect path[aria-label="loss: 3; run: VAE"]');
      await bridge.screenshot('vega-lite');
    } finally {
      bridge.close();
    }
  });

  it('that are errors have links to places in cells and files, and are saved without them', async () => {
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const file = vscode.Uri.joinPath(folder, 'thrower.ts');
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode("export function thrower(): never {\n  throw new RangeError('too far');\n}\n"),
    );
    const notebook = await savedNotebook('errors.ipynb', 'latentlab');
    const editor = await vscode.window.showNotebookDocument(notebook);
    await append(notebook, "import { thrower } from './thrower.ts';\n\nfunction inner() {\n  thrower();\n}");
    await run(notebook.cellAt(0));
    const cell = await append(notebook, 'inner();');
    await run(cell);
    assert.match(
      errorOf(cell)!.stack,
      /RangeError: too far\n {4}at thrower \(.*thrower\.ts:2:9\)\n {4}at inner \(cell 1:4:3\)/,
    );
    await notebook.save();
    const saved = new TextDecoder().decode(await vscode.workspace.fs.readFile(notebook.uri));
    assert.match(saved, /at inner \(cell 1:4:3\)/);
    assert.ok(!saved.includes('<a href'));
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const place = 'a:text-is("cell 1:4:3")';
      await bridge.outputs.waitFor(place);
      await bridge.screenshot('error-links');
      await bridge.outputs.click(place);
      await until(() => editor.selection.start === 0);
      await until(() => vscode.window.activeTextEditor?.document === notebook.cellAt(0).document);
      await until(() => vscode.window.activeTextEditor?.selection.start.line === 3);
      await bridge.outputs.click('a:has-text("thrower.ts:2:9")');
      await until(() => vscode.window.activeTextEditor?.document.uri.path === file.path);
      await until(() => vscode.window.activeTextEditor?.selection.start.line === 1);
    } finally {
      bridge.close();
    }
  });

  it('of 100,000 lines hold the beginning and the end, and are opened whole', async () => {
    const { notebook } = await newNotebook('1 + 1');
    await run(notebook.cellAt(0));
    const cell = await append(notebook, 'for (let i = 0; i < 100_000; i++) console.log(`line ${i}`)');
    await run(cell);
    const text = texts(cell, STDOUT).join('');
    assert.equal(cell.outputs.length, 1);
    assert.match(text, /^line 0\nline 1\n[^]*\n… [\d,]+ lines \(\d+ kB\) left out here …\n\n[^]*\nline 99999\n$/);
    assert.ok(text.length < 530_000, String(text.length));
    const bridge = await connectBridge();
    try {
      if (bridge) {
        await bridge.workbench.waitFor('.cell-statusbar-container :text("open all output")');
        await bridge.screenshot('lines');
        await bridge.workbench.click('.cell-statusbar-container :text("open all output")');
        await bridge.workbench.waitFor('.monaco-editor:has-text("line 0")');
      } else await vscode.commands.executeCommand('latentlab.openWholeOutput', cell);
      const { document } = await shown('latentlab-output');
      assert.equal(document.lineCount, 100_001);
      assert.equal(document.lineAt(54_321).text, 'line 54321');
      await bridge?.screenshot('lines-whole');
      await assert.rejects(async () => vscode.workspace.fs.writeFile(document.uri, new Uint8Array()));
    } finally {
      bridge?.close();
    }
  });
});

/** Settles when something that VS Code's editors say holds. */
function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const { window } = vscode;
    const look = () => {
      if (!condition()) return;
      subscriptions.dispose();
      resolve();
    };
    const subscriptions = vscode.Disposable.from(
      window.onDidChangeActiveTextEditor(look),
      window.onDidChangeTextEditorSelection(look),
      window.onDidChangeNotebookEditorSelection(look),
    );
    look();
  });
}

/** The editor of a document of this scheme, once it is the one in use. */
async function shown(scheme: string): Promise<vscode.TextEditor> {
  const here = () => {
    const editor = vscode.window.activeTextEditor;
    return editor?.document.uri.scheme === scheme ? editor : undefined;
  };
  const editor = here();
  if (editor) return editor;
  return new Promise((resolve) => {
    const subscription = vscode.window.onDidChangeActiveTextEditor(() => {
      const found = here();
      if (!found) return;
      subscription.dispose();
      resolve(found);
    });
  });
}
