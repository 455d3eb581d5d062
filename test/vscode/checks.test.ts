import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge } from '../host/bridge';
import { closeAll, newNotebook, run } from './notebooks';

const HELD = [
  "import { check, checks } from 'latentlab';",
  '// The first line of the check is not that of the identity.',
  "await check('Sums', [",
  "  ['1 + 1 = 2', 1 + 1, 2],",
  "  ['2 + 2 = 5', 2 + 2, 5],",
  ']);',
].join('\n');

/** Resolves when the cursor stands at a line, counted from 0, of this cell. */
function cursorAt(cell: vscode.NotebookCell, line: number): Promise<void> {
  const isThere = ({ document, selection }: vscode.TextEditor) =>
    document.uri.toString() === cell.document.uri.toString() && selection.active.line === line;
  return new Promise((resolve) => {
    const listener = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (!isThere(textEditor)) return;
      listener.dispose();
      resolve();
    });
    const open = vscode.window.activeTextEditor;
    if (!open || !isThere(open)) return;
    listener.dispose();
    resolve();
  });
}

describe('derivation checks', () => {
  afterEach(closeAll);

  it('jump to the line of their cell, from the list of all checks too', async () => {
    const editor = await newNotebook(HELD, 'checks()');
    const { notebook } = editor;
    await run(notebook.cellAt(0));
    await run(notebook.cellAt(1));
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      // In the list of all, what does not hold stands first.
      const jump = '[data-latentlab-view] .checks li:first-child button.place';
      const inTheList = { nth: 1 };
      await bridge.outputs.waitFor(jump, inTheList);
      await bridge.outputs.press(jump, 'Enter', inTheList);
      await cursorAt(notebook.cellAt(0), 4);
      assert.deepEqual(
        editor.selections.map(({ start }) => start),
        [0],
      );
      await bridge.screenshot('check-revealed');
    } finally {
      bridge.close();
    }
  });
});
