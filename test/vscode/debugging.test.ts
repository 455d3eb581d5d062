import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { connectBridge, type Bridge } from '../host/bridge';
import { isAlive } from './kernelRecorder';
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
} from './notebooks';

const CELL = `interface Foo { a: number }
const addOne = async (n: number): Promise<number> => {
  const m: number = n + 1;
  await new Promise((resolve) => setTimeout(resolve, 1));
  const k = m * 2;
  return k;
};
const r: Foo = { a: await addOne(41) };
r.a`;

/** What a debug session of ours says. */
class Watched {
  private readonly heard = new vscode.EventEmitter<DebugProtocol.Event & { command?: string }>();
  private readonly subscription = vscode.debug.registerDebugAdapterTrackerFactory('latentlab', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: (message: DebugProtocol.Event) => this.heard.fire(message),
    }),
  });

  /** The next event of a name, or answer to a request of that name, from now on. */
  next(name: string): Promise<DebugProtocol.Event> {
    return new Promise((resolve) => {
      const subscription = this.heard.event((event) => {
        if (event.event !== name && event.command !== name) return;
        subscription.dispose();
        resolve(event);
      });
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** The next frame that VS Code shows as the one that is paused in. */
function focused(): Promise<vscode.DebugStackFrame> {
  return new Promise((resolve) => {
    const subscription = vscode.debug.onDidChangeActiveStackItem((item) => {
      if (!(item instanceof vscode.DebugStackFrame)) return;
      subscription.dispose();
      resolve(item);
    });
  });
}

async function frames(session: vscode.DebugSession): Promise<DebugProtocol.StackFrame[]> {
  const body = (await session.customRequest('stackTrace', { threadId: 1 })) as {
    stackFrames: DebugProtocol.StackFrame[];
  };
  return body.stackFrames;
}

async function locals({ session, frameId }: vscode.DebugStackFrame): Promise<Record<string, string>> {
  const { scopes } = (await session.customRequest('scopes', { frameId })) as { scopes: DebugProtocol.Scope[] };
  const cheap = scopes.filter(({ expensive }) => !expensive);
  const read = cheap.map(async ({ variablesReference }) => {
    const body = (await session.customRequest('variables', { variablesReference })) as {
      variables: DebugProtocol.Variable[];
    };
    return body.variables.map(({ name, value }) => [name, value] as const);
  });
  return Object.fromEntries((await Promise.all(read)).flat());
}

function breakAt(uri: vscode.Uri, line: number, ...conditions: (string | undefined)[]): vscode.SourceBreakpoint {
  const location = new vscode.Location(uri, new vscode.Position(line - 1, 0));
  const [condition, hits, log] = conditions;
  const breakpoint = new vscode.SourceBreakpoint(location, true, condition, hits, log);
  vscode.debug.addBreakpoints([breakpoint]);
  return breakpoint;
}

function terminated(session: vscode.DebugSession): Promise<void> {
  return new Promise((resolve) => {
    const subscription = vscode.debug.onDidTerminateDebugSession((one) => {
      if (one !== session) return;
      subscription.dispose();
      resolve();
    });
  });
}

describe('debugging in VS Code', () => {
  let bridge: Bridge | undefined;
  let watched: Watched;
  let notebook: vscode.NotebookDocument;
  const command = (name: string, ...rest: unknown[]) => vscode.commands.executeCommand(name, ...rest);

  before(async () => {
    bridge = await connectBridge();
    watched = new Watched();
    notebook = (await newNotebook(CELL, '1 + 1')).notebook;
    await run(notebook.cellAt(1));
  });
  afterEach(() => vscode.debug.removeBreakpoints(vscode.debug.breakpoints));
  after(async () => {
    watched.dispose();
    bridge?.close();
    await closeAll();
  });

  it('Debug Cell: stops in the cell itself, steps over an await, and leaves the kernel as it is', async () => {
    const cell = notebook.cellAt(0);
    const { kernels, debugging } = await latentlab();
    const { pid } = kernels.of(notebook);
    breakAt(cell.document.uri, 3);
    const there = focused();
    const debugged = command('latentlab.debugCell', cell);
    const frame = await there;
    const [top, caller] = await frames(frame.session);
    assert.deepEqual([top!.name, top!.line, caller!.line], ['addOne', 3, 8]);
    assert.equal(top!.source!.path, cell.document.uri.toString());
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), cell.document.uri.toString());
    for (const line of [4, 5]) {
      const next = focused();
      await command('workbench.action.debug.stepOver');
      assert.equal((await frames((await next).session))[0]!.line, line);
    }
    const shown = await locals({ ...frame, frameId: (await frames(frame.session))[0]!.id } as vscode.DebugStackFrame);
    assert.deepEqual({ n: shown.n, m: shown.m }, { n: '41', m: '42' });
    assert.deepEqual(
      Object.keys(shown).filter((name) => name.includes('latentlab')),
      [],
    );
    await bridge?.screenshot('debug-cell');
    const over = terminated(frame.session);
    await command('workbench.action.debug.continue');
    await debugged;
    await over;
    assert.equal(textOf(cell), '84');
    assert.equal(debugging.sessionOf(notebook), undefined);
    assert.equal(kernels.of(notebook).pid, pid);
    assert.equal(textOf(await appendAndRun(notebook, 'r.a')), '84');
  });

  it('a session that is stopped in a pause: the cell goes on, and an interrupt works as ever', async () => {
    const { kernels, debugging } = await latentlab();
    const cell = await append(notebook, 'let turns = 0;\nfor (let i = 0; i < 3; i++)\n  turns += i;\nturns');
    const { pid } = kernels.of(notebook);
    const conditional = breakAt(cell.document.uri, 3, 'i === 1');
    const said = watched.next('output');
    breakAt(cell.document.uri, 4, undefined, undefined, 'turns is {turns}');
    await command('latentlab.debugKernel');
    const there = focused();
    const end = ended(cell);
    void start(cell);
    const { session } = await there;
    assert.equal(
      (await session.customRequest('evaluate', { expression: 'i', frameId: (await frames(session))[0]!.id })).result,
      '1',
    );
    const removed = watched.next('setBreakpoints');
    vscode.debug.removeBreakpoints([conditional]);
    await removed;
    await command('workbench.action.debug.continue');
    await end;
    assert.equal(textOf(cell), '3');
    assert.equal(((await said).body as { output: string }).output, 'turns is 3\n');
    // What the button in the toolbar of a paused session does, and what the one that ends a launched program does.
    const again = focused();
    const set = watched.next('setBreakpoints');
    breakAt(cell.document.uri, 2);
    await set;
    const secondEnd = ended(cell);
    void start(cell);
    await again;
    const over = terminated(session);
    await command('workbench.action.debug.stop');
    await over;
    await secondEnd;
    assert.equal(debugging.sessionOf(notebook), undefined);
    assert.ok(isAlive(pid!));
    const loop = await append(notebook, 'while (true);');
    const stopped = ended(loop);
    const started = new Promise<void>((resolve) => {
      const subscription = kernels.of(notebook).onMessage(({ type }) => {
        if (type !== 'started') return;
        subscription.dispose();
        resolve();
      });
    });
    void start(loop);
    await started;
    await interrupt(loop);
    await stopped;
    assert.equal(errorOf(loop)!.name, 'Interrupted');
    assert.equal(textOf(await appendAndRun(notebook, 'turns + r.a')), '87');
  });

  it('stops in a local module, and an interrupt ends a paused cell', async () => {
    const { fsPath: folder } = vscode.workspace.workspaceFolders![0]!.uri;
    const file = path.join(folder, 'debugged.ts');
    await writeFile(
      file,
      'interface Wide { x: number }\nexport function twice({ x }: Wide) {\n  const y: number = 2 * x;\n  return y;\n}\n',
    );
    breakAt(vscode.Uri.file(file), 3);
    const cell = await append(notebook, "import { twice } from './debugged';\ntwice({ x: 21 })");
    const there = focused();
    const debugged = command('latentlab.debugCell', cell);
    const { session } = await there;
    const [top] = await frames(session);
    assert.deepEqual([top!.name, top!.line], ['twice', 3]);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, file);
    await bridge?.screenshot('debug-module');
    await vscode.window.showNotebookDocument(notebook);
    await interrupt(cell);
    await debugged;
    assert.equal(errorOf(cell)!.name, 'Interrupted');
  });

  it('an error that nothing catches opens its cell; a cell that was edited has its breakpoints where they are', async () => {
    const cell = await append(notebook, 'const fine = 1;\nnull!.x;');
    const there = focused();
    const debugged = command('latentlab.debugCell', cell);
    const { session } = await there;
    const [top] = await frames(session);
    assert.deepEqual([top!.line, top!.source!.path], [2, cell.document.uri.toString()]);
    await bridge?.screenshot('debug-exception');
    await command('workbench.action.debug.continue');
    await debugged;
    assert.equal(errorOf(cell)!.name, 'TypeError');
    await command('latentlab.debugKernel');
    breakAt(cell.document.uri, 1);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(cell.document.uri, new vscode.Range(0, 0, 1, 8), '// above\nconst fine = 2;\nfine');
    await vscode.workspace.applyEdit(edit);
    const none = watched.next('setBreakpoints');
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await none;
    const set = watched.next('setBreakpoints');
    breakAt(cell.document.uri, 2);
    await set;
    const again = focused();
    const end = ended(cell);
    void start(cell);
    const second = await again;
    assert.equal((await frames(second.session))[0]!.line, 2);
    const over = terminated(second.session);
    await vscode.debug.stopDebugging(second.session);
    await over;
    await end;
    assert.equal(textOf(cell), '2');
  });
});
