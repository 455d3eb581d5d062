/** From a shape on a latent scatter to a variable of the notebook, to a training on it; and a click during a training. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MIME } from '../../kernel/views/types';
import { connectBridge, type Bridge } from '../host/bridge';
import { append, closeAll, ended, errorOf, interrupt, newNotebook, run, start, textOf } from './notebooks';

const SETUP = `import { Dataset, latentScatter, VAE } from 'latentlab';
const rows = Array.from({ length: 90 }, (_, i) => [0, 1, 2, 3].map((j) => (((i % 3) * (j + 1)) % 4) + Math.sin(7 * i + j) / 5));
const data = Dataset.from(rows, { labels: rows.map((_, i) => i % 3) });
const vae = new VAE({ input: data.shape, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });
await latentScatter(vae, data)`;

const FIGURE = `[data-latentlab-view="${MIME.latentScatter}"]`;

/** Waits until a document has been told of no error. */
async function withoutProblems(document: vscode.TextDocument): Promise<void> {
  const problems = () => vscode.languages.getDiagnostics(document.uri);
  await new Promise<void>((resolve) => {
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (problems().length > 0) return;
      subscription.dispose();
      resolve();
    });
    if (problems().length === 0) resolve();
  });
}

// Only VS Code in a browser lets a suite press a view's buttons.
if (process.env['LATENTLAB_HOST_BRIDGE']) {
  describe('a selection in a latent scatter', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    before(async () => {
      bridge = (await connectBridge())!;
    });
    after(() => bridge.close());
    afterEach(closeAll);

    it('is a variable in later cells, known to the editor too, and is trained on in a new cell', async () => {
      const { notebook } = await newNotebook(SETUP);
      const cell = await run(notebook.cellAt(0));
      assert.equal(errorOf(cell), undefined);
      await bridge.outputs.waitFor(`${FIGURE} .stage`);
      // A rectangle of the whole plane, by keyboard.
      for (const key of [
        'r',
        'Enter',
        ...Array<string>(5).fill('Shift+ArrowLeft'),
        ...Array<string>(4).fill('Shift+ArrowDown'),
      ])
        await bridge.outputs.press(`${FIGURE} .stage`, key);
      await bridge.outputs.press(`${FIGURE} .stage`, 'Enter');
      for (const key of [
        ...Array<string>(9).fill('Shift+ArrowRight'),
        ...Array<string>(7).fill('Shift+ArrowUp'),
        'Enter',
      ])
        await bridge.outputs.press(`${FIGURE} .stage`, key);
      await bridge.outputs.waitFor(`${FIGURE} .selection h3:has-text("points")`);
      await bridge.outputs.scrollTo(`${FIGURE} .selection button:has-text("Keep")`);
      await bridge.outputs.click(`${FIGURE} .selection button:has-text("Keep")`);
      await bridge.outputs.waitFor(`${FIGURE} .selection .status:has-text("selection1 is a variable now")`);
      await bridge.screenshot('latent-selection');
      const count = Number.parseInt(await bridge.outputs.text(`${FIGURE} .selection h3`), 10);
      assert.ok(count > 10, String(count));
      const next = await append(
        notebook,
        'const kept: number = selection1.rows.length;\nkept + selection1.indices.length',
      );
      await withoutProblems(next.document);
      assert.equal(textOf(await run(next)), String(2 * count));

      await bridge.outputs.scrollTo(`${FIGURE} .selection button:has-text("Train")`);
      const written = new Promise<vscode.NotebookCell>((resolve) => {
        const subscription = vscode.workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
          const added = contentChanges.flatMap(({ addedCells }) => addedCells)[0];
          if (!added) return;
          subscription.dispose();
          resolve(added);
        });
      });
      await bridge.outputs.click(`${FIGURE} .selection button:has-text("Train")`);
      for (const step of ['1/2', '2/2']) {
        await bridge.workbench.waitFor(`.quick-input-title:has-text("selection1.rows"):has-text("(${step})")`);
        await bridge.workbench.waitFor('.quick-input-widget input[type=text]:focus');
        await bridge.press('Enter');
      }
      const training = await written;
      const end = ended(training);
      assert.equal(training.index, 1);
      assert.match(training.document.getText(), /selection1\.rows/);
      await end;
      assert.equal(errorOf(training), undefined);
      await bridge.screenshot('latent-selection-trained');
    });

    it('is decoded where the plane is clicked, also while another cell trains', async () => {
      const { notebook } = await newNotebook(SETUP);
      await run(notebook.cellAt(0));
      const training = await append(notebook, 'await vae.fit(data, { epochs: 1_000_000, batchSize: 16 });');
      const end = ended(training);
      let isOver = false;
      void end.then(() => (isOver = true));
      void start(training);
      const figure = `${FIGURE} .decoded`;
      await bridge.outputs.waitFor('[data-latentlab-view*="loss-curves"]');
      await bridge.outputs.scrollTo(`${FIGURE} .stage`);
      const waits: number[] = [];
      for (let i = 0; i < 5; i++) {
        const wait = await bridge.outputs.evaluate(
          figure,
          async (panel, at) => {
            const root = panel.getRootNode() as ShadowRoot;
            const stage = root.querySelector<HTMLElement>('.stage')!;
            const box = stage.getBoundingClientRect();
            const heard = new Promise<number>((resolve) => {
              const observer = new MutationObserver(() => {
                observer.disconnect();
                resolve(performance.now());
              });
              observer.observe(panel, { subtree: true, childList: true, characterData: true, attributes: true });
            });
            const place = {
              clientX: box.left + 80 + at * 60,
              clientY: box.top + 90 + at * 20,
              bubbles: true,
              pointerId: 1,
            };
            stage.setPointerCapture = () => undefined;
            const start = performance.now();
            stage.dispatchEvent(new PointerEvent('pointerdown', place));
            stage.dispatchEvent(new PointerEvent('pointerup', place));
            return (await heard) - start;
          },
          i,
        );
        waits.push(wait);
      }
      assert.equal(isOver, false);
      await interrupt(training);
      await end;
      const each = waits.map((wait) => wait.toFixed(0)).join(', ');
      await bridge.print(`      decoded during a training after ${each} ms; goal 300 ms`);
    });
  });
}
