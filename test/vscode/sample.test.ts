import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isCode } from '../../kernel/notebook/format';
import type { Notebook } from '../../kernel/notebook/format';
import { differences, saidBy } from '../../kernel/notebook/saved/said';
import { MIME } from '../../kernel/views/types';
import type {
  LatentScatterView,
  LossCurvesChange,
  LossCurvesView,
  ReconstructionsView,
} from '../../kernel/views/types';
import { connectBridge, type Bridge } from '../host/bridge';
import { closeAll, latentlab, openSample, SHOWN_BY_FLAGSHIP, texts, views } from './notebooks';

const FIGURE = '[data-latentlab-view]';

/** Settles when a training under way has come to this epoch. */
async function trainingAt(notebook: vscode.NotebookDocument, epoch: number): Promise<void> {
  const { kernels } = await latentlab();
  await new Promise<void>((resolve) => {
    const subscription = kernels.of(notebook).onMessage((message) => {
      if (message.type !== 'viewChange' || (message.change as LossCurvesChange).progress.epoch < epoch) return;
      subscription.dispose();
      resolve();
    });
  });
}

function isStrictlyRising(numbers: number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

describe('samples/vae.ipynb', function () {
  this.timeout(15 * 60_000);
  let notebook: vscode.NotebookDocument;
  let committed: Notebook;
  let bridge: Bridge | undefined;

  const cellWith = (mime: string) => {
    const cell = notebook.getCells().find((candidate) => texts(candidate, mime).length > 0);
    assert.ok(cell, `no cell shows ${mime}`);
    return cell;
  };
  const read = async () =>
    JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(notebook.uri))) as Notebook;
  const reveal = (cell: vscode.NotebookCell) => {
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    vscode.window.activeNotebookEditor!.revealRange(range, vscode.NotebookEditorRevealType.AtTop);
  };

  before(async () => {
    bridge = await connectBridge();
    notebook = (await openSample('vae.ipynb')).notebook;
    committed = await read();
    // What is seen is this run's, and not what is saved.
    await vscode.commands.executeCommand('notebook.clearAllCellsOutputs');
    const run = vscode.commands.executeCommand('notebook.execute', notebook.uri);
    if (bridge) {
      await trainingAt(notebook, 2);
      reveal(cellWith(MIME.lossCurves));
      await bridge.outputs.waitFor(`${FIGURE}[data-latentlab-view="${MIME.lossCurves}"] [role="progressbar"]`);
      await bridge.screenshot('training');
    }
    await run;
  });

  after(async () => {
    bridge?.close();
    await closeAll();
  });

  it('runs every cell with our kernel, in order', () => {
    const cells = notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
    const failed = cells.filter(({ executionSummary }) => executionSummary?.success !== true);
    assert.deepEqual(
      failed.map((cell) => [cell.document.getText().slice(0, 80), texts(cell, 'application/vnd.code.notebook.error')]),
      [],
    );
    const orders = cells.map(({ executionSummary }) => executionSummary?.executionOrder);
    assert.ok(orders.every(Number.isInteger) && isStrictlyRising(orders as number[]), `${orders}`);
  });

  it('holds every kind of view, each with a PNG and a sentence', () => {
    for (const mime of SHOWN_BY_FLAGSHIP) {
      const outputs = cellWith(mime).outputs.filter(({ items }) => items.some((item) => item.mime === mime));
      for (const { items } of outputs) {
        const png = items.find((item) => item.mime === 'image/png')!;
        assert.deepEqual([...png.data.slice(0, 4)], [0x89, 0x50, 0x4e, 0x47], `${mime} has no PNG`);
        const sentence = new TextDecoder().decode(items.find((item) => item.mime === 'text/plain')!.data);
        assert.match(sentence, /^\S.* .*\.$/s);
      }
    }
  });

  it('shows losses that fall', () => {
    const [curves] = views<LossCurvesView>(cellWith(MIME.lossCurves), MIME.lossCurves);
    assert.equal(curves!.progress.state, 'done');
    const validation = curves!.series.find(({ name, split }) => name === 'total' && split === 'validation')!;
    const bytes = Buffer.from(validation.values.data, 'base64');
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    assert.ok(values.at(-1)! < values[0]! - 5, `${values[0]} → ${values.at(-1)}`);
  });

  it('reconstructs held-out images better from two latents than PCA from two components', () => {
    const [view] = views<ReconstructionsView>(cellWith(MIME.reconstructions), MIME.reconstructions);
    const error = (model: string) => view!.methods.find(({ name }) => name.startsWith(model))!.heldOut!;
    assert.equal(error('VAE').count, 2000);
    assert.ok(error('VAE').meanSquaredError! < error('PCA').meanSquaredError!);
  });

  it('is saved with its outputs as Jupyter keeps them', async () => {
    assert.ok(await notebook.save());
    const saved = (await read()) as {
      cells: { outputs?: { output_type: string; data?: Record<string, unknown> }[] }[];
    };
    const bundles = saved.cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data?.[MIME.latentScatter]);
    assert.equal(bundles.length, 1);
    assert.equal(bundles[0]!.output_type, 'execute_result');
    assert.equal(typeof bundles[0]!.data!['image/png'], 'string');
    assert.equal((bundles[0]!.data![MIME.latentScatter] as LatentScatterView).version, 1);
  });

  it('says what its committed outputs say', async () => {
    const [before, after] = [committed, await read()].map(({ cells }) => cells.filter(isCode));
    const lies = before!.flatMap((cell, i) => {
      return differences(saidBy(cell), saidBy(after![i]!)).map((lie) => `cell ${i + 1}: ${lie}`);
    });
    assert.deepEqual(lies, [], 'if this is meant: npm run samples -- vae');
  });

  // Only VS Code in a browser lets a suite look at its window.
  if (process.env['LATENTLAB_HOST_BRIDGE']) {
    /** Scrolls a view's cell into sight, again where outputs above it have grown meanwhile and moved it away. */
    async function inView(mime: string, figure: string): Promise<void> {
      for (let tries = 1; ; tries++) {
        reveal(cellWith(mime));
        try {
          await bridge!.outputs.waitFor(figure, { timeout: 5000 });
          return;
        } catch (error) {
          if (tries === 8) throw error;
        }
      }
    }

    /** What is asked of a view in sight; asked again where what has grown above it has moved it away meanwhile. */
    async function inSight<T>(mime: string, figure: string, ask: () => Promise<T>): Promise<T> {
      for (let tries = 1; ; tries++) {
        await inView(mime, figure);
        await bridge!.outputs.scrollTo(figure);
        try {
          return await ask();
        } catch (error) {
          if (tries === 3 || !/is not inside the window/.test(String(error))) throw error;
        }
      }
    }

    it('draws each view with our renderer', async () => {
      const drawn = [];
      for (const mime of SHOWN_BY_FLAGSHIP) {
        const figure = `${FIGURE}[data-latentlab-view="${mime}"]`;
        const pixels = await inSight(mime, figure, () => bridge!.outputs.pixels(figure));
        drawn.push(pixels.colours > 20 && pixels.dominantShare < 0.98);
        await bridge!.screenshot(`notebook-${mime.replace(/.*latentlab\.|\+json/g, '')}`);
      }
      assert.deepEqual(
        drawn,
        SHOWN_BY_FLAGSHIP.map(() => true),
      );
      assert.deepEqual(await bridge!.errors('dist/renderer'), []);
      assert.deepEqual(await bridge!.foreignRequests(), []);
    });

    it('decodes the point that is clicked in the latent scatter', async () => {
      const figure = `${FIGURE}[data-latentlab-view="${MIME.latentScatter}"]`;
      await inView(MIME.latentScatter, figure);
      await bridge!.outputs.scrollTo(`${figure} canvas`);
      const { width, height } = await bridge!.outputs.box(`${figure} canvas`);
      await bridge!.outputs.click(`${figure} canvas`, { position: { x: 0.45 * width, y: 0.2 * height } });
      // Without a word on where it comes from: the live kernel made it, not the grid that the notebook saved.
      await bridge!.outputs.waitFor(`${figure} .decoded:has(.source:empty):has-text("z = (") canvas`);
      await bridge!.screenshot('notebook');
    });
  }
});
