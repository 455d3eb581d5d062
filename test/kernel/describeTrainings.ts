/** What a training in a cell does, whatever computes it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIME, type LatentScatterView, type LossCurvesView, type Sample } from '../../kernel/views/types';
import type { MimeBundle } from '../../kernel/protocol';
import { decode } from '../../kernel/views/encoding';
import { KernelUnderTest, toldOf, type StartOptions } from './kernelUnderTest';

const MODEL = `
import { fashionMnist, VAE, latentScatter } from 'latentlab';
const data = (await fashionMnist()).take(1000);
const vae = new VAE({ input: data.shape, latent: 2, hidden: [32], seed: 1 });
await latentScatter(vae, data, { grid: 0 })`;

const curvesOf = (bundle: Record<string, unknown>) => bundle[MIME.lossCurves] as LossCurvesView;

/** Tests of trainings in a kernel that is started so. */
export function describeTrainings(options: StartOptions): void {
  let kernel: KernelUnderTest;
  let scatter: LatentScatterView;

  beforeAll(async () => {
    kernel = await KernelUnderTest.start(options);
    const { displays } = await kernel.run(MODEL);
    scatter = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
  });

  afterAll(() => kernel.stop());

  /** A training without end, under way. */
  async function training() {
    const known = kernel.messages.length;
    const { id, finished } = kernel.begin('const long = await vae.fit(data, { epochs: 100_000 }); long.progress.state');
    const seen = (viewId: string) =>
      !kernel.messages.slice(0, known).some((m) => m.type === 'viewFrame' && m.viewId === viewId);
    const frame = await kernel.next('viewFrame', (message) => seen(message.viewId));
    return { id, finished, viewId: frame.viewId };
  }

  describe('a training in a cell', () => {
    it('shows one output, live frames for it, its progress, and a final snapshot with picture and sentence', async () => {
      const { id, finished } = kernel.begin(
        'const short = await vae.fit(data, { epochs: 12, validation: data.take(100) });',
      );
      const { displays, duration } = await finished;
      expect(new Set(displays.map(({ displayId }) => displayId)).size).toBe(1);
      const last = displays.at(-1)!;
      const view = curvesOf(last.bundle);
      expect(last.update).toBe(true);
      expect(view.progress).toMatchObject({ state: 'done', epoch: 12, step: 96, totalSteps: 96 });
      expect(last.bundle['text/plain']).toMatch(/12 epochs.*\.$/);
      expect(
        Buffer.from(last.bundle['image/png'] as string, 'base64')
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
      const frames = toldOf(kernel, view.id);
      expect(frames.length).toBeGreaterThan(0);
      expect(frames.length).toBeLessThanOrEqual(duration / 100 + 1);
      const progress = kernel.messages.filter((message) => message.type === 'progress' && message.id === id);
      expect(progress.at(-1)).toMatchObject({ done: 96, total: 96, label: expect.stringContaining('VAE') as string });
    });

    it('leaves the kernel free to decode what a view asks for', async () => {
      const { finished } = await training();
      const result = await kernel.client.request(scatter.id, { kind: 'decode', z: [0.5, -1] });
      kernel.client.interrupt();
      await finished;
      const { shape, values } = (result as { sample: Sample }).sample;
      expect(decode(values)).toHaveLength(784);
      expect(shape).toEqual({ kind: 'image', height: 28, width: 28, channels: 1 });
    });

    it('resolves when its view cancels it: the cell goes on', async () => {
      const { finished, viewId } = await training();
      await kernel.client.request(viewId, { kind: 'cancel' });
      expect((await finished).text).toBe("'cancelled'");
    });

    it('stops at a step when the cell is interrupted; the model goes on from there', async () => {
      const { finished } = await training();
      kernel.client.interrupt();
      const { error, displays } = await finished;
      expect(error!.kind).toBe('interrupt');
      expect(curvesOf(displays.at(-1)!.bundle).progress.state).toBe('cancelled');
      const { text } = await kernel.run(
        'const steps = vae.position.step; const more = await vae.fit(data, { epochs: 1 }); [more.progress.state, vae.position.step > steps]',
      );
      expect(text).toBe("[ 'done', true ]");
    });

    it('leaves a model that can be trained when it is ended in the middle of a step', async () => {
      const endless = `await vae.fit(data, { epochs: 1, callbacks: { stepEnded() { console.log('in it'); while (true); } } })`;
      const { id, finished } = kernel.begin(endless);
      await kernel.next('stream', (message) => message.id === id);
      kernel.client.interrupt();
      expect((await finished).error!.kind).toBe('interrupt');
      expect((await kernel.run('(await vae.fit(data, { epochs: 1 })).progress.state')).text).toBe("'done'");
    });

    it('keeps its cell running when nobody waits for it, and stops with it', async () => {
      const { id, finished } = kernel.begin('vae.fit(data, { epochs: 100_000 }).catch(() => {}); "not the end"');
      await kernel.next('display', (message) => message.id === id && message.bundle['text/plain'] === "'not the end'");
      await kernel.next('progress', (message) => message.id === id);
      kernel.client.interrupt();
      const { error } = await finished;
      expect(error!.kind).toBe('interrupt');
      // The training ends at its next step, which the cell does not wait for.
      const isCancelled = ({ bundle }: { bundle: MimeBundle }) => curvesOf(bundle)?.progress.state === 'cancelled';
      await kernel.next('display', (message) => message.id === id && isCancelled(message));
    });

    it('names row and column of NaN in the data and trains nothing', async () => {
      const { error } = await kernel.run(
        "import { Dataset } from 'latentlab'; const spoilt = new Dataset({ ...data, values: data.values.slice(), name: 'holed' }); spoilt.values[784 * 3 + 5] = NaN; await vae.fit(spoilt, { epochs: 1 })",
      );
      expect(error!.message).toMatch(/row 3.*column 5.*NaN/s);
    });
  });

  describe('a view that asks for what cannot be', () => {
    it('hears why', async () => {
      await expect(kernel.client.request(scatter.id, { kind: 'decode', z: [1] })).rejects.toThrow(
        /2 finite numbers; found \[1\]/,
      );
      await expect(kernel.client.request('of another kernel', { kind: 'decode', z: [1, 2] })).rejects.toThrow(
        /Run its cell again/,
      );
    });
  });
}
