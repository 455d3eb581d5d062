import assert from 'node:assert/strict';
import { connectBridge } from '../host/bridge';
import { closeAll, newNotebook, run, texts } from './notebooks';

const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40"><rect width="120" height="40" fill="#c0ffee"/></svg>';
/** However VS Code draws it. */
const PICTURE = '.output svg, .output img, .output_container svg, .output_container img';

describe('a picture that is text', () => {
  afterEach(closeAll);

  it('is drawn in the output of the cell that gave it', async () => {
    const bundle = JSON.stringify({ 'image/svg+xml': SVG, 'text/plain': 'a box' });
    const { notebook } = await newNotebook(`({ [Symbol.for('Jupyter.display')]: () => (${bundle}) })`);
    const cell = await run(notebook.cellAt(0));
    assert.deepEqual(texts(cell, 'image/svg+xml'), [SVG]);
    const bridge = await connectBridge();
    if (!bridge) return;
    try {
      await bridge.outputs.scrollTo(PICTURE);
      const box = await bridge.outputs.box(PICTURE);
      assert.ok(box.width >= 100 && box.height >= 30, JSON.stringify(box));
      assert.equal((await bridge.outputs.pixels(PICTURE)).dominant, '#c0ffee');
      await bridge.screenshot('svg-output');
    } finally {
      bridge.close();
    }
  });
});
