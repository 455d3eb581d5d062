import { beforeAll, describe, expect, it } from 'vitest';
import { DataError, randomStream, VAE } from '../../../../../kernel/autoencoders/index';
import type { FitOptions, Samples, SampleStream } from '../../../../../kernel/autoencoders/index';
import { StreamedBatches } from '../../../../../kernel/autoencoders/training/batches/streamedBatches';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { everything, streamOf, temporaryFolder } from '../support';

beforeAll(useWasm);

const path = temporaryFolder();
const train = binarySamples(50, 12);
const validation = binarySamples(20, 12, 7);
/** Four steps an epoch; the last is smaller. */
const OPTIONS: FitOptions = { epochs: 3, batchSize: 16, learningRate: 0.01, shuffleBuffer: 20 };
const newModel = () => new VAE({ input: 12, latent: 2, hidden: [8], seed: 1 });

const EXPECTED = { caller: 'test', width: 1, description: 'rows of 1 value' };
const numbered = (length: number): Samples => ({
  name: 'numbers',
  values: Float32Array.from({ length }, (_, i) => i),
  labels: Int32Array.from({ length }, (_, i) => i % 3),
  shape: { kind: 'vector', features: ['number'] },
  ...{ length, width: 1 },
});

/** All batches of an epoch. */
async function epochOf(
  stream: SampleStream,
  buffer: number,
  place: { epoch?: number; seed?: number; done?: number } = {},
) {
  const source = new StreamedBatches(stream, EXPECTED, { support: null }, buffer);
  const { epoch = 0, seed = 1, done = 0 } = place;
  const batches = source.epoch({ seed, epoch, batchSize: 8, done });
  const all = [];
  for (let left = stream.length - 8 * done; left > 0; left -= 8) all.push(await batches.next());
  await batches.close();
  return all;
}

const rowsOf = (batches: { rows: Int32Array }[]) => batches.flatMap(({ rows }) => [...rows]);

