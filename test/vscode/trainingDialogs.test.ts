/** The dialogs of "Train VAE on Selection", by the keyboard alone. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { encode as encodePng } from 'fast-png';
import type { TrainedOnSelection } from '../../extension/commands/training';
import { MIME, type LatentScatterView } from '../../kernel/views/types';
import { connectBridge, type Bridge } from '../host/bridge';
import { changingNothing } from './changingNothing';
import { closeAll, errorOf, newNotebook, run, texts, views } from './notebooks';

const BOX = '.quick-input-widget';
const ITEM = `${BOX} .monaco-list-row`;

/** Sixty rows: ids, a gap in line 9, a constant, a class, dates, notes. */
const TABLE = [
  'id,length,width,depth,constant,species,day,note',
  ...Array.from({ length: 60 }, (_, i) => {
    const [a, b, c] = [0, 1, 2].map((j) => ((((i % 3) * (j + 1)) % 4) + Math.sin(7 * i + j) / 5).toFixed(3));
    const day = `2024-03-${String((i % 28) + 1).padStart(2, '0')}`;
    return [i + 1, a, i === 7 ? '' : b, c, 5, ['ant', 'bee', 'cat'][i % 3], day, `note ${i}`].join(',');
  }),
].join('\n');

const png = (height: number, width: number, i: number) => {
  const pixel = (at: number) => {
    const [y, x] = [Math.floor(at / width), at % width];
    return Math.hypot(y - height / 2, x - width / 2 + (i % 4)) < height / 3 ? 230 : 20 + ((x * 5) % 40);
  };
  const data = Uint8Array.from({ length: height * width }, (_, at) => pixel(at));
  return encodePng({ height, width, channels: 1, data });
};

