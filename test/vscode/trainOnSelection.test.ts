import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainedOnSelection } from '../../extension/commands/trainOnSelection';
import { MIME } from '../../kernel/views/types';
import { connectBridge } from '../host/bridge';
import { closeAll, errorOf, newNotebook, run, texts } from './notebooks';

/** Three clusters in four dimensions, as CSV. */
const ROWS = Array.from({ length: 90 }, (_, i) =>
  [0, 1, 2, 3].map((j) => (((i % 3) * (j + 1)) % 4) + Math.sin(7 * i + j) / 5),
);
const CSV = ['a,b,c,d', ...ROWS.map((row) => row.map((value) => value.toFixed(3)).join(','))].join('\n');

const command = (target?: unknown) =>
  vscode.commands.executeCommand<TrainedOnSelection>('latentlab.trainVaeOnSelection', target);

async function train(target?: unknown): Promise<vscode.NotebookCell> {
  const result = await command(target);
  if ('refused' in result) assert.fail(result.refused);
  return result.cell;
}

async function openText(content: string, language: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

async function fileInWorkspace(name: string, content: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return uri;
}

function assertTrained(cell: vscode.NotebookCell): void {
  assert.equal(errorOf(cell), undefined);
  for (const mime of [MIME.lossCurves, MIME.latentScatter, MIME.reconstructions]) {
    assert.equal(texts(cell, mime).length, 1, mime);
  }
}

describe('Train VAE on Selection', function () {
  this.timeout(3 * 60_000);
  afterEach(closeAll);

  it('trains on the expression that is selected in a cell, in a new cell below', async () => {
    const { notebook } = await newNotebook(
      `const rows = ${JSON.stringify(ROWS)};\nconst half = rows.slice(0, 60);`,
      '"below"',
    );
    const cell = await run(notebook.cellAt(0));
    await vscode.commands.executeCommand('notebook.cell.edit');
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document, cell.document);
    const start = cell.document.getText().indexOf('rows.slice');
    editor.selection = new vscode.Selection(cell.document.positionAt(start), cell.document.positionAt(start + 17));
    const trained = await train();
    assertTrained(trained);
    assert.equal(trained.index, 1);
    assert.match(trained.document.getText(), /Dataset\.from\(rows\.slice\(0, 60\)\)/);
    assert.match(trained.document.getText(), /60 samples of 4 values/);
  });

  it('trains on the value of a whole cell', async () => {
    const { notebook } = await newNotebook(`const rows = ${JSON.stringify(ROWS)};`);
    const trained = await train(await run(notebook.cellAt(0)));
    assertTrained(trained);
    assert.match(trained.document.getText(), /Dataset\.from\(rows\)/);
  });

  it('trains on the numbers that are selected in an editor, in a new notebook', async () => {
    const editor = await openText(`# measured on Monday\n${CSV}\n`, 'csv');
    editor.selection = new vscode.Selection(1, 0, ROWS.length + 2, 0);
    const trained = await train();
    assertTrained(trained);
    assert.match(trained.document.getText(), /90 samples of 4 values/);
    const bridge = await connectBridge();
    await bridge?.screenshot('train-on-selection');
    bridge?.close();
  });

  it('trains on a file of the explorer', async () => {
    const trained = await train(await fileInWorkspace('clusters.tsv', CSV.replaceAll(',', '\t')));
    assertTrained(trained);
    assert.match(trained.document.getText(), /loadData\("clusters\.tsv"\)/);
  });

  describe('changes nothing and says why', () => {
    /** The reason that the command gives; asserts that it wrote no cell and opened no notebook, whatever else closes. */
    async function refusal(target?: unknown): Promise<string> {
      const opened: string[] = [];
      const written: string[] = [];
      const watching = vscode.Disposable.from(
        vscode.workspace.onDidOpenNotebookDocument(({ uri }) => opened.push(uri.toString())),
        vscode.workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
          for (const { addedCells } of contentChanges)
            written.push(...addedCells.map(({ document }) => document.getText()));
        }),
      );
      try {
        const result = await command(target);
        assert.deepEqual({ opened, written }, { opened: [], written: [] });
        assert.ok('refused' in result);
        return result.refused;
      } finally {
        watching.dispose();
      }
    }

    it('for a value that is no data', async () => {
      const { notebook } = await newNotebook('const greeting = "hello";');
      assert.match(await refusal(await run(notebook.cellAt(0))), /greeting is no data/);
    });

    it('for a cell that has no value', async () => {
      const { notebook } = await newNotebook('for (const i of [1, 2]) console.log(i);');
      assert.match(await refusal(await run(notebook.cellAt(0))), /the cell has no value/);
    });

    it('for too few samples', async () => {
      const { notebook } = await newNotebook('const few = [[1, 2], [3, 4]];');
      assert.match(await refusal(await run(notebook.cellAt(0))), /2 samples of 2 values; a VAE needs at least 10/);
    });

    it('for text with a column of words', async () => {
      await openText(CSV.replace('\n0.', '\nten.'), 'csv');
      assert.match(await refusal(), /ten/);
    });

    it('for NaN in the data, naming row and column', async () => {
      const { notebook } = await newNotebook(`const holed = ${JSON.stringify(ROWS)}; holed[7][2] = NaN;\nholed`);
      assert.match(await refusal(await run(notebook.cellAt(0))), /NaN/);
    });

    it('for a file that is no data', async () => {
      assert.match(await refusal(await fileInWorkspace('notes.csv', 'just words')), /notes\.csv/);
    });
  });
});
