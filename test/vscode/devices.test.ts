import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, latentlab, newNotebook, run } from './notebooks';

describe('the device', () => {
  afterEach(closeAll);

  it('is known once a cell has run, and after a restart', async () => {
    const { notebook } = await newNotebook('1');
    await run(notebook.cellAt(0));
    const { state } = (await latentlab()).kernels.of(notebook);
    assert.equal(state.state, 'idle');
    assert.ok('device' in state && state.device.name.length > 0);
    await vscode.commands.executeCommand('latentlab.restartKernel');
    assert.deepEqual((await latentlab()).kernels.of(notebook).state, state);
  });

  // Only VS Code in a browser lets a suite look at its window.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    let bridge: Bridge;

    before(async () => {
      bridge = (await connectBridge())!;
    });

    after(() => bridge.close());

    it('stands in the status bar with the kernel’s state', async () => {
      const { notebook } = await newNotebook('1');
      await run(notebook.cellAt(0));
      const { state } = (await latentlab()).kernels.of(notebook);
      assert.ok('device' in state);
      await bridge.workbench.waitFor(`.statusbar-item:has-text("${state.device.name} · idle")`);
    });

    it('is selected from the ladder, each rung with its reason', async () => {
      await newNotebook('1');
      const command = vscode.commands.executeCommand('latentlab.selectDevice');
      await bridge.workbench.waitFor('.quick-input-list .monaco-list-row:has-text("cpu")');
      await bridge.screenshot('select-device');
      await bridge.press('ArrowDown');
      await bridge.press('Escape');
      await command;
      assert.equal(vscode.workspace.getConfiguration('latentlab').get('device'), 'auto');
    });
  }
});
