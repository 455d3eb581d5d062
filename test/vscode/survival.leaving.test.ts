/** First of two windows: what it leaves behind, `survival.returning.test.ts` finds. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { append, latentlab, openSample, printedBy, run, savedNotebook, start, when } from './notebooks';

const TRAINING = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });
await vae.fit(data, { epochs: 1_000_000 });`;

/** Code that waits for the end of this window's extension host. */
const untilAlone = `for (;;) {
  try { process.kill(${process.pid}, 0); } catch { break; }
  await new Promise((r) => setTimeout(r, 50));
}`;

const settings = () => vscode.workspace.getConfiguration('latentlab');

/** A notebook of the folder, shown and saved with these cells. */
async function notebookOf(name: string, ...cells: string[]): Promise<vscode.NotebookDocument> {
  await savedNotebook(name, 'latentlab');
  const { notebook } = await openSample(name);
  for (const cell of cells) await append(notebook, cell);
  await notebook.save();
  return notebook;
}

describe('a window that is closed', () => {
  const pids: Record<string, number> = {};

  before(async () => {
    await settings().update('keepKernel.idleMinutes', 5, vscode.ConfigurationTarget.Workspace);
    await settings().update('keepKernel.busyHours', 1, vscode.ConfigurationTarget.Workspace);
  });

  /** The last one that a test is about; its process is what the next window finds. */
  async function remember(notebook: vscode.NotebookDocument): Promise<void> {
    const { pid } = (await latentlab()).kernels.of(notebook);
    assert.ok(pid);
    pids[path.posix.basename(notebook.uri.path)] = pid;
    const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;
    writeFileSync(path.join(folder, 'left.json'), JSON.stringify(pids));
  }

  it('leaves variables', async () => {
    const notebook = await notebookOf('variables.ipynb', 'let visits = 1; console.log("before"); visits');
    await run(notebook.cellAt(0));
    await notebook.save();
    await remember(notebook);
  });

  it('leaves a cell under way that ends when nobody looks', async () => {
    const code = `console.log("begun"); ${untilAlone} console.log("ended alone"); 3 + 4`;
    const notebook = await notebookOf('ends.ipynb', code);
    void start(notebook.cellAt(0));
    await when(notebook, () => printedBy(notebook.cellAt(0)) === 'begun\n');
    await remember(notebook);
  });

  it('leaves a kernel that dies when nobody looks', async () => {
    const code = `console.log("doomed"); ${untilAlone} process.exit(3)`;
    const notebook = await notebookOf('dies.ipynb', code);
    void start(notebook.cellAt(0));
    await when(notebook, () => printedBy(notebook.cellAt(0)) === 'doomed\n');
    await remember(notebook);
  });

  it('leaves a cell that waits behind one under way', async () => {
    const notebook = await notebookOf('waits.ipynb', `console.log("begun"); ${untilAlone}`, '"after"');
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await when(notebook, () => printedBy(notebook.cellAt(0)) === 'begun\n');
    await remember(notebook);
  });

  it('leaves a kernel that nobody will want', async () => {
    const notebook = await notebookOf('unwanted.ipynb', '1');
    await run(notebook.cellAt(0));
    await notebook.save();
    await remember(notebook);
  });

  it('leaves a training', async () => {
    const notebook = await notebookOf('training.ipynb', TRAINING, '"after"');
    void start(notebook.cellAt(0));
    const kernel = (await latentlab()).kernels.of(notebook);
    await new Promise<void>((resolve) => {
      const subscription = kernel.onMessage(() => {
        if (!kernel.trainings.some(({ progress }) => progress.step > 5)) return;
        subscription.dispose();
        resolve();
      });
    });
    await notebook.save();
    await remember(notebook);
  });
});
