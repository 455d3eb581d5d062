import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import {
  append,
  appendAndRun,
  closeAll,
  ended,
  interrupt,
  latentlab,
  newNotebook,
  start,
  textOf,
  texts,
  when,
} from './notebooks';

const STDOUT = 'application/vnd.code.notebook.stdout';
const CENTER = '.notifications-center';

/** Goes on through every interrupt: only its process can end it. */
const SURVIVES = `
const { readdir } = await import('node:fs/promises');
console.log('under way');
for (;;) { try { await readdir('.'); } catch {} }`;

/** Interrupts a cell once it has printed something. */
async function interruptOnceUnderWay(cell: vscode.NotebookCell): Promise<void> {
  const end = ended(cell);
  void start(cell);
  await when(cell.notebook, () => texts(cell, STDOUT).join('') !== '');
  await interrupt(cell);
  await end;
}

// Only VS Code in a browser lets a suite look at its notifications.
if (process.env['LATENTLAB_HOST_BRIDGE']) {
  describe('code that survives interrupts', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());
    afterEach(closeAll);

    it('is told in a warning, whose button ends it with the kernel and starts another', async () => {
      const { notebook } = await newNotebook(SURVIVES);
      const { kernels } = await latentlab();
      const kernel = kernels.of(notebook);
      const advised = new Promise<string>((resolve) => {
        const subscription = kernel.onMessage((message) => {
          if (message.type !== 'restartAdvised') return;
          subscription.dispose();
          resolve(message.reason);
        });
      });
      await interruptOnceUnderWay(notebook.cellAt(0));
      const old = kernel.pid!;
      const next = await append(notebook, "console.log('here'); await new Promise((r) => setTimeout(r, 600_000))");
      await interruptOnceUnderWay(next);
      const reason = await advised;
      assert.match(reason, /only a restart of the kernel ends it/i);
      // A toast hides after some seconds; the list keeps it until it is answered.
      await vscode.commands.executeCommand('notifications.showList');
      await bridge.workbench.waitFor(`${CENTER}:has-text("Its variables will be gone")`);
      assert.ok((await bridge.workbench.text(CENTER)).includes(reason));
      await bridge.screenshot('restart-advised');
      const restarted = new Promise<void>((resolve) => {
        const subscription = kernels.onChange(() => {
          if (kernel.pid === undefined || kernel.pid === old) return;
          subscription.dispose();
          resolve();
        });
      });
      await bridge.workbench.click(`${CENTER} .monaco-button:has-text("Restart Kernel")`);
      await restarted;
      assert.throws(() => process.kill(old, 0), /ESRCH/);
      const after = await appendAndRun(notebook, 'process.pid');
      assert.equal(textOf(after), String(kernel.pid));
      await bridge.workbench.waitFor(`${CENTER}:has-text(${JSON.stringify(reason)})`, { state: 'hidden' });
    });
  });
}
