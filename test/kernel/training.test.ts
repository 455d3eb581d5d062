import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changed } from '../../kernel/views/lossCurvesChange';
import { MIME } from '../../kernel/views/types';
import type { LossCurvesChange, LossCurvesView } from '../../kernel/views/types';
import { describeTrainings } from './describeTrainings';
import { KernelUnderTest, toldOf } from './kernelUnderTest';

const MODEL = `
import { Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 1024 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = new VAE({ input: 3, latent: 1, hidden: [32], likelihood: 'gaussian', seed: 1 });`;

const curvesOf = (bundle: Record<string, unknown>) => bundle[MIME.lossCurves] as LossCurvesView;

describeTrainings({});

describe('the live curves of a training', () => {
  let kernel: KernelUnderTest;
  beforeAll(async () => {
    kernel = await KernelUnderTest.start();
    expect((await kernel.run(MODEL)).error).toBeUndefined();
  });
  afterAll(() => kernel.stop());

  it('tell what is new, which makes the whole that the document gets', async () => {
    const { id, finished } = kernel.begin('const told = await vae.fit(data, { epochs: 400 });');
    const { displays } = await finished;
    const snapshots = displays.filter((display) => display.id === id).map(({ bundle }) => curvesOf(bundle));
    const frames = toldOf(kernel, snapshots[0]!.id);
    const changes = frames.filter((frame) => frame.type === 'viewChange');
    expect(changes.length).toBeGreaterThan(5);
    const states = new Map(snapshots.map((view) => [view.revision, view]));
    let view = snapshots[0]!;
    let compared = 0;
    for (const frame of frames) {
      if (frame.type === 'viewFrame') view = frame.view as LossCurvesView;
      else view = changed(view, frame.change as LossCurvesChange);
      const state = states.get(view.revision);
      if (!state) continue;
      expect(view).toEqual(state);
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
    const last = snapshots.at(-1)!;
    expect(last.progress).toMatchObject({ state: 'done', step: 8 * 400 });
    const bytes = changes.map((frame) => JSON.stringify(frame).length);
    expect(bytes.reduce((a, b) => a + b) / bytes.length).toBeLessThan(JSON.stringify(last).length / 5);
  });
});

describe('the seed of a run', () => {
  it('is what models take unless they are given one', async () => {
    const first = async (seed: number) => {
      const seeded = await KernelUnderTest.start({ seed });
      const { text } = await seeded.run(
        "import { VAE } from 'latentlab'; const v = new VAE({ input: 3, latent: 1 }); Array.from(await v.sample(1).data())",
      );
      await seeded.stop();
      return text;
    };
    const [a, again, b] = [await first(5), await first(5), await first(6)];
    expect(a).toBe(again);
    expect(a).not.toBe(b);
  });
});
