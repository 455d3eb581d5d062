import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainedOnSelection } from '../../extension/commands/trainOnSelection';
import { MIME, type LatentScatterView } from '../../kernel/views/types';
import { connectBridge } from '../host/bridge';
import { closeAll, errorOf, newNotebook, run, texts, views } from './notebooks';

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

  // Only VS Code in a browser lets a suite choose in its boxes.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    describe('asks for the class of a table where none is plain', () => {
      const ITEM = '.quick-input-list .monaco-list-row';
      const TABLE = ['id,a,b,kind', ...ROWS.map(([a, b], i) => `s${i},${a},${b},${['ant', 'bee', 'cat'][i % 3]}`)];

      async function trainChoosing(choice: string, name: string): Promise<TrainedOnSelection> {
        const bridge = (await connectBridge())!;
        try {
          const result = command(await fileInWorkspace(name, TABLE.join('\n')));
          const question = `Which column is the class of each sample in ${name}?`;
          await bridge.workbench.waitFor(`.quick-input-widget:has-text(${JSON.stringify(question)})`, {
            timeout: 90_000,
          });
          await bridge.screenshot('class-column');
          if (choice === 'Escape') await bridge.workbench.press('.quick-input-widget input[type=text]', choice);
          else await bridge.workbench.click(`${ITEM}:has-text(${JSON.stringify(choice)})`);
          return await result;
        } finally {
          bridge.close();
        }
      }

      it('and writes the chosen one into the cell', async () => {
        const result = await trainChoosing('kind', 'kinds.csv');
        if ('refused' in result) assert.fail(result.refused);
        assertTrained(result.cell);
        const code = result.cell.document.getText();
        assert.ok(code.includes('loadData("kinds.csv", { label: "kind", columns: ["a", "b"] })'), code);
        assert.match(code, /90 samples of 2 values/);
        const [view] = views<LatentScatterView>(result.cell, MIME.latentScatter);
        assert.deepEqual(view!.classNames, ['ant', 'bee', 'cat']);
      });

      it('or none', async () => {
        const result = await trainChoosing('No class column', 'unlabelled.csv');
        if ('refused' in result) assert.fail(result.refused);
        assertTrained(result.cell);
        assert.ok(result.cell.document.getText().includes('loadData("unlabelled.csv", { columns: ["a", "b"] })'));
      });

      it('and does nothing without an answer', async () => {
        const result = await changingNothing(() => trainChoosing('Escape', 'unanswered.csv'));
        assert.deepEqual(result, { refused: 'no column was chosen.' });
      });
    });
  }

  it('takes a column that is plainly the class without asking', async () => {
    const rows = ROWS.map(([a, b], i) => `${a},${b},${['ant', 'bee', 'cat'][i % 3]}`);
    const trained = await train(await fileInWorkspace('plain.csv', ['a,b,kind', ...rows].join('\n')));
    assertTrained(trained);
    assert.match(trained.document.getText(), /90 samples of 2 values/);
  });

  describe('changes nothing and says why', () => {
    /** The reason that the command gives. */
    async function refusal(target?: unknown): Promise<string> {
      const result = await changingNothing(() => command(target));
      assert.ok('refused' in result);
      return result.refused;
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

/** Asserts that no cell is written and no notebook opened meanwhile, whatever else closes. */
async function changingNothing<T>(act: () => Promise<T>): Promise<T> {
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
    const result = await act();
    assert.deepEqual({ opened, written }, { opened: [], written: [] });
    return result;
  } finally {
    watching.dispose();
  }
}
