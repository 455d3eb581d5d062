/** What "Train VAE on Selection" writes, from the look at the data to the views, in a real kernel. */
import { encode as encodePng } from 'fast-png';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingCells } from '../../extension/commands/training/cell';
import { freeNames } from '../../extension/commands/training/names';
import { planFor, type Answers, type Family, type Plan } from '../../extension/commands/training/plan';
import { refusal } from '../../extension/commands/training/refusal';
import { surveyCode, type DataSource } from '../../extension/commands/training/source';
import { secondsFor, timingCode, type Measured } from '../../extension/commands/training/timing';
import type { DataSurvey } from '../../kernel/autoencoders/data/survey/facts';
import { MIME, type LatentScatterView, type LossCurvesView } from '../../kernel/views/types';
import { npy } from '../unit/autoencoders/data/npyFile';
import { zipFile } from '../unit/autoencoders/data/zipFile';
import { KernelUnderTest, type CellRun } from './kernelUnderTest';

let kernel: KernelUnderTest;
beforeAll(async () => (kernel = await KernelUnderTest.start({ device: 'traced-cpu' })));
afterAll(() => kernel.stop());

const shown = <T>({ displays, error }: CellRun): T => {
  if (error) throw new Error(error.message);
  return displays.findLast(({ bundle }) => 'application/json' in bundle)!.bundle['application/json'] as T;
};

async function planOf(family: Family, source: DataSource, answers: Answers = {}): Promise<Plan> {
  const survey = shown<DataSurvey>(await kernel.run(surveyCode(source, answers.array)));
  return planFor(family, survey, { epochs: 1, ...answers }, kernel.client.ready.device);
}

/** Runs what is written, and gives its code and the last cell. */
async function trained(family: Family, source: DataSource, answers: Answers = {}) {
  const plan = await planOf(family, source, answers);
  expect(refusal(plan)).toBeUndefined();
  const cells = trainingCells(source, plan, freeNames(family, new Set()));
  let run: CellRun | undefined;
  for (const code of cells) {
    run = await kernel.run(code);
    if (run.error) throw new Error(`${run.error.message}\n${code}`);
  }
  const mimes = run!.displays.flatMap(({ bundle }) => Object.keys(bundle));
  const views = family === 'vae' ? [MIME.latentScatter, MIME.reconstructions] : [MIME.codebookHistogram, MIME.reconstructions]; // prettier-ignore
  expect(mimes).toEqual(expect.arrayContaining([MIME.lossCurves, ...views]));
  return { code: cells.join('\n'), plan, run: run! };
}

const file = (path: string): DataSource => ({ kind: 'file', path, description: path });
const expression = (code: string): DataSource => ({ kind: 'expression', expression: code, description: code });

const value = (i: number, j: number) => (((i % 3) * (j + 1)) % 4) + Math.sin(7 * i + j) / 5;
const png = (height: number, width: number, channels: 1 | 3, i: number) =>
  encodePng({
    height,
    width,
    channels,
    data: Uint8Array.from({ length: height * width * channels }, (_, at) => (at * (i + 3)) % 256),
  });

/** Sixty rows; line 9 lacks `b`. */
const CSV = [
  'id,a,b,c,always,site,day',
  ...Array.from({ length: 60 }, (_, i) => {
    const [a, b, c] = [0, 1, 2].map((j) => value(i, j).toFixed(3));
    return [i + 1, a, i === 7 ? '' : b, c, 5, ['bog', 'fen', 'tarn'][i % 3], `2024-01-${(i % 28) + 1}`].join(',');
  }),
].join('\n');

