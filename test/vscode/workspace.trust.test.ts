import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TrainedOnSelection } from '../../extension/commands/training';
import { UNTRUSTED } from '../../extension/trust';
import { closeAll, ended, errorOf, latentlab, newNotebook, textOf } from './notebooks';

describe('an untrusted workspace', () => {
  afterEach(closeAll);

  it('is what this suite runs in', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('runs no cell, starts no kernel, keeps the outputs, and says why', async () => {
    const { kernels, controller } = await latentlab();
    const { notebook } = await newNotebook('1 + 1');
    const cell = notebook.cellAt(0);
    // VS Code itself asks for trust before it calls a controller; ours does not rely on it.
    const end = ended(cell);
    await controller.execute([cell], notebook);
    await end;
    assert.equal(textOf(cell), undefined);
    assert.equal(errorOf(cell)!.message, UNTRUSTED);
    assert.equal(kernels.of(notebook).pid, undefined);
  });

  it('starts no kernel when it is asked to restart one', async () => {
    const { kernels, controller } = await latentlab();
    const { notebook } = await newNotebook('1 + 1');
    await assert.rejects(controller.restart(notebook), { message: UNTRUSTED });
    assert.deepEqual(kernels.of(notebook).state, { state: 'stopped' });
    assert.equal(kernels.of(notebook).pid, undefined);
  });

  it('looks for no devices', async () => {
    assert.deepEqual(await vscode.commands.executeCommand('latentlab.selectDevice'), { refused: UNTRUSTED });
  });

  it('trains on no selection', async () => {
    await newNotebook('[[1, 2], [3, 4]]');
    const result = await vscode.commands.executeCommand<TrainedOnSelection>('latentlab.trainVaeOnSelection');
    assert.deepEqual(result, { refused: UNTRUSTED });
  });
});
