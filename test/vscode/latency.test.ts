/**
 * How long somebody waits who types in a notebook of 200 cells: from a key in the window to the frame that shows its
 * effect. The suite holds that each effect comes; its numbers are printed, and stand in docs/latency.md.
 *
 * Environment: `LATENTLAB_ROUNDS` (how often each is measured; absent: 3).
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { connectBridge, type Bridge, type Scope } from '../host/bridge';
import { closeAll, ended, latentlab, newNotebook } from './notebooks';

const ROUNDS = Number(process.env['LATENTLAB_ROUNDS'] ?? 3);
const CELLS = 200;
/** The cell that is typed in, at the notebook's end. */
const LAST = CELLS - 1;

/** Code of the samples, over and over, as somebody's long notebook. */
async function longNotebook(): Promise<string[]> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).sort();
  const texts: string[] = [];
  for (const name of names.filter((one) => one.endsWith('.ipynb'))) {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name));
    const { cells } = JSON.parse(new TextDecoder().decode(bytes)) as {
      cells: { cell_type: string; source: string | string[] }[];
    };
    const code = cells.filter(({ cell_type }) => cell_type === 'code');
    texts.push(...code.map(({ source }) => [source].flat().join('')));
  }
  return Array.from({ length: CELLS }, (_, i) => (i === LAST ? '' : texts[i % texts.length]!));
}

/** Milliseconds of the machine's clock, which the window and its outputs share. */
type Moment = number;

/** The moment of the next key of this name; to be asked for once it was pressed. */
async function nextKey(bridge: Bridge, key: string): Promise<() => Promise<Moment>> {
  await bridge.workbench.evaluate(
    'body',
    (body, wanted) => {
      const heard = new Promise<Moment>((resolve) => {
        const hear = (event: KeyboardEvent) => {
          if (event.key !== wanted) return;
          removeEventListener('keydown', hear, true);
          resolve(performance.timeOrigin + event.timeStamp);
        };
        addEventListener('keydown', hear, true);
      });
      Object.assign(body, { latentlabKey: heard });
    },
    key,
  );
  return () => bridge.workbench.evaluate('body', (body) => (body as object as Heard).latentlabKey);
}

/** The moment of the next frame that shows an element with this text; to be asked for once it may come. */
async function nextFrame(scope: Scope, selector: string, text = ''): Promise<() => Promise<Moment>> {
  await scope.evaluate(
    'body',
    (body, wanted) => {
      const isThere = () =>
        [...document.querySelectorAll<HTMLElement>(wanted.selector)].some(
          (element) => element.getBoundingClientRect().height > 0 && element.innerText.includes(wanted.text),
        );
      const shown = new Promise<Moment>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!isThere()) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
        });
        observer.observe(body, { subtree: true, childList: true, attributes: true, characterData: true });
      });
      Object.assign(body, { latentlabFrame: shown });
    },
    { selector, text },
  );
  return () => scope.evaluate('body', (body) => (body as object as Heard).latentlabFrame);
}

/** What waits in a document's body for who asks. */
interface Heard {
  latentlabKey: Promise<Moment>;
  latentlabFrame: Promise<Moment>;
}

/** Presses keys, and gives the moment of the one and of the frame that follows it. */
async function moments(
  bridge: Bridge,
  { key, scope = bridge.workbench, selector, text }: { key: string; scope?: Scope; selector: string; text?: string },
  press: () => Promise<void>,
): Promise<{ pressed: Moment; shown: Moment }> {
  const keyOf = await nextKey(bridge, key);
  const frameOf = await nextFrame(scope, selector, text);
  await press();
  return { pressed: await keyOf(), shown: await frameOf() };
}

interface Line {
  what: string;
  goal: number;
  values: number[];
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

// Only VS Code in a browser lets a suite press its keys.
if (process.env['LATENTLAB_HOST_BRIDGE']) {
  describe('in a notebook of 200 cells', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    let notebook: vscode.NotebookDocument;
    let cell: vscode.NotebookCell;
    const lines: Line[] = [];

    before(async () => {
      bridge = (await connectBridge())!;
      await latentlab();
      const texts = await longNotebook();
      ({ notebook } = await newNotebook(...texts));
      cell = notebook.cellAt(LAST);
      await vscode.window.showNotebookDocument(notebook, { selections: [new vscode.NotebookRange(LAST, CELLS)] });
      await vscode.commands.executeCommand('notebook.cell.edit');
    });
    afterEach(() => bridge.screenshot('latency'));
    after(async () => {
      const rows = lines.map(({ what, goal, values }) => {
        const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.round);
        return `${what}: median ${Math.round(median(values))} ms of ${values.length} (${low}–${high}); goal ${goal} ms`;
      });
      for (const row of rows) await bridge.print(`      ${row}`);
      bridge.close();
      await closeAll();
    });

    const note = (what: string, goal: number, value: number) => {
      const line = lines.find((one) => one.what === what) ?? { what, goal, values: [] };
      if (line.values.length === 0) lines.push(line);
      line.values.push(value);
    };

    /** The cursor is in the last cell, which is empty. */
    async function emptied(): Promise<void> {
      await bridge.press('Control+A');
      await bridge.press('Delete');
    }

    const ROW = '.suggest-widget.visible .monaco-list-row';

    it('members are listed when a point is typed', async () => {
      for (let round = 0; round <= ROUNDS; round++) {
        await emptied();
        await bridge.type('tf');
        // Names with capital letters come first.
        const wanted = { key: '.', selector: ROW, text: 'AdamOptimizer' };
        const { pressed, shown } = await moments(bridge, wanted, () => bridge.type('.'));
        // The first comes while VS Code still opens the notebook.
        if (round === 0) note('first completion', 2000, shown - pressed);
        else note('completion', 250, shown - pressed);
        await bridge.press('Escape');
        await bridge.workbench.waitFor('.suggest-widget.visible', { state: 'hidden' });
      }
    });

    it('what is wrong is marked while somebody types', async () => {
      for (let round = 1; round <= ROUNDS; round++) {
        await emptied();
        await bridge.workbench.waitFor('.cell-editor-container .focused .squiggly-error', { state: 'hidden' });
        await bridge.type(`const wrong: string = ${round}`);
        const wanted = { key: ';', selector: '.monaco-editor.focused .squiggly-error' };
        const { pressed, shown } = await moments(bridge, wanted, () => bridge.type(';'));
        note('mark of an error', 300, shown - pressed);
      }
    });

    it('a cell shows its value when it is run', async () => {
      for (let round = 0; round <= ROUNDS; round++) {
        await emptied();
        await bridge.type(`1 + ${round} + 7_000_000`);
        const text = String(7_000_001 + round);
        const run = async () => {
          const end = ended(cell);
          await bridge.press('Control+Enter');
          await end;
        };
        const wanted = { key: 'Enter', scope: bridge.outputs, selector: '.output', text };
        // There is no document of outputs before there is an output.
        if (round === 0) await run();
        else {
          const { pressed, shown } = await moments(bridge, wanted, run);
          note('value of a cell', 60, shown - pressed);
        }
      }
      assert.equal(lines.at(-1)!.values.length, ROUNDS);
    });
  });
}
