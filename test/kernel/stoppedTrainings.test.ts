import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunningTrainings } from '../../kernel/runningTrainings';
import { MIME } from '../../kernel/views/types';
import type { LossCurvesChange, LossCurvesView } from '../../kernel/views/types';
import { KernelUnderTest, trainedBy } from './kernelUnderTest';

const MODEL = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 256 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1 });`;

let kernel: KernelUnderTest;
beforeEach(async () => {
  kernel = await KernelUnderTest.start();
  expect((await kernel.run(MODEL)).error).toBeUndefined();
});
afterEach(() => kernel.stop());

const curvesOf = (bundle: Record<string, unknown>) => bundle[MIME.lossCurves] as LossCurvesView;

/** A training without end, with the step of its newest frame. */
async function training() {
  const { id, finished } = kernel.begin('await vae.fit(data, { epochs: 1_000_000 });');
  return { id, finished, ...(await trainedBy(kernel, 20)) };
}

describe.each([
  ['was killed', () => process.kill(kernel.client.pid!, 'SIGKILL')],
  ['was shut down for a restart', () => void kernel.client.shutdown()],
  ['was ended at once', () => kernel.client.kill()],
])('a training whose kernel %s', (_, end) => {
  it('is left with the curves that were seen last, and says that it was stopped', async () => {
    const { finished } = await training();
    end();
    const { displays, error } = await finished;
    expect(error!.kind).toBe('crash');
    const told = kernel.messages.filter((message) => message.type === 'viewChange');
    const seen = told.at(-1)!.change as LossCurvesChange;
    const last = displays.at(-1)!;
    const view = curvesOf(last.bundle);
    expect(last.update).toBe(true);
    expect(view.progress.state).toBe('stopped');
    expect(view.progress.step).toBeGreaterThanOrEqual(seen.progress.step);
    // As many points as steps: what was sent is all there, also what came behind the last whole view.
    expect(view.series[0]!.steps.shape[0]).toBe(view.progress.step);
    expect(last.bundle['text/plain']).toMatch(
      /stopped in epoch .* at step [\d,]+ of [\d,]+, when its kernel ended; total/,
    );
    expect(kernel.client.trainings).toEqual([]);
  });
});

describe('a training', () => {
  it('gives the document its curves soon, and then at least every 5 s', async () => {
    const { id, finished } = await training();
    for (let snapshots = 0, known = 0; snapshots < 4; snapshots++, known = kernel.messages.length) {
      await kernel.next('display', (message) => {
        return message.id === id && message.update && kernel.messages.indexOf(message) >= known;
      });
    }
    // Drawing is worth its time once the training has lasted for a while.
    await kernel.next('display', (message) => message.id === id && message.bundle['image/png'] !== undefined);
    kernel.client.kill();
    const { displays } = await finished;
    // As the training counts its seconds; the machine may be busy with other things too.
    const seconds = displays.map(({ bundle }) => curvesOf(bundle).progress.secondsElapsed);
    seconds.slice(1).forEach((at, i) => expect(at! - seconds[i]!).toBeLessThan(8));
    // The first shows no empty figure.
    expect(displays[0]!.bundle['image/png']).toBeUndefined();
    expect(displays.at(-1)!.bundle['image/png']).toBeDefined();
  });

  it('is known while it runs, can be watched, and can be saved between two steps', async () => {
    const { viewId, finished } = await training();
    expect(kernel.client.trainings).toMatchObject([{ viewId, progress: { state: 'running' } }]);
    const place = `${kernel.folder}/checkpoints/vae`;
    expect(await kernel.client.request(viewId, { kind: 'save', path: place })).toEqual({ kind: 'saved' });
    expect(await kernel.client.request(viewId, { kind: 'watch' })).toEqual({ kind: 'watched' });
    kernel.client.interrupt();
    expect((await finished).error!.kind).toBe('interrupt');
    expect(kernel.client.trainings).toEqual([]);
    const { text } = await kernel.run(
      `const saved = await VAE.load(${JSON.stringify(place)}); saved.position.step > 20`,
    );
    expect(text).toBe('true');
  });

  it('that goes on counts the epochs of its model', async () => {
    await kernel.run('await vae.fit(data, { epochs: 3, batchSize: 128 });');
    const { id, finished } = kernel.begin('await vae.fit(data, { epochs: 4, batchSize: 64 });');
    const { displays } = await finished;
    const { progress, series, summary } = curvesOf(displays.filter(({ update }) => update).at(-1)!.bundle);
    expect(progress).toMatchObject({ step: 16, totalSteps: 16, epochs: 4, before: { steps: 6, epochs: 3 } });
    expect(series[0]!.steps.shape).toEqual([16]);
    expect(summary).toContain('epochs 4 to 7');
    const labels = kernel.messages.flatMap((message) =>
      message.type === 'progress' && message.id === id ? message.label : [],
    );
    expect(labels.at(-1)).toMatch(/epoch 7\/7$/);
  });

  it('that was interrupted is shown as ended, also while its end takes longer than its cell has', async () => {
    const { id, finished } = kernel.begin(
      'await vae.fit(data, { epochs: 1_000_000, callbacks: { ended: () => new Promise(() => {}) } });',
    );
    await kernel.next('viewFrame');
    kernel.client.interrupt();
    const { displays, error } = await finished;
    expect(error!.kind).toBe('interrupt');
    const last = displays.filter((display) => display.id === id).at(-1)!;
    expect(curvesOf(last.bundle).progress.state).toBe('cancelled');
    // What is late is written when the cell has ended, which a host does in its own time.
    expect(last.late).toBeUndefined();
  });

  it('that the cell left behind by an error is shown as ended', async () => {
    const { finished } = kernel.begin(
      'void vae.fit(data, { epochs: 1_000_000 }).catch(() => {}); throw new Error("mine")',
    );
    const { displays, error } = await finished;
    expect(error!.message).toBe('mine');
    const states = displays.map(({ bundle }) => curvesOf(bundle).progress.state);
    if (states.length > 0) expect(states.at(-1)).toBe('cancelled');
  });
});

describe('what a kernel tells of trainings', () => {
  it('may be anything that a cell shows under their type', () => {
    const known = new RunningTrainings();
    for (const view of [null, 7, 'text', {}, { id: 'a' }, { id: 'a', progress: null, summary: '' }]) {
      known.receive({
        type: 'display',
        id: 'cell',
        displayId: 'd',
        update: false,
        bundle: { [MIME.lossCurves]: view },
        isResult: false,
      });
    }
    expect(known.list).toEqual([]);
    expect(known.end()).toEqual([]);
  });
});
