import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { KernelMessage } from '../../kernel/protocol';
import { MIME, type LossCurvesView } from '../../kernel/views/types';
import {
  append,
  appendAndRun,
  closeAll,
  ended,
  errorOf,
  interrupt,
  latentlab,
  newNotebook,
  run,
  savedNotebook,
  start,
  textOf,
  views,
} from './notebooks';

const MODEL = `
import { fashionMnist, VAE } from 'latentlab';
const data = (await fashionMnist()).take(1000);
const vae = new VAE({ input: data.shape, latent: 2, hidden: [32], seed: 1 });`;

/** The next message of this type from the notebook's kernel. */
async function next<T extends KernelMessage['type']>(notebook: vscode.NotebookDocument, type: T): Promise<void> {
  const { kernels } = await latentlab();
  await new Promise<void>((resolve) => {
    const subscription = kernels.of(notebook).onMessage((message) => {
      if (message.type !== type) return;
      subscription.dispose();
      resolve();
    });
  });
}

describe('the kernel in VS Code', () => {
  afterEach(closeAll);

  it('runs TypeScript and shows values, streams and errors with their place', async () => {
    const { notebook } = await newNotebook('const a: number = 20;\nconsole.log("said");\na + 1');
    const cell = await run(notebook.cellAt(0));
    assert.equal(textOf(cell), '21');
    assert.equal(cell.executionSummary!.success, true);
    const failed = await appendAndRun(notebook, 'let b = a;\nnull!.x');
    assert.match(errorOf(failed)!.stack, /cell 2:2:7/);
    const [problem] = vscode.languages.getDiagnostics(failed.document.uri);
    assert.equal(problem!.range.start.line, 1);
  });

  it('marks an error until the cell is edited or the kernel starts anew', async () => {
    const { notebook } = await newNotebook('null!.x');
    const { uri } = notebook.cellAt(0).document;
    const marks = () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'LatentLab').length;
    await run(notebook.cellAt(0));
    assert.equal(marks(), 1);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '/* edited */ ');
    await vscode.workspace.applyEdit(edit);
    assert.equal(marks(), 0);
    await run(notebook.cellAt(0));
    assert.equal(marks(), 1);
    await vscode.commands.executeCommand('latentlab.restartKernel');
    assert.equal(marks(), 0);
  });

  it('keeps the outputs of a cell that no longer parses', async () => {
    const { notebook } = await newNotebook('"worth keeping"');
    const cell = await run(notebook.cellAt(0));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(cell.document.uri, new vscode.Range(0, 0, 0, 15), 'let x = ;');
    await vscode.workspace.applyEdit(edit);
    await run(cell);
    assert.equal(textOf(cell), "'worth keeping'");
    assert.equal(errorOf(cell)!.name, 'SyntaxError');
  });

  it('stops a training when it is interrupted; the model stays usable', async () => {
    const { notebook } = await newNotebook(MODEL);
    await run(notebook.cellAt(0));
    const cell = await append(notebook, 'await vae.fit(data, { epochs: 100_000 })');
    const end = ended(cell);
    const firstFrame = next(notebook, 'viewFrame');
    void start(cell);
    await firstFrame;
    await interrupt(cell);
    await end;
    assert.equal(errorOf(cell)!.name, 'Interrupted');
    const [curves] = views<LossCurvesView>(cell, MIME.lossCurves);
    assert.equal(curves!.progress.state, 'cancelled');
    const after = await appendAndRun(
      notebook,
      'const again = await vae.fit(data, { epochs: 1 }); [again.progress.state, vae.encode(data).shape]',
    );
    assert.equal(errorOf(after)?.message, undefined);
    assert.equal(textOf(after), "[ 'done', [ 1000, 2 ] ]");
  });

  it('drops the cells that wait when one fails', async () => {
    const { notebook } = await newNotebook('throw new Error("first")', 'globalThis.ran = true');
    const end = ended(notebook.cellAt(0));
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await end;
    assert.equal(textOf(await appendAndRun(notebook, 'globalThis.ran')), undefined);
  });

  it('forgets variables when it is restarted', async () => {
    const { notebook } = await newNotebook('const kept = 5; kept');
    assert.equal(textOf(await run(notebook.cellAt(0))), '5');
    await vscode.commands.executeCommand('latentlab.restartKernel');
    assert.equal(textOf(await appendAndRun(notebook, 'typeof kept')), "'undefined'");
  });

  it('tells why it ended and starts anew with the next run', async () => {
    const { notebook } = await newNotebook('process.exit(7)');
    const cell = await run(notebook.cellAt(0));
    assert.match(errorOf(cell)!.message, /exit code 7[^]*new kernel/);
    assert.equal(textOf(await appendAndRun(notebook, '1 + 1')), '2');
  });

  it('keeps outputs and says what is wrong when it cannot start', async () => {
    const settings = vscode.workspace.getConfiguration('latentlab');
    const { notebook } = await newNotebook('"before"');
    const cell = await run(notebook.cellAt(0));
    await (await latentlab()).kernels.of(notebook).stop();
    await settings.update('device', 'abacus', vscode.ConfigurationTarget.Global);
    try {
      await run(cell);
      assert.match(errorOf(cell)!.message, /abacus/);
      assert.equal(textOf(cell), "'before'");
    } finally {
      await settings.update('device', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('is selected for notebooks that name it, and for no other kernel’s TypeScript', async () => {
    const { kernels } = await latentlab();
    const theirs = await savedNotebook('theirs.ipynb', 'deno');
    const ours = await savedNotebook('ours.ipynb', 'latentlab');
    const selected = new Promise<void>((resolve) => {
      const subscription = kernels.onChange(() => {
        if (!kernels.isSelected(ours)) return;
        subscription.dispose();
        resolve();
      });
    });
    await vscode.window.showNotebookDocument(theirs);
    await vscode.window.showNotebookDocument(ours);
    await selected;
    assert.equal(kernels.isSelected(theirs), false);
  });

  it('uses no proposed API', () => {
    const { packageJSON } = vscode.extensions.getExtension('latentlab.latentlab')! as { packageJSON: object };
    assert.ok(!('enabledApiProposals' in packageJSON));
  });
});