describe.each(['vae', 'vqvae'] as const)('a %s cell', (family) => {
  it('trains on a table with a gap, a class, a constant, ids and dates', async () => {
    kernel.write('sites.csv', CSV);
    const { code, run } = await trained(family, file('sites.csv'));
    expect(code).toContain("await readCsv('sites.csv', { label: 'site', columns: ['a', 'b', 'c'] })");
    expect(code).toContain('missing: true');
    if (family === 'vqvae') return;
    const view = run.displays.map(({ bundle }) => bundle[MIME.latentScatter] as LatentScatterView).find(Boolean)!;
    expect(view.classNames).toEqual(['bog', 'fen', 'tarn']);
  });

  it('leaves samples with gaps out', async () => {
    kernel.write('sites.csv', CSV);
    const { code } = await trained(family, file('sites.csv'), { missing: 'leaveOut', label: null });
    expect(code).toContain('data.withoutMissing()');
    expect(code).not.toContain('missing: true');
    await expect(kernel.run('whole.length')).resolves.toMatchObject({ text: '59' });
  });

  it('trains on a folder of images of several sizes', async () => {
    for (let i = 0; i < 12; i++) kernel.write(`faces/${['x', 'y'][i % 2]}/${i}.png`, png(14 + (i % 3), 15, 3, i));
    const { code } = await trained(family, file('faces'));
    expect(code).toContain("await readImageFolder('faces', { size: [");
    expect(code).toMatch(/new Convolutional/);
    const cropped = await trained(family, file('faces'), { fit: 'crop', network: 'dense' });
    expect(cropped.code).toContain("{ fit: 'crop', size: [14, 15] }");
  });

  it('trains on images in an array, and on one of several arrays', async () => {
    const images = npy(
      '|u1',
      [30, 17, 13, 3],
      Uint8Array.from({ length: 30 * 17 * 13 * 3 }, (_, i) => (i * 7) % 256),
    );
    kernel.write('images.npy', images);
    const { code } = await trained(family, file('images.npy'));
    expect(code).toContain("await readNpy('images.npy')");
    const entries = { 'images.npy': images, 'others.npy': npy('<f4', [2, 2], Float32Array.of(1, 2, 3, 4)) };
    kernel.write('several.npz', zipFile(entries, true));
    const chosen = await trained(family, file('several.npz'), { array: 'images', network: 'dense' });
    expect(chosen.code).toContain("await loadData('several.npz', { array: 'images' })");
  });

  it('trains on text that is selected, in a cell of its own', async () => {
    const source: DataSource = { kind: 'text', text: CSV, description: 'notes, lines 1–61' };
    const { code } = await trained(family, source, { columns: ['a', 'c'] });
    expect(code).toMatch(/const data = parseCsv\(`id,a,b,c[^`]*`, \{ label: 'site', columns: \['a', 'c'\] \}\)/);
  });
});

describe('a VAE cell', () => {
  it('trains on Parquet', async () => {
    const columnData = [0, 1].map((j) => ({ name: `m${j}`, data: Array.from({ length: 40 }, (_, i) => value(i, j)), type: 'DOUBLE' as const })); // prettier-ignore
    const site = { name: 'site', data: Array.from({ length: 40 }, (_, i) => 'ab'[i % 2]!), type: 'STRING' as const };
    const when = { name: 'when', data: Array.from({ length: 40 }, (_, i) => new Date(1e12 + i)), type: 'TIMESTAMP' as const }; // prettier-ignore
    const bytes = parquetWriteBuffer({ columnData: [...columnData, site, when] });
    kernel.write('a.parquet', new Uint8Array(bytes));
    const { code } = await trained('vae', file('a.parquet'));
    expect(code).toContain("await readParquet('a.parquet', { label: 'site', columns: ['m0', 'm1'] })");
  });

  it('trains on JSON of columns', async () => {
    const lists = { a: Array.from({ length: 30 }, (_, i) => value(i, 0)), b: Array.from({ length: 30 }, (_, i) => value(i, 1)) }; // prettier-ignore
    kernel.write('a.json', JSON.stringify(lists));
    const { code } = await trained('vae', file('a.json'));
    expect(code).toContain("await readJson('a.json')");
  });

  it('trains on sound', async () => {
    const samples = Int16Array.from({ length: 64_000 }, (_, i) => 8000 * Math.sin(i / 9));
    kernel.write('a.wav', wav(samples));
    const { code } = await trained('vae', file('a.wav'));
    expect(code).toContain("await loadData('a.wav')");
  });

  it.each([
    ['rows', 'Array.from({ length: 40 }, (_, i) => [i % 5, Math.sin(i), 2])', "columns: ['x0', 'x1']"],
    ['an object of columns', '({ a: Array.from({ length: 40 }, (_, i) => i % 5), b: new Float32Array(40).map((_, i) => i) })', 'Dataset.from('], // prettier-ignore
    ['a tensor', 'tf.randomNormal([40, 6], 0, 1, "float32", 1)', 'Dataset.from('],
    ['a tensor of images', 'tf.randomUniform([40, 16, 16, 1], 0, 1, "float32", 1)', "likelihood: 'bernoulli'"],
    ['a data set', 'Dataset.from(tf.randomNormal([40, 4]), { labels: Array.from({ length: 40 }, (_, i) => i % 2) })', 'const data = given;'], // prettier-ignore
    ['a stream', 'await streamNpy("stream.npy")', 'await collect(given)'],
  ])('trains on %s', async (_, code, expected) => {
    kernel.write(
      'stream.npy',
      npy(
        '<f4',
        [40, 3],
        Float32Array.from({ length: 120 }, (_, i) => value(i, 1)),
      ),
    );
    const made = await kernel.run(`import { Dataset, streamNpy, tf } from 'latentlab';\nconst given = ${code};`);
    expect(made.error).toBeUndefined();
    const written = await trained('vae', expression('given'));
    expect(written.code).toContain(expected);
  });

  it('leaves an existing model as it is when the run is stopped or fails', async () => {
    await kernel.run('const rows = Array.from({ length: 40 }, (_, i) => [i % 5, Math.sin(i), i % 3]);');
    const { code, plan } = await trained('vae', expression('rows'));
    const first = await kernel.run('vae.position.step');
    const again = code.replace(/epochs: \d+/, 'epochs: 1_000_000');
    const begun = kernel.begin(again);
    // More steps than those of the whole first run.
    const change = await kernel.next('progress', ({ id, done }) => id === begun.id && done > 50);
    expect(change.total).toBeGreaterThan(plan.stepsPerEpoch);
    kernel.client.interrupt();
    expect((await begun.finished).error?.kind).toBe('interrupt');
    expect((await kernel.run('vae.position.step')).text).toBe(first.text);
    expect((await kernel.run('model.position.step')).text).not.toBe(first.text);
  });
});

describe('the reported time', () => {
  it('is measured on steps of the model, and leaves nothing behind', async () => {
    await kernel.run('const rows = Array.from({ length: 400 }, (_, i) => [i % 5, Math.sin(i), i % 3]);');
    const plan = await planOf('vae', expression('rows'), { epochs: 200 });
    const before = await kernel.run("import { tf } from 'latentlab';\ntf.memory().numTensors");
    const measured = shown<Measured>(await kernel.run(timingCode(plan)));
    expect(measured.steps).toBeGreaterThan(3);
    expect(measured.millisecondsPerStep).toBeGreaterThan(0);
    expect((await kernel.run('tf.memory().numTensors')).text).toBe(before.text);
    expect((await kernel.client.inspect({ kind: 'variables' })).variables.map(({ name }) => name)).not.toContain(
      '$model',
    );
    const cells = trainingCells(expression('rows'), plan, freeNames('vae', new Set()));
    const { duration, error, displays } = await kernel.run(cells[0]!);
    expect(error).toBeUndefined();
    const curves = displays.map(({ bundle }) => bundle[MIME.lossCurves] as LossCurvesView).findLast(Boolean)!;
    expect(curves.progress.step).toBe(plan.epochs * plan.stepsPerEpoch);
    // An estimate: of the same order as the cell, which also draws.
    const seconds = secondsFor(plan, measured);
    expect(seconds).toBeGreaterThan(duration / 1000 / 5);
    expect(seconds).toBeLessThan((duration / 1000) * 5);
  });
});

describe('data that nothing can be trained on', () => {
  it.each([
    ['a constant', 'Array.from({ length: 40 }, () => [2, 2])', /no column of numbers is chosen/],
    ['infinity', 'Array.from({ length: 40 }, (_, i) => [i, i === 7 ? Infinity : 1 / (i + 1)])', /row 7, column “x1” is infinite/], // prettier-ignore
    ['two samples', '[[1, 2], [3, 5]]', /2 samples of 2 values; a VAE needs at least 10/],
    ['one value each', 'Array.from({ length: 40 }, (_, i) => [i / 2])', /one value each/],
  ])('is refused: %s', async (_, code, reason) => {
    await kernel.run(`const given = ${code};`);
    expect(refusal(await planOf('vae', expression('given')))).toMatch(reason);
  });

  it('is named by row and column where text stands among numbers', async () => {
    kernel.write('odd.csv', `a\n${Array.from({ length: 30 }, (_, i) => (i === 11 ? 'ten' : i / 2)).join('\n')}`);
    expect(refusal(await planOf('vae', file('odd.csv')))).toMatch(/line 13, column “a”: found “ten”/);
  });
});

/** PCM of 16 bits, 8 kHz, one channel. */
function wav(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(16_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}