// Only VS Code in a browser lets a suite look at its boxes and choose in them.
if (process.env['LATENTLAB_HOST_BRIDGE']) {
  describe('the dialogs of Train VAE on Selection', function () {
    this.timeout(3 * 60_000);
    let bridge: Bridge;
    before(async () => (bridge = (await connectBridge())!));
    after(() => bridge.close());
    afterEach(closeAll);

    const begin = (target: unknown, name = 'trainVaeOnSelection') =>
      vscode.commands.executeCommand<TrainedOnSelection>(`latentlab.${name}`, target);

    /** Waits for a box whose title, text below it, or item has these words. */
    const box = (...words: string[]) =>
      bridge.workbench.waitFor(`${BOX}${words.map((word) => `:has-text(${JSON.stringify(word)})`).join('')}`, {
        timeout: 25_000,
      });
    /** Waits for a step by its number: words of the box before may still stand, hidden, in the page. */
    const step = (number: string, ...words: string[]) =>
      bridge.workbench
        .waitFor(`${BOX} .quick-input-title:has-text("(${number})")`, { timeout: 25_000 })
        .then(() => bridge.workbench.waitFor(`${BOX} input[type=text]:focus`))
        .then(() => box(...words));
    const placeholder = () => bridge.workbench.attribute(`${BOX} input[type=text]`, 'placeholder');
    const title = () => bridge.workbench.text(`${BOX} .quick-input-title`);

    /** Types until an item is at the top, and takes it. */
    async function take(text: string): Promise<void> {
      await bridge.type(text);
      await bridge.workbench.waitFor(`${ITEM}.focused:has-text(${JSON.stringify(text)})`);
      await bridge.press('Enter');
    }

    async function file(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
      const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, name);
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      await vscode.workspace.fs.writeFile(uri, bytes);
      return uri;
    }

    it('preview a table, ask for class and gaps, propose a model with its time, and train', async () => {
      const result = begin(await file('insects.csv', TABLE));
      await step('1/4', 'insects.csv', '60 rows, 8 columns', '3 Selected');
      assert.match(await title(), /Train VAE on Selection: insects\.csv · 60 rows, 8 columns · CSV, 2\.82 kB \(1\/4\)/);
      assert.match((await placeholder())!, /next: the class/);
      await box('numbers', 'it numbers the rows', 'it is always 5', 'dates are not quantities');
      await bridge.screenshot('train-dialog-columns');
      await bridge.press('Enter');

      await step('2/4', 'species', '3 classes', 'No class column');
      assert.match((await placeholder())!, /colours the latent space/);
      await bridge.screenshot('train-dialog-class');
      await bridge.press('Enter');

      await step('3/4', 'Learn from the values that are present', 'Leave these samples out');
      assert.match((await placeholder())!, /the first in line 9, “width”/);
      await bridge.screenshot('train-dialog-gaps');
      await bridge.press('Enter');

      await step('4/4', 'Likelihood', 'gaussian', 'Device');
      await box('ms each');
      await bridge.screenshot('train-dialog-model');
      await bridge.press('Enter');
      const trained = await result;
      if ('refused' in trained) assert.fail(trained.refused);
      assert.equal(errorOf(trained.cell), undefined);
      const code = trained.cell.document.getText();
      assert.match(code, /label: 'species',\s+columns: \['length', 'width', 'depth'\]/);
      assert.match(code, /missing: true/);
      const [view] = views<LatentScatterView>(trained.cell, MIME.latentScatter);
      assert.deepEqual(view!.classNames, ['ant', 'bee', 'cat']);
      await bridge.screenshot('train-on-selection');
    });

    it('go back by the keyboard, keep what was chosen, and take changes to the model', async () => {
      const result = begin(await file('back.csv', TABLE));
      await step('1/4', '3 Selected');
      await bridge.press('Enter');
      await step('2/4', 'No class column');
      await take('No class column');
      await step('3/4', 'Leave these samples out');
      await take('Leave these samples out');
      await step('4/4', 'Likelihood');
      await bridge.press('Control+Alt+Minus');
      await step('3/4', 'Leave these samples out');
      await bridge.press('Control+Alt+Minus');
      await step('2/4', 'No class column');
      await take('species');
      await step('3/4', 'Leave these samples out');
      await take('Leave these samples out');
      await step('4/4', 'Likelihood');
      await take('Latents');
      await box('a plane: the scatter shows all of it');
      await bridge.screenshot('train-dialog-latents');
      await take('1');
      await step('4/4', 'Likelihood', 'chosen by you');
      await take('Write the cell');
      const written = await result;
      assert.ok('cell' in written && written.history === 'written');
      const code = written.cell.document.getText();
      assert.match(code, /latent: 1,/);
      assert.match(code, /label: 'species'/);
      assert.match(code, /withoutMissing\(\)/);
      assert.equal(written.cell.outputs.length, 0);
    });

    it('refuse a column of text, naming what stands there, and stay open', async () => {
      const odd = TABLE.replace('\n12,', '\n12,ten');
      const result = begin(await file('odd.csv', odd));
      await step('1/4', 'line 13 holds “ten', '2 Selected');
      do await bridge.press('ArrowDown');
      while ((await bridge.workbench.count(`${ITEM}.focused:has-text("line 13 holds")`)) === 0);
      await bridge.press('Space');
      await box('3 Selected');
      await bridge.press('Enter');
      await box('line 13, column “length”: found “ten', 'expected a number', 'Leave the column out');
      await bridge.screenshot('train-dialog-refusal');
      await box('3 Selected');
      await bridge.press('Escape');
      assert.ok('refused' in (await result));
    });

    it('show the images of a folder, and how those of several sizes become one', async () => {
      for (let i = 0; i < 24; i++)
        await file(`shapes/${['disc', 'dot'][i % 2]}/${i}.png`, png(20 + 8 * (i % 2), 24, i));
      const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'shapes');
      const result = begin(folder);
      await box(
        'Resize all',
        'Cut all about their centres',
        'Pad all with black',
        '24 images of 2 sizes',
        '2 classes: disc (12), dot (12)',
      );
      assert.match((await placeholder())!, /images of one size: choose how; next: the model/);
      await bridge.workbench.waitFor(`${ITEM}:has-text("disc/0.png") .quick-input-list-icon`);
      await bridge.screenshot('train-dialog-images');
      await take('Cut all about their centres');
      await box('Layers', 'dense');
      await box('ms each');
      await take('Train');
      const trained = await result;
      if ('refused' in trained) assert.fail(trained.refused);
      assert.equal(errorOf(trained.cell), undefined);
      assert.match(trained.cell.document.getText(), /readImageFolder\('shapes', \{ fit: 'crop', size: \[20, 24\] \}\)/);
    });

    it('train a VQ-VAE on a tensor of a cell', async () => {
      const code = "import { tf } from 'latentlab';\nconst noise = tf.randomNormal([64, 12], 0, 1, 'float32', 1);";
      const { notebook } = await newNotebook(code);
      const result = begin(await run(notebook.cellAt(0)), 'trainVqvaeOnSelection');
      await box('Train VQ-VAE on Selection: noise', '64 rows, 12 columns · a tensor', '12 Selected');
      await bridge.press('Enter');
      await box('Codes', 'about eight samples a code');
      await box('ms each');
      await bridge.screenshot('train-dialog-codes');
      await bridge.press('Enter');
      const trained = await result;
      if ('refused' in trained) assert.fail(trained.refused);
      assert.equal(errorOf(trained.cell), undefined);
      assert.equal(texts(trained.cell, MIME.codebookHistogram).length, 1);
    });

    it('estimate the rows of a large file from its head', async () => {
      const rows = 1_500_000;
      const result = begin(await file('large.csv', `a,b,c\n${'12345,0.5,abc\n54321,0.7,abc\n'.repeat(rows / 2)}`));
      await box('about 1,500,000 rows, 3 columns', 'were read', '2 Selected');
      await bridge.press('Escape');
      assert.ok('refused' in (await result));
    });

    it('leave everything as it is when they are left, at any step', async () => {
      const uri = await file('left.csv', TABLE);
      const words = ['3 Selected', 'No class column', 'Leave these samples out', 'Likelihood'];
      for (let last = 0; last < words.length; last++) {
        const result = await changingNothing(async () => {
          const left = begin(uri);
          for (const [i, word] of words.entries()) {
            if (i > last) break;
            await step(`${i + 1}/4`, word);
            await bridge.press(i === last ? 'Escape' : 'Enter');
          }
          return left;
        });
        assert.deepEqual(result, { refused: 'the dialogs were left.' });
      }
    });
  });
}
