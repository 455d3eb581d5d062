import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge } from '../host/bridge';
import { append, closeAll, run, textOf } from './notebooks';

const NOTES = [
  '---',
  'title: A bound',
  '---',
  '',
  '# A bound  ',
  '',
  'The evidence is bounded from below:',
  '',
  '$$',
  '\\log p_\\theta(x) \\ge \\mathbb{E}_{q_\\phi(z \\mid x)}\\left[\\log \\frac{p_\\theta(x, z)}{q_\\phi(z \\mid x)}\\right]',
  '$$',
  '',
  '```ts',
  'const sides = [-3, -4];',
  '```',
  '',
  '## Its gap\r',
  '',
  '```ts',
  'sides[0]! - sides[1]!',
  '```',
  '',
  '- a list with code',
  '',
  '  ```ts',
  '  never();',
  '  ```',
  '',
  '```python',
  'print("shown, not run")',
  '```',
  '',
].join('\n');

const folder = () => vscode.workspace.workspaceFolders![0]!.uri;
const outputsOf = (file: vscode.Uri) => file.with({ path: `${file.path}.outputs.json` });

async function notesNamed(name: string, text: string | Uint8Array = NOTES): Promise<vscode.Uri> {
  const file = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(file, typeof text === 'string' ? new TextEncoder().encode(text) : text);
  return file;
}

async function textIn(file: vscode.Uri): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(file));
}

/** Shows the file as a derivation, as the command in its menu does. */
async function opened(file: vscode.Uri): Promise<vscode.NotebookDocument> {
  await vscode.commands.executeCommand('latentlab.openDerivation', file);
  const editor = vscode.window.activeNotebookEditor;
  assert.equal(editor?.notebook.uri.toString(), file.toString());
  return editor!.notebook;
}

const codeIn = (notebook: vscode.NotebookDocument) =>
  notebook.getCells().filter(({ document }) => document.languageId === 'typescript');

/** Settles when a file is there, or is there no longer. */
function whenThere(file: vscode.Uri, isThere: boolean): Promise<void> {
  return new Promise((resolve) => {
    const pattern = new vscode.RelativePattern(folder(), file.path.slice(file.path.lastIndexOf('/') + 1));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const look = async () => {
      const found = await vscode.workspace.fs.stat(file).then(
        () => true,
        () => false,
      );
      if (found !== isThere) return;
      watcher.dispose();
      resolve();
    };
    watcher.onDidCreate(look);
    watcher.onDidDelete(look);
    watcher.onDidChange(look);
    void look();
  });
}

