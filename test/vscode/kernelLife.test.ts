import assert from 'node:assert/strict';
import { connect } from 'node:net';
import * as vscode from 'vscode';
import { isAlive, KernelRecorder } from './kernelRecorder';
import {
  appendAndRun,
  closeAll,
  ended,
  interrupt,
  latentlab,
  newNotebook,
  run,
  start,
  textOf,
  when,
} from './notebooks';

/** A cell that prints a port and ends when it is called there. */
const WAITS = `
import { once } from 'node:events';
import { createServer } from 'node:net';
const door = createServer().listen(0, '127.0.0.1');
await once(door, 'listening');
console.log((door.address() as { port: number }).port);
const [guest] = await once(door, 'connection');
guest.destroy();
door.close();`;

const STDOUT = 'application/vnd.code.notebook.stdout';

async function portOf(cell: vscode.NotebookCell): Promise<number> {
  const printed = () => cell.outputs.flatMap(({ items }) => items).find(({ mime }) => mime === STDOUT);
  await when(cell.notebook, () => printed() !== undefined);
  return Number(new TextDecoder().decode(printed()!.data));
}

/** Lets the cell that {@link WAITS} end. */
function callAt(port: number): void {
  connect(port, '127.0.0.1').resume();
}

async function remove({ notebook, index }: vscode.NotebookCell): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(index, index + 1))]);
  await vscode.workspace.applyEdit(edit);
}

async function kernelOf(notebook: vscode.NotebookDocument) {
  return (await latentlab()).kernels.of(notebook);
}

describe('the life of a kernel', () => {
  afterEach(closeAll);

  it('is one notebook’s alone', async () => {
    const first = (await newNotebook('const mine = 1')).notebook;
    await run(first.cellAt(0));
    const second = (await newNotebook('typeof mine')).notebook;
    assert.equal(textOf(await run(second.cellAt(0))), "'undefined'");
    assert.equal(textOf(await appendAndRun(first, 'mine')), '1');
    const [one, other] = [(await kernelOf(first)).pid!, (await kernelOf(second)).pid!];
    assert.notEqual(one, other);
    assert.ok(isAlive(one) && isAlive(other));
  });

  it('ends when its notebook is closed', async () => {
    const { notebook } = await newNotebook('1');
    await run(notebook.cellAt(0));
    const client = await (await kernelOf(notebook)).start();
    await closeAll();
    await client.exited;
    assert.ok(!isAlive(client.pid!));
  });

  it('is busy, and can be interrupted, until the last of several executions has ended', async () => {
    const { notebook } = await newNotebook(WAITS);
    const first = notebook.cellAt(0);
    const end = ended(first);
    void start(first);
    const port = await portOf(first);
    const kernel = await kernelOf(notebook);
    const looping = new Promise<void>((resolve) => {
      kernel.onMessage((message) => message.type === 'started' && message.id === 'loop' && resolve());
    });
    const loop = { id: 'loop', cellName: 'a loop', language: 'typescript', code: 'while (true);' } as const;
    const interrupted = kernel.execute(await kernel.start(), loop);
    callAt(port);
    await Promise.all([end, looping]);
    assert.equal(kernel.state.state, 'busy');
    await kernel.interrupt();
    assert.equal((await interrupted).error!.name, 'Interrupted');
    assert.equal(kernel.state.state, 'idle');
  });

  it('goes on when a queued cell is deleted', async () => {
    const { notebook } = await newNotebook(WAITS, '"deleted before its turn"');
    const [first, queued] = notebook.getCells() as [vscode.NotebookCell, vscode.NotebookCell];
    const end = ended(first);
    void vscode.commands.executeCommand('notebook.execute', notebook.uri);
    const port = await portOf(first);
    await remove(queued);
    callAt(port);
    await end;
    assert.equal(textOf(await appendAndRun(notebook, '1 + 1')), '2');
  });

  it('goes on when the cell that runs is deleted', async () => {
    const { notebook } = await newNotebook(WAITS);
    const execution = start(notebook.cellAt(0));
    await portOf(notebook.cellAt(0));
    await remove(notebook.cellAt(0));
    await execution;
    assert.equal(textOf(await appendAndRun(notebook, '1 + 1')), '2');
  });

  describe('while it starts', () => {
    let recorder: KernelRecorder;
    let notebook: vscode.NotebookDocument;
    let execution: Thenable<unknown>;

    beforeEach(async () => {
      notebook = (await newNotebook('globalThis.ran = true')).notebook;
      recorder = new KernelRecorder();
      const started = recorder.started();
      execution = start(notebook.cellAt(0));
      await started;
      assert.equal((await kernelOf(notebook)).state.state, 'starting');
    });

    afterEach(() => recorder.dispose());

    it('runs nothing after an interrupt', async () => {
      await interrupt(notebook.cellAt(0));
      recorder.release();
      await execution;
      assert.equal(notebook.cellAt(0).executionSummary?.success, undefined);
      assert.equal(textOf(await appendAndRun(notebook, 'typeof globalThis.ran')), "'undefined'");
      assert.deepEqual(recorder.pids, [(await kernelOf(notebook)).pid]);
    });

    it('is replaced by a restart, and the cell that waited for it does not run', async () => {
      const [first] = recorder.pids;
      const restarted = vscode.commands.executeCommand('latentlab.restartKernel');
      recorder.release();
      await Promise.all([restarted, execution]);
      assert.equal(textOf(await appendAndRun(notebook, 'typeof globalThis.ran')), "'undefined'");
      assert.ok(!isAlive(first!));
      assert.equal(recorder.pids.length, 2);
    });

    it('is ended when its notebook is closed', async () => {
      const launch = (await kernelOf(notebook)).start();
      const given = assert.rejects(launch, /stopped while it started/);
      await closeAll();
      recorder.release();
      await given;
      assert.deepEqual(recorder.pids.map(isAlive), [false]);
    });
  });
});
