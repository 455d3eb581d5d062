import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainedOnSelection, Unattended } from '../../extension/commands/training';
import { MIME, type LatentScatterView } from '../../kernel/views/types';
import { changingNothing } from './changingNothing';
import { closeAll, errorOf, latentlab, newNotebook, run, texts, textOf, views, appendAndRun } from './notebooks';

/** Three clusters in four dimensions, as CSV. */
const ROWS = Array.from({ length: 90 }, (_, i) =>
  [0, 1, 2, 3].map((j) => (((i % 3) * (j + 1)) % 4) + Math.sin(7 * i + j) / 5),
);
const CSV = ['a,b,c,d', ...ROWS.map((row) => row.map((value) => value.toFixed(3)).join(','))].join('\n');

const SHORT: Unattended = { unattended: true, epochs: 5 };

const command = (target?: unknown, answers: Unattended = SHORT, name = 'trainVaeOnSelection') =>
  vscode.commands.executeCommand<TrainedOnSelection>(`latentlab.${name}`, target, answers);

async function train(target?: unknown, answers?: Unattended): Promise<vscode.NotebookCell> {
  const result = await command(target, answers);
  if ('refused' in result) assert.fail(result.refused);
  return result.cell;
}

async function openText(content: string, language: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

async function fileInWorkspace(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
  await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? new TextEncoder().encode(content) : content);
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
    assert.match(trained.document.getText(), /60 samples of 4 columns/);
  });

  it('trains on the value of a whole cell, or the last value of several that are selected', async () => {
    const editor = await newNotebook(`const rows = ${JSON.stringify(ROWS)};`, 'for (const row of rows) row.length;');
    const { notebook } = editor;
    await run(notebook.cellAt(0));
    editor.selections = [new vscode.NotebookRange(0, 2)];
    const trained = await train(notebook.cellAt(1));
    assertTrained(trained);
    assert.equal(trained.index, 2);
    assert.match(trained.document.getText(), /Dataset\.from\(rows\)/);
  });

  it('trains on a variable of the list, and on what a lasso has named', async () => {
    const { variables } = await latentlab();
    const { notebook } = await newNotebook(`const rows = ${JSON.stringify(ROWS)};\nconst lassoed = rows.slice(0, 40);`);
    await run(notebook.cellAt(0));
    const list = await variables.tree.getChildren();
    const row = list.find((one) => one.kind === 'variable' && one.variable.name === 'rows')!;
    assert.match(variables.tree.getTreeItem(row).contextValue!, /samples/);
    const trained = await train(row);
    assertTrained(trained);
    const second = await train({ expression: 'lassoed', cell: notebook.cellAt(0) });
    assertTrained(second);
    assert.equal(second.index, 1);
    assert.match(second.document.getText(), /Dataset\.from\(lassoed\)/);
  });

  it('takes names that the notebook has not, so that an existing model stays', async () => {
    const { notebook } = await newNotebook(
      `const rows = ${JSON.stringify(ROWS)};\nconst vae = 'the last good one';\nrows`,
    );
    const trained = await train(await run(notebook.cellAt(0)));
    assertTrained(trained);
    assert.match(trained.document.getText(), /const vae2 = model2;/);
    assert.match(trained.document.getText(), /const history2 = await model2\.fit\(train2/);
    assert.equal(textOf(await appendAndRun(notebook, 'vae')), "'the last good one'");
  });

  it('trains on the numbers that are selected in an editor, in a new notebook', async () => {
    const editor = await openText(`# measured on Monday\n${CSV}\n`, 'csv');
    editor.selection = new vscode.Selection(1, 0, ROWS.length + 2, 0);
    const trained = await train();
    assertTrained(trained);
    assert.match(trained.document.getText(), /90 samples of 4 columns/);
  });

  it('trains on a file of the explorer, whose settings can be changed in place and run again', async () => {
    const trained = await train(await fileInWorkspace('clusters.tsv', CSV.replaceAll(',', '\t')));
    assertTrained(trained);
    const code = trained.document.getText();
    assert.match(code, /readCsv\('clusters\.tsv'\)/);
    const edit = new vscode.WorkspaceEdit();
    const at = code.indexOf('latent: 2');
    const range = new vscode.Range(trained.document.positionAt(at), trained.document.positionAt(at + 9));
    edit.replace(trained.document.uri, range, 'latent: 3');
    await vscode.workspace.applyEdit(edit);
    assertTrained(await run(trained));
    assert.equal(textOf(await appendAndRun(trained.notebook, 'vae.latentDimensions')), '3');
  });

  it('takes a column that is plainly the class', async () => {
    const rows = ROWS.map(([a, b], i) => `${a},${b},${['ant', 'bee', 'cat'][i % 3]}`);
    const trained = await train(await fileInWorkspace('plain.csv', ['a,b,kind', ...rows].join('\n')));
    assertTrained(trained);
    const [view] = views<LatentScatterView>(trained, MIME.latentScatter);
    assert.deepEqual(view!.classNames, ['ant', 'bee', 'cat']);
  });

  it('writes the cell alone where that is wanted', async () => {
    const { notebook } = await newNotebook(`const rows = ${JSON.stringify(ROWS)};`);
    const result = await command(await run(notebook.cellAt(0)), { ...SHORT, run: false });
    assert.ok('cell' in result && result.history === 'written');
    assert.equal(result.cell.outputs.length, 0);
  });

  it('trains a VQ-VAE by its own command', async () => {
    const file = await fileInWorkspace('vq.csv', CSV);
    const result = await command(file, SHORT, 'trainVqvaeOnSelection');
    assert.ok('cell' in result);
    assert.equal(errorOf(result.cell), undefined);
    assert.match(result.cell.document.getText(), /new VQVAE\(/);
    assert.equal(texts(result.cell, MIME.codebookHistogram).length, 1);
  });

  describe('changes nothing and says why', () => {
    /** The reason that the command gives. */
    async function refusal(target?: unknown, answers = SHORT): Promise<string> {
      const result = await changingNothing(() => command(target, answers));
      assert.ok('refused' in result);
      return result.refused;
    }
    const ofCell = async (code: string) => refusal(await run((await newNotebook(code)).notebook.cellAt(0)));

    it('for a value that is no data', async () => {
      assert.match(await ofCell('const greeting = "hello";'), /greeting is no data/);
    });

    it('for a cell that has no value', async () => {
      assert.match(await ofCell('for (const i of [1, 2]) console.log(i);'), /the cell has no value/);
    });

    it('for too few samples', async () => {
      assert.match(await ofCell('const few = [[1, 2], [3, 5]];'), /2 samples of 2 values; a VAE needs at least 10/);
    });

    it('for text among numbers, naming line and column', async () => {
      await openText(CSV.replace('\n0.', '\nten.'), 'csv');
      const columns = ['a', 'b', 'c', 'd'];
      assert.match(await refusal(undefined, { ...SHORT, columns }), /line 2, column “a”: found “ten\./);
    });

    it('for infinity in the data, naming row and column', async () => {
      const code = `const holed = ${JSON.stringify(ROWS)}; holed[7][2] = Infinity;\nholed`;
      assert.match(await ofCell(code), /row 7, column “x2” is infinite/);
    });

    const odd: [string, string | Uint8Array, RegExp][] = [
      ['words.csv', 'just words', /words\.csv/],
      ['empty.csv', '', /empty\.csv: it is empty/],
      ['binary.csv', Uint8Array.from({ length: 64 }, (_, i) => (i * 37) % 256), /binary\.csv: this is not text/],
      ['broken.npy', 'no array', /broken\.npy: this is not an \.npy file/],
      ['notes.md', 'a,b\n1,2', /notes\.md: expected \.csv/],
    ];
    for (const [name, content, reason] of odd) {
      it(`for ${name}`, async () => {
        assert.match(await refusal(await fileInWorkspace(name, content)), reason);
      });
    }

    it('for several files that are selected together', async () => {
      const files = [await fileInWorkspace('one.csv', CSV), await fileInWorkspace('two.csv', CSV)];
      const result = await changingNothing(() =>
        vscode.commands.executeCommand<TrainedOnSelection>('latentlab.trainVaeOnSelection', files[0], files),
      );
      assert.match('refused' in result ? result.refused : '', /2 files are selected; choose one data file/);
    });
  });
});
