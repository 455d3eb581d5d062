import { afterAll, beforeAll, expect, it } from 'vitest';
import { send, show } from './support/figures';
import { Lab, type NotebookPage } from './support/page';
import { lossView, MIME } from './support/sampleViews';

let lab: Lab;
let notebook: NotebookPage;
beforeAll(async () => {
  lab = await Lab.open();
  notebook = await lab.notebook();
});
afterAll(() => lab.close());

const running = (steps: number, id: string) => lossView(steps, id, { state: 'running' });
const frame = (view: { id: string }) => ({ type: 'viewFrame', viewId: view.id, mime: MIME.lossCurves, view });

it('screen readers hear of each quarter of a training, and of its end, and of nothing between', async () => {
  const { page } = notebook;
  const output = await show(page, MIME.lossCurves, running(200, 'spoken'));
  const spoken = () => output.locator('.visually-hidden[role=status]').textContent();
  const heard: (string | null)[] = [await spoken()];
  for (const step of [230, 240, 460, 470, 480]) {
    await send(page, frame(running(step, 'spoken')));
    heard.push(await spoken());
  }
  await send(page, frame(lossView(490, 'spoken', { state: 'cancelled' })));
  heard.push(await spoken());
  expect(heard.map((text) => text?.replace(/ · \d.*$/, ''))).toEqual([
    '',
    '',
    'Training: epoch 4/15 · step 240/930',
    'Training: epoch 4/15 · step 240/930',
    'Training: epoch 8/15 · step 470/930',
    'Training: epoch 8/15 · step 470/930',
    'Training: cancelled · epoch 8/15 · step 490/930',
  ]);
});
