import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, latentlab, newNotebook, run } from './notebooks';

describe('the device', () => {
  let bridge: Bridge | undefined;

  before(async () => {
    bridge = await connectBridge();
  });

  after(() => bridge?.close());
  afterEach(closeAll);

  it('stands in the status bar with the kernel’s state', async () => {
    const { notebook } = await newNotebook('1');
    await run(notebook.cellAt(0));
    const { kernels } = await latentlab();
    const state = kernels.of(notebook).state;
    assert.equal(state.state, 'idle');
    if (!bridge || !('device' in state)) return;
    await bridge.workbench.waitFor(`.statusbar-item:has-text("${state.device.name} · idle")`);
    await vscode.commands.executeCommand('latentlab.restartKernel');
    assert.equal(kernels.of(notebook).state.state, 'idle');
  });

  it('is selected from the ladder, each rung with its reason', async () => {
    if (!bridge) return;
    await newNotebook('1');
    const command = vscode.commands.executeCommand('latentlab.selectDevice');
    await bridge.workbench.waitFor('.quick-input-list .monaco-list-row:has-text("cpu")');
    await bridge.screenshot('select-device');
    await bridge.press('ArrowDown');
    await bridge.press('Escape');
    await command;
    assert.equal(vscode.workspace.getConfiguration('latentlab').get('device'), 'auto');
  });
});
