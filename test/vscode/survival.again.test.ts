/**
 * One window of many that are opened and closed one after the other, while a training and what a cell has declared live on
 * in one kernel.
 *
 * Environment, from `run.mjs`: `LATENTLAB_WINDOW` (which of them this is, from 1), `LATENTLAB_WINDOWS` (how many there are).
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { KernelProcess } from '../../extension/kernelProcess';
import { MIME, type LossCurvesView } from '../../kernel/views/types';
import {
  append,
  appendAndRun,
  ended,
  interrupt,
  latentlab,
  openSample,
  printedBy,
  savedNotebook,
  start,
  textOf,
  views,
  when,
} from './notebooks';

const WINDOW = Number(process.env['LATENTLAB_WINDOW']);
const WINDOWS = Number(process.env['LATENTLAB_WINDOWS']);
const NAME = 'again.ipynb';

const TRAINING = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });
console.log('begun');
await vae.fit(data, { epochs: 1_000_000 });`;

interface Left {
  pid: number;
  step: number;
}

const file = () => path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, 'again.json');
const stepOf = ({ trainings }: KernelProcess) => trainings[0]?.progress.step ?? 0;

/** Settles once the kernel's training has gone beyond a step. */
function trainedBeyond(kernel: KernelProcess, step: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (stepOf(kernel) <= step) return;
      subscription.dispose();
      resolve();
    };
    const subscription = kernel.onMessage(look);
    look();
  });
}

describe(`window ${WINDOW} of ${WINDOWS}`, () => {
  it('has the training of the one before, further on, with all that its cell has shown', async () => {
    if (WINDOW === 1) await begun();
    const { notebook } = await openSample(NAME);
    const cell = notebook.cellAt(1);
    const kernel = (await latentlab()).kernels.of(notebook);
    while (kernel.pid === undefined) await new Promise((resolve) => kernel.onStateChange(resolve));
    if (WINDOW > 1) {
      const left = JSON.parse(readFileSync(file(), 'utf8')) as Left;
      assert.equal(kernel.pid, left.pid);
      await trainedBeyond(kernel, left.step);
      await when(notebook, () => views(cell, MIME.lossCurves).length > 0);
    }
    assert.equal(printedBy(cell), 'begun\n');
    assert.equal(textOf(notebook.cellAt(0)), "'kept'");
    if (WINDOW < WINDOWS) return leave(notebook, kernel);
    const step = stepOf(kernel);
    const end = ended(cell);
    await interrupt(cell);
    await end;
    const [curves] = views<LossCurvesView>(cell, MIME.lossCurves);
    assert.equal(curves!.progress.state, 'cancelled');
    assert.ok(curves!.progress.step >= step);
    assert.equal(textOf(await appendAndRun(notebook, 'word')), "'kept'");
  });
});

async function begun(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('latentlab');
  await settings.update('keepKernel.busyHours', 1, vscode.ConfigurationTarget.Workspace);
  await savedNotebook(NAME, 'latentlab');
  const { notebook } = await openSample(NAME);
  await appendAndRun(notebook, "const word = 'kept'; word");
  const cell = await append(notebook, TRAINING);
  const kernel = (await latentlab()).kernels.of(notebook);
  void start(cell);
  await trainedBeyond(kernel, 0);
  await notebook.save();
}

async function leave(notebook: vscode.NotebookDocument, kernel: KernelProcess): Promise<void> {
  await notebook.save();
  writeFileSync(file(), JSON.stringify({ pid: kernel.pid!, step: stepOf(kernel) } satisfies Left));
}
