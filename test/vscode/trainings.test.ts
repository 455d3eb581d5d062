import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MIME, type LossCurvesView } from '../../kernel/views/types';
import { connectBridge, type Bridge } from '../host/bridge';
import {
  append,
  closeAll,
  ended,
  interrupt,
  latentlab,
  newNotebook,
  openSample,
  savedNotebook,
  start,
  views,
} from './notebooks';

const TRAINING = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });
await vae.fit(data, { epochs: 1_000_000 });`;

const settings = () => vscode.workspace.getConfiguration('latentlab');
const folder = () => vscode.workspace.workspaceFolders![0]!.uri.fsPath;
const ANSWER = '.quick-input-list .monaco-list-row';

/** A training under way, by the extension's own knowledge. */
async function train() {
  const { notebook } = await newNotebook(TRAINING);
  return trainIn(notebook.cellAt(0));
}

async function trainIn(cell: vscode.NotebookCell) {
  const end = ended(cell);
  void start(cell);
  const kernel = (await latentlab()).kernels.of(cell.notebook);
  await new Promise<void>((resolve) => {
    const subscription = kernel.onMessage(() => {
      if (!kernel.trainings.some(({ progress }) => progress.step > 5)) return;
      subscription.dispose();
      resolve();
    });
  });
  return { cell, end, kernel };
}

const curves = (cell: vscode.NotebookCell) => views<LossCurvesView>(cell, MIME.lossCurves)[0]!;

describe('a training that a restart would end', () => {
  afterEach(async () => {
    await settings().update('confirmEndingTraining', undefined, vscode.ConfigurationTarget.Workspace);
    await closeAll();
    rmSync(path.join(folder(), 'checkpoints'), { recursive: true, force: true });
  });

  it('is stopped without a question where the settings say so, and its curves stay', async () => {
    await settings().update('confirmEndingTraining', false, vscode.ConfigurationTarget.Workspace);
    const { cell, end, kernel } = await train();
    const { pid } = kernel;
    await vscode.commands.executeCommand('latentlab.restartKernel');
    await end;
    assert.notEqual(kernel.pid, pid);
    assert.equal(curves(cell).progress.state, 'stopped');
    assert.ok(curves(cell).series[0]!.steps.shape[0]! > 5);
  });

  // Only VS Code in a browser lets a suite press its buttons.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());

    it('shows in its view that it was stopped', async () => {
      await settings().update('confirmEndingTraining', false, vscode.ConfigurationTarget.Workspace);
      const { end, kernel } = await train();
      await kernel.restart();
      await end;
      await bridge.outputs.waitFor('.progress-text:has-text("stopped when its kernel ended")');
      await bridge.screenshot('stopped-training');
    });

    it('goes on when the user calls it off', async () => {
      const { end, kernel } = await train();
      const { pid } = kernel;
      const restart = vscode.commands.executeCommand('latentlab.restartKernel');
      await bridge.workbench.waitFor(`${ANSWER}:has-text("Save Checkpoint and Restart")`);
      await bridge.screenshot('restart-question');
      await bridge.workbench.waitFor(`${ANSWER}:has-text("Cancel")`);
      await bridge.workbench.click(`${ANSWER}:has-text("Cancel")`);
      await restart;
      assert.equal(kernel.pid, pid);
      assert.equal(kernel.trainings.length, 1);
      await kernel.restart();
      await end;
    });

    it('is saved first, where that is wanted', async () => {
      const { cell, end, kernel } = await train();
      const restart = vscode.commands.executeCommand('latentlab.restartKernel');
      await bridge.workbench.waitFor(`${ANSWER}:has-text("Save Checkpoint and Restart")`);
      await bridge.workbench.click(`${ANSWER}:has-text("Save Checkpoint and Restart")`);
      await Promise.all([restart, end]);
      assert.equal(curves(cell).progress.state, 'stopped');
      assert.equal(kernel.trainings.length, 0);
      const [saved] = readdirSync(path.join(folder(), 'checkpoints'));
      assert.match(saved!, /^vae-1-latent.*-step-\d+$/);
      assert.ok(existsSync(path.join(folder(), 'checkpoints', saved!, 'checkpoint.json')));
    });

    it('goes on when the tab of its file is closed, which VS Code holds open for it, and is there when it is opened', async () => {
      await savedNotebook('closed.ipynb', 'latentlab');
      const { notebook } = await openSample('closed.ipynb');
      const { cell, end, kernel } = await trainIn(await append(notebook, TRAINING));
      await notebook.save();
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      const again = await openSample('closed.ipynb');
      assert.equal(again.notebook, notebook);
      assert.equal(kernel.trainings.length, 1);
      await interrupt(cell);
      await end;
      assert.equal(curves(cell).progress.state, 'cancelled');
    });

    it('lives on when its notebook is closed, until the user ends it', async () => {
      const { kernel } = await train();
      const client = await kernel.start();
      await closeAll();
      await bridge.workbench.waitFor(`${ANSWER}:has-text("Keep Training")`);
      assert.ok(client.alive);
      await bridge.workbench.waitFor(`${ANSWER}:has-text("End Training")`);
      await bridge.workbench.click(`${ANSWER}:has-text("End Training")`);
      await client.exited;
    });
  }
});