describe('derivations in Markdown', () => {
  afterEach(closeAll);

  it('open as notebooks whose code runs in our kernel', async () => {
    const notebook = await opened(await notesNamed('bound.md'));
    assert.equal(notebook.notebookType, 'latentlab-derivation');
    const kinds = notebook.getCells().map(({ document }) => document.languageId);
    assert.deepEqual(kinds, ['yaml', 'markdown', 'typescript', 'markdown', 'typescript', 'markdown']);
    const [sides, gap] = codeIn(notebook);
    await run(sides!);
    assert.equal(textOf(await run(gap!)), '1');
    assert.equal(notebook.isDirty, false);
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      await bridge.outputs.waitFor('.katex', { state: 'attached' });
      await bridge.screenshot('derivation');
    } finally {
      bridge.close();
    }
  });

  it('are saved as they were where nobody edited them', async () => {
    const file = await notesNamed('edited.md');
    const notebook = await opened(file);
    const edit = new vscode.WorkspaceEdit();
    const { document } = codeIn(notebook)[1]!;
    edit.replace(document.uri, new vscode.Range(0, 0, 0, document.getText().length), 'sides.length');
    await vscode.workspace.applyEdit(edit);
    await notebook.save();
    assert.equal(await textIn(file), NOTES.replace('sides[0]! - sides[1]!', 'sides.length'));
  });

  it('can get cells', async () => {
    const file = await notesNamed('longer.md');
    const notebook = await opened(file);
    const added = await append(notebook, 'sides.length');
    await run(codeIn(notebook)[0]!);
    assert.equal(textOf(await run(added)), '2');
    await notebook.save();
    assert.equal(await textIn(file), `${NOTES}\n\`\`\`typescript\nsides.length\n\`\`\`\n`);
  });

  it('have their outputs again when they are opened again', async () => {
    const file = await notesNamed('again.md');
    const notebook = await opened(file);
    await run(codeIn(notebook)[0]!);
    const ran = await run(codeIn(notebook)[1]!);
    const order = ran.executionSummary?.executionOrder;
    await whenThere(outputsOf(file), true);
    assert.equal(await textIn(file), NOTES);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');

    const shown = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeNotebookDocument(({ notebook: changed }) => {
        if (changed.uri.toString() !== file.toString()) return;
        if (codeIn(changed)[1]?.executionSummary?.success === undefined) return;
        subscription.dispose();
        resolve();
      });
    });
    const later = await opened(file);
    await shown;
    const cell = codeIn(later)[1]!;
    assert.equal(textOf(cell), '1');
    assert.equal(cell.executionSummary?.executionOrder, order);
    assert.equal(later.isDirty, false);

    await vscode.commands.executeCommand('notebook.clearAllCellsOutputs');
    await whenThere(outputsOf(file), false);
  });

  it('keep no outputs where the setting says so', async () => {
    const settings = vscode.workspace.getConfiguration('latentlab');
    await settings.update('derivations.outputs', 'none', vscode.ConfigurationTarget.Global);
    try {
      const kept = await notesNamed('kept.md');
      const none = await notesNamed('none.md');
      const first = await opened(none);
      await run(codeIn(first)[0]!);
      assert.equal(textOf(await run(codeIn(first)[1]!)), '1');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await settings.update('derivations.outputs', undefined, vscode.ConfigurationTarget.Global);
      // By the time that another derivation's are written, these would be.
      const second = await opened(kept);
      await run(codeIn(second)[0]!);
      await run(codeIn(second)[1]!);
      await whenThere(outputsOf(kept), true);
      await assert.rejects(Promise.resolve(vscode.workspace.fs.stat(outputsOf(none))));
    } finally {
      await settings.update('derivations.outputs', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('number their equations in the order of the cells, also when a cell is edited, and link to them', async () => {
    const equation = (tex: string, label: string) => ['$$', tex, `\\label{${label}}`, '$$', ''];
    const notes = [
      '# First',
      '',
      'By \\eqref{second} and \\ref{first}, but \\eqref{none}.',
      '',
      ...equation('a = b', 'first'),
      '# Second',
      '',
      ...equation('c_1 = \\bm{d}', 'second'),
      '::: details The *proof*',
      'Folded $\\text{误差}_1$.',
      ':::',
      '',
      '> [!note]',
      '> It holds $$x \\\\ y_1$$ inside a line.',
      '',
      '$$ \\frobnicate{x} $$',
      '',
    ];
    const notebook = await opened(await notesNamed('equations.md', notes.join('\n')));
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      const reference = (label: string) => `.latentlab-reference[data-label="${label}"]`;
      await bridge.outputs.waitFor(`${reference('second')}:text-is("(2)")`);
      assert.equal(await bridge.outputs.text(reference('first')), '1');
      assert.equal(await bridge.outputs.text(reference('none')), '(??)');
      await bridge.outputs.waitFor('details.latentlab-fold-details > summary', { state: 'attached' });
      await bridge.outputs.waitFor('.katex-error:text-is("\\\\frobnicate{x}")');
      await bridge.outputs.waitFor('.latentlab-reason:has-text("not drawn: Undefined control sequence")');
      await bridge.outputs.hover(reference('second'));
      await bridge.outputs.waitFor('.latentlab-formula-hover .katex');
      await bridge.screenshot('derivation-equations');

      const cell = notebook.cellAt(0);
      const edit = new vscode.WorkspaceEdit();
      const text = cell.document.getText().replace('$$\na', () => '$$\nz\\label{zeroth}\n$$\n\n$$\na');
      const whole = new vscode.Range(0, 0, cell.document.lineCount, 0);
      edit.replace(cell.document.uri, cell.document.validateRange(whole), text);
      await vscode.workspace.applyEdit(edit);
      await bridge.outputs.waitFor(`${reference('second')}:text-is("(3)")`);
      // The cell that nobody edited has its new number, too.
      await bridge.outputs.waitFor('.latentlab-equation:has(#eq-second) .tag:has-text("(3)")', { state: 'attached' });
    } finally {
      bridge.close();
    }
  });

  it('are not opened where saving would change them', async () => {
    const file = await notesNamed('latin.md', Uint8Array.of(0x23, 0x20, 0xe9, 0x0a));
    await vscode.commands.executeCommand('latentlab.openDerivation', file);
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    assert.equal((activeTab?.input as { notebookType?: string } | undefined)?.notebookType, 'latentlab-derivation');
    const read = vscode.workspace.notebookDocuments.filter(({ uri }) => uri.toString() === file.toString());
    assert.deepEqual(read, []);
    assert.deepEqual([...(await vscode.workspace.fs.readFile(file))], [0x23, 0x20, 0xe9, 0x0a]);
  });
});
