import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, ended, errorOf, interrupt, newNotebook, start, textOf, texts } from './notebooks';

const STDOUT = 'application/vnd.code.notebook.stdout';
const BOX = '.quick-input-widget';
const INPUT = `${BOX} input[type=text]`;
const ANSWER = '.quick-input-list .monaco-list-row';

async function begin(code: string): Promise<{ cell: vscode.NotebookCell; end: Promise<void> }> {
  const { notebook } = await newNotebook(code);
  const cell = notebook.cellAt(0);
  const end = ended(cell);
  void start(cell);
  return { cell, end };
}

// Only VS Code in a browser lets a suite type into its boxes.
if (process.env['LATENTLAB_HOST_BRIDGE']) {
  describe('a cell that asks the user', () => {
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());
    afterEach(closeAll);

    const asked = (question: string) => bridge.workbench.waitFor(`${BOX}:has-text(${JSON.stringify(question)})`);

    it('prompt(): an input box with the proposal; the answer stands behind the question', async () => {
      const { cell, end } = await begin("prompt('Which class?', 'boot')");
      await asked('Which class?');
      await bridge.screenshot('prompt');
      await bridge.workbench.press(INPUT, 'End');
      await bridge.type('s');
      await bridge.workbench.press(INPUT, 'Enter');
      await end;
      assert.equal(textOf(cell), "'boots'");
      assert.equal(texts(cell, STDOUT).join(''), 'Which class? boots\n');
    });

    it('prompt(): Escape is null', async () => {
      const { cell, end } = await begin("prompt('Which class?')");
      await asked('Which class?');
      await bridge.workbench.press(INPUT, 'Escape');
      await end;
      assert.equal(textOf(cell), 'null');
    });

    it('confirm() and alert(): one after the other', async () => {
      const { cell, end } = await begin("const sure = confirm('Overwrite it?'); alert('Read this.'); sure");
      await asked('Overwrite it?');
      await bridge.screenshot('confirm');
      await bridge.workbench.click(`${ANSWER}:has-text("Yes")`);
      await asked('Read this.');
      await bridge.workbench.click(`${ANSWER}:has-text("OK")`);
      await end;
      assert.equal(textOf(cell), 'true');
    });

    it('readline: a line, and then another one', async () => {
      const { cell, end } = await begin(`
        import readline from 'node:readline/promises';
        const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
        const sum = Number(await rl.question('First? ')) + Number(await rl.question('Second? '));
        rl.close();
        sum`);
      for (const [question, answer] of [
        ['First?', '20'],
        ['Second?', '22'],
      ] as const) {
        await asked(question);
        await bridge.workbench.press(INPUT, 'End');
        await bridge.type(answer);
        await bridge.workbench.press(INPUT, 'Enter');
      }
      await end;
      assert.equal(textOf(cell), '42');
      assert.equal(texts(cell, STDOUT).join(''), 'First? 20\nSecond? 22\n');
    });

    it('an interrupt takes the box away', async () => {
      const { cell, end } = await begin("prompt('Still there?')");
      await asked('Still there?');
      await interrupt(cell);
      await end;
      assert.equal(errorOf(cell)!.name, 'Interrupted');
      await bridge.workbench.waitFor(`${BOX}:has-text("Still there?")`, { state: 'hidden' });
    });
  });
}
