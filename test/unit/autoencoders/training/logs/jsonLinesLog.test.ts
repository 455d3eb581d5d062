import { appendFile, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { linearWarmup, VAE } from '../../../../../kernel/autoencoders/index';
import type { FitOptions } from '../../../../../kernel/autoencoders/index';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(40, 12);
/** Four steps an epoch. */
const OPTIONS: FitOptions = { epochs: 2, batchSize: 10, learningRate: 0.01, validation: binarySamples(20, 12, 7) };
const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], beta: linearWarmup(8), seed: 1 });

type Line = Record<string, unknown> & { type: string };

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

describe('a log of JSON lines', () => {
  it('says what to do where it cannot be written', async () => {
    const model = newModel();
    const [log, folder] = [path('nowhere/log.jsonl'), path('a file')];
    await appendFile(folder, 'x');
    await expect(model.fit(train, { ...OPTIONS, log })).rejects.toThrow(
      `fit: "log" is ${log}, which cannot be written: its folder does not exist (ENOENT); give a file in a folder that exists.`,
    );
    await expect(model.fit(train, { ...OPTIONS, tensorboard: folder })).rejects.toThrow(
      `fit: "tensorboard" is ${folder}, which cannot be written: there is something else in its place (EEXIST)`,
    );
    model.dispose();
  });

  it('holds the model, every step with every term, every epoch, and the end', async () => {
    const model = newModel();
    const history = await model.fit(train, { ...OPTIONS, log: path('whole.jsonl') });
    const lines = await linesOf(path('whole.jsonl'));
    const epoch = ['step', 'step', 'step', 'step', 'epoch'];
    expect(lines.map(({ type }) => type)).toEqual(['training', ...epoch, ...epoch, 'end']);
    expect(lines[0]).toMatchObject({
      ...{ model: 'VAE', unit: 'nats per sample', step: 0, config: { latent: 2 } },
      options: { epochs: 2, batchSize: 10, learningRate: 0.01, seed: 1, samples: 40 },
    });
    const steps = lines.filter(({ type }) => type === 'step');
    for (const { name, split, values } of history.series) {
      if (split === 'train')
        expect(steps.map(({ losses }) => (losses as Record<string, number>)[name])).toEqual(values);
    }
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(steps[4]).toMatchObject({ epoch: 2, weights: { kl: 0.5 }, learningRate: 0.01 });
    expect(steps.every((line) => Number(line['gradientNorm']) > 0 && Number(line['samplesPerSecond']) > 0)).toBe(true);
    expect(lines.at(-2)).toMatchObject({ epoch: 2, step: 8, validation: history.final.validation });
    expect(lines.at(-1)).toMatchObject({ type: 'end', state: 'done' });
    model.dispose();
  });

  it('is appended to by a training that goes on, and loses half a line that an accident left', async () => {
    const model = newModel();
    const options = { ...OPTIONS, log: path('resumed.jsonl') };
    await model.fit(train, { ...options, callbacks: { stepEnded: ({ step }) => (step === 3 ? 'stop' : undefined) } });
    const before = await readFile(options.log, 'utf8');
    await appendFile(options.log, `{"type":"step","step":4,"losses":{"kl":${'1'.repeat(70_000)}`);
    await model.fit(train, options);
    expect((await readFile(options.log, 'utf8')).startsWith(`${before}{"type":"training"`)).toBe(true);
    const lines = await linesOf(options.log);
    expect(lines.filter(({ type }) => type === 'step').map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(lines.filter(({ type }) => type === 'end').map(({ state }) => state)).toEqual(['cancelled', 'done']);
    model.dispose();
  });

  it('cuts off a file that is nothing but half a line', async () => {
    const model = newModel();
    await appendFile(path('half.jsonl'), '{"type":"trai');
    await model.fit(train, { ...OPTIONS, epochs: 1, log: path('half.jsonl') });
    expect((await linesOf(path('half.jsonl')))[0]).toMatchObject({ type: 'training' });
    model.dispose();
  });
});
