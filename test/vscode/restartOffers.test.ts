import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
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
  describe('an offer to restart', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());
    afterEach(closeAll);

    describe('code that survives interrupts', () => {
      it('stands in a warning, whose button ends it with the kernel and starts another', async () => {
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
        await bridge.workbench.waitFor(`${CENTER}:has-text("You will lose its variables")`);
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

    describe('a kernel that ends while a cell runs', () => {
      it('has a message whose button runs the notebook up to that cell in another one', async () => {
        const { notebook } = await newNotebook(
          'const { existsSync, writeFileSync, rmSync } = await import("node:fs"); const base = 40;',
          // The second time it goes well.
          'if (existsSync("was-here")) rmSync("was-here"); else { writeFileSync("was-here", ""); process.exit(7); }\nbase + 2',
          '"below"',
        );
        const [first, second, below] = notebook.getCells() as [
          vscode.NotebookCell,
          vscode.NotebookCell,
          vscode.NotebookCell,
        ];
        await run(first);
        await run(second);
        assert.match(errorOf(second)!.message, /exit code 7/);
        await vscode.commands.executeCommand('notifications.showList');
        const button = `${CENTER} .monaco-button:has-text("Restart and Run to Here")`;
        await bridge.workbench.waitFor(button);
        await bridge.screenshot('kernel-ended');
        const again = ended(second);
        await bridge.workbench.click(button);
        await again;
        assert.equal(errorOf(second), undefined);
        assert.equal(textOf(second), '42');
        assert.deepEqual(
          [first, second, below].map((cell) => cell.executionSummary?.executionOrder),
          [1, 2, undefined],
        );
      });
    });

    describe('a kernel whose process answers no more', () => {
      it('is shown so, other than a busy one, and told in a notification, until it answers again', async () => {
        const { notebook } = await newNotebook('console.log("on"); await new Promise((r) => setTimeout(r, 600_000))');
        const cell = notebook.cellAt(0);
        const { kernels } = await latentlab();
        const kernel = kernels.of(notebook);
        const end = ended(cell);
        void start(cell);
        await when(notebook, () => texts(cell, STDOUT).join('') !== '');
        const became = (state: string) =>
          new Promise<void>((resolve) => {
            const subscription = kernel.onStateChange((now) => {
              if (now.state !== state) return;
              subscription.dispose();
              resolve();
            });
          });
        assert.equal(kernel.state.state, 'busy');
        const silent = became('silent');
        process.kill(kernel.pid!, 'SIGSTOP');
        await silent;
        await bridge.workbench.waitFor('#latentlab\\.latentlab\\.latentlab\\.status:has-text("no answer")');
        const told = `${CENTER} .notification-list-item:has-text("does not answer")`;
        await vscode.commands.executeCommand('notifications.showList');
        await bridge.workbench.waitFor(`${told} a:has-text("Restart Kernel")`);
        await bridge.screenshot('no-answer');
        const heard = became('busy');
        process.kill(kernel.pid!, 'SIGCONT');
        await heard;
        await bridge.workbench.waitFor(told, { state: 'hidden' });
        await interrupt(cell);
        await end;
      });

      it('is replaced by the link in the notification', async () => {
        const { notebook } = await newNotebook('console.log("on"); await new Promise((r) => setTimeout(r, 600_000))');
        const cell = notebook.cellAt(0);
        const kernel = (await latentlab()).kernels.of(notebook);
        const end = ended(cell);
        void start(cell);
        await when(notebook, () => texts(cell, STDOUT).join('') !== '');
        const { pid } = kernel;
        const silent = new Promise<void>((resolve) => {
          const subscription = kernel.onSilence(() => {
            subscription.dispose();
            resolve();
          });
        });
        process.kill(pid!, 'SIGSTOP');
        await silent;
        await vscode.commands.executeCommand('notifications.showList');
        const told = `${CENTER} .notification-list-item:has-text("does not answer")`;
        // Lines break in it, so that its middle may be beside it.
        await bridge.workbench.press(`${told} a:has-text("Restart Kernel")`, 'Enter');
        await end;
        await bridge.workbench.waitFor(told, { state: 'hidden' });
        assert.throws(() => process.kill(pid!, 0), /ESRCH/);
        assert.notEqual(textOf(await appendAndRun(notebook, 'process.pid')), String(pid));
      });
    });
  });
}
