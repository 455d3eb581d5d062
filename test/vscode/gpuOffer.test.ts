/** The offer to set up a GPU, on a machine that says it has one: the driver's program is played by a script. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { SetUpResult } from '../../extension/commands/setUp';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, latentlab, newNotebook, run } from './notebooks';

const CENTER = '.notifications-center';
const WORDS = 'An NVIDIA H100 was found, but no device uses it.';

// Only VS Code in a browser lets a suite look at its notifications.
if (process.env['LATENTLAB_HOST_BRIDGE'] && process.platform === 'linux') {
  describe('a GPU that no device uses', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    let folder: string;
    const searched = process.env['PATH'];
    before(async () => {
      bridge = (await connectBridge())!;
      folder = mkdtempSync(path.join(tmpdir(), 'latentlab-driver-'));
      writeFileSync(path.join(folder, 'nvidia-smi'), '#!/bin/sh\necho "NVIDIA H100, 580.65.06, 9.0"\n');
      chmodSync(path.join(folder, 'nvidia-smi'), 0o755);
      process.env['PATH'] = [folder, searched].join(path.delimiter);
    });
    after(() => {
      process.env['PATH'] = searched;
      rmSync(folder, { recursive: true });
      bridge.close();
    });
    afterEach(closeAll);

    const button = (name: string) => `${CENTER} .monaco-button:has-text("${name}")`;

    it('is offered to be set up, which says first what is fetched and how large it is', async () => {
      const { notebook } = await newNotebook('1');
      await run(notebook.cellAt(0));
      const { state } = (await latentlab()).kernels.of(notebook);
      assert.ok('device' in state && !state.device.gpu, 'these tests are for machines without a GPU');
      await vscode.commands.executeCommand('notifications.showList');
      await bridge.workbench.waitFor(`${CENTER}:has-text("${WORDS}")`);
      await bridge.screenshot('gpu-offer');
      await bridge.workbench.click(button('Set Up GPU'));
      await vscode.commands.executeCommand('notifications.showList');
      await bridge.workbench.waitFor(`${CENTER}:has-text("Set up xla-cuda?"):has-text("2.3 GB (3.6 GB on the disk)")`);
      await bridge.screenshot('gpu-set-up');
      await bridge.workbench.click(button('Cancel'));
    });

    it('is not set up from a folder that lacks its wheels, which are named', async () => {
      const args = ['--from', folder];
      const result = await vscode.commands.executeCommand<SetUpResult | undefined>('latentlab.setUpGpu', args);
      assert.ok(result && 'refused' in result);
      assert.match(
        result.refused,
        /lacks 13 wheels of XLA’s plugin for NVIDIA GPUs, with CUDA 13:\n {2}jax_cuda13_pjrt-/,
      );
    });
  });
}