describe('batches of a stream', () => {
  it('hold every sample once, each with its row and label', async () => {
    const batches = await epochOf(streamOf(numbered(45), 7), 10);
    expect(batches.map(({ rows }) => rows.length)).toEqual([8, 8, 8, 8, 8, 5]);
    expect(rowsOf(batches).sort((a, b) => a - b)).toEqual(Array.from({ length: 45 }, (_, i) => i));
    for (const { rows, values, labels } of batches) {
      expect([...values]).toEqual([...rows]);
      expect([...labels!]).toEqual([...rows].map((row) => row % 3));
    }
  });

  it('come in an order of (seed, epoch) that does not depend on the chunks', async () => {
    const order = async (chunk: number, place = {}) => rowsOf(await epochOf(streamOf(numbered(45), chunk), 10, place));
    const first = await order(7);
    expect(await order(7)).toEqual(first);
    expect(await order(1)).toEqual(first);
    expect(await order(45)).toEqual(first);
    expect(await order(7, { epoch: 1 })).not.toEqual(first);
    expect(await order(7, { seed: 2 })).not.toEqual(first);
  });

  it('are drawn uniformly from what the buffer holds', async () => {
    // With a buffer of 4, the first sample is row 0 … 3, each a quarter of the time: 4 standard errors of 400 trials.
    const counts = [0, 0, 0, 0];
    for (let seed = 0; seed < 400; seed++) {
      const [first] = await epochOf(streamOf(numbered(8), 3), 4, { seed });
      counts[first!.rows[0]!]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(4 * Math.sqrt(400 * 0.25 * 0.75));
    // A buffer of one keeps the stream's order.
    expect(rowsOf(await epochOf(streamOf(numbered(20), 6), 1))).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('go on within an epoch as if nothing had happened', async () => {
    const whole = await epochOf(streamOf(numbered(45), 7), 10);
    expect(await epochOf(streamOf(numbered(45), 7), 10, { done: 3 })).toEqual(whole.slice(3));
  });

  it('hold no more of the stream than the buffer and two chunks', async () => {
    const [length, chunk, buffer] = [100_000, 50, 200];
    let made = 0;
    const generated: SampleStream = {
      ...{ name: 'generated', shape: { kind: 'vector', features: ['x'] }, width: 1, length },
      async *chunks() {
        for (; made < length; made += chunk) {
          yield { values: randomStream(1, 'chunk', made).uniforms(chunk), labels: null };
        }
      },
    };
    const source = new StreamedBatches(generated, EXPECTED, { support: null }, buffer);
    const batches = source.epoch({ seed: 1, epoch: 0, batchSize: 100, done: 0 });
    let [trained, most] = [0, 0];
    while (trained < length) {
      const { rows, labels } = await batches.next();
      expect(labels).toBeNull();
      most = Math.max(most, made - trained);
      trained += rows.length;
    }
    expect(most).toBeLessThanOrEqual(buffer + 2 * chunk);
    expect(most).toBeGreaterThan(buffer);
  });
});

describe('a model that is trained on a stream', () => {
  it('learns, and resumes exactly from a checkpoint in the middle of an epoch', async () => {
    const [through, stopped] = [newModel(), newModel()];
    const stream = () => streamOf(train, 7);
    const options = { ...OPTIONS, validation: streamOf(validation, 6) };
    const whole = await through.fit(stream(), options);
    const totals = whole.series.find(({ name, split }) => name === 'total' && split === 'validation')!.values;
    expect(totals.at(-1)).toBeLessThan(totals[0]!);
    expect(whole.progress).toMatchObject({ state: 'done', step: 12 });
    await stopped.fit(stream(), {
      ...options,
      callbacks: { stepEnded: ({ step }) => (step === 6 ? 'stop' : undefined) },
      checkpoint: { path: path('streamed') },
    });
    const resumed = await VAE.load(path('streamed'));
    expect((await resumed.fit(stream(), options)).progress).toMatchObject({ state: 'done', step: 12 });
    expect(await everything(resumed)).toEqual(await everything(through));
    for (const model of [through, stopped, resumed]) model.dispose();
  });

  it('scores a stream as its samples in memory', async () => {
    const model = newModel();
    const many = binarySamples(2500, 12);
    const expected = await model.score(many);
    for (const chunk of [2500, 300, 1024]) expect(await model.score(streamOf(many, chunk))).toEqual(expected);
    model.dispose();
  });

  it('closes a stream that it does not read to the end', async () => {
    const model = newModel();
    let open = 0;
    const watched = streamOf(train, 7);
    const stream: SampleStream = {
      ...watched,
      async *chunks() {
        open += 1;
        try {
          yield* watched.chunks();
        } finally {
          open -= 1;
        }
      },
    };
    const opened: number[] = [];
    const callbacks = {
      stepEnded: ({ step }: { step: number }) => {
        opened.push(open);
        return step === 2 ? ('stop' as const) : undefined;
      },
    };
    await model.fit(stream, { ...OPTIONS, shuffleBuffer: 5, callbacks });
    expect(opened).toEqual([1, 1]);
    expect(open).toBe(0);
    model.dispose();
  });
});

describe('a stream that cannot be trained on', () => {
  const fit = async (stream: SampleStream) => {
    const model = newModel();
    try {
      return await model.fit(stream, OPTIONS);
    } finally {
      model.dispose();
    }
  };

  it('has a value that is not finite, or outside of the likelihood’s: its row is named', async () => {
    const broken = { ...train, values: train.values.slice() };
    broken.values[12 * 33 + 4] = NaN;
    await expect(fit(streamOf(broken, 7))).rejects.toThrow(DataError);
    await expect(fit(streamOf(broken, 7))).rejects.toThrow('the value at row 33, column 4 (“f4”)');
    broken.values[12 * 33 + 4] = 2;
    await expect(fit(streamOf(broken, 7))).rejects.toThrow('is 2, outside [0, 1]');
    const model = newModel();
    await expect(model.score(streamOf(broken, 7))).rejects.toThrow('the value at row 33, column 4');
    model.dispose();
  });

  it('has fewer or more samples than it says', async () => {
    const few = fit(streamOf(train, 7, { length: 60 }));
    await expect(few).rejects.toThrow(DataError);
    await expect(few).rejects.toThrow('test data ended after 50 samples, while its length says 60; state the number');
    await expect(fit(streamOf(train, 7, { length: 48 }))).rejects.toThrow('test data goes on after 48 samples');
    await expect(fit(streamOf(train, 16, { length: 48 }))).rejects.toThrow('test data goes on after 48 samples');
  });

  it('has another width, chunks that are cut within a sample, or no samples', async () => {
    await expect(fit(streamOf(numbered(10), 5))).rejects.toThrow(
      'VAE, 2 latents: fit expects rows of 12 values (12 features); found numbers with 1 values (1 features).',
    );
    const torn = streamOf(train, 7, {
      async *chunks() {
        yield { values: train.values.slice(0, 30), labels: null };
      },
    });
    await expect(fit(torn)).rejects.toThrow('the chunk that begins at row 0 has 30 values, no whole number of samples');
    await expect(fit(streamOf(train, 7, { length: 0 }))).rejects.toThrow('found no rows');
  });

  it('fails while it is read: its own error', async () => {
    const failing = streamOf(train, 7, {
      async *chunks() {
        yield { values: train.values.slice(0, 12 * 30), labels: null };
        throw new Error('the network is down');
      },
    });
    await expect(fit(failing)).rejects.toThrow('the network is down');
  });
});
