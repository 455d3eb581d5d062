/** What a latent scatter in a notebook answers: selections that become variables, points with what stands behind them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../kernel/views/encoding';
import {
  MIME,
  type ColourColumn,
  type LatentScatterView,
  type Projections,
  type Sample,
} from '../../kernel/views/index';
import { packMask, rectangle, type Region } from '../../kernel/views/scatter/selecting';
import { directionsOf, seenAt } from '../../kernel/views/scatter/turned';
import type { ViewResult } from '../../kernel/protocol';
import { KernelUnderTest, toldOf } from './kernelUnderTest';

const SETUP = `import { Dataset, latentFrames, latentScatter, VAE } from 'latentlab';
const values = Float32Array.from({ length: 200 * 4 }, (_, i) => Math.sin(i * i));
const labels = Int32Array.from({ length: 200 }, (_, i) => i % 3);
const data = new Dataset({ values, shape: { kind: 'vector', features: ['a', 'b', 'c', 'd'] }, labels, classNames: ['x', 'y', 'z'] });
const identity = {
  name: 'identity', inputShape: data.shape, latentDimensions: 4,
  encode: (rows) => rows.tensor(), decode: (z) => z.mul(0.5),
};`;

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  expect((await kernel.run(SETUP)).error).toBeUndefined();
});
afterAll(() => kernel.stop());

async function scatter(options = ''): Promise<LatentScatterView> {
  const { displays, error } = await kernel.run(`await latentScatter(identity, data, { grid: 0, ${options} })`);
  expect(error).toBeUndefined();
  return displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
}

const region = (polygon: number[], more: Partial<Region> = {}): Region => ({
  ...{ mode: 'replace', axes: [0, 1], space: 'latent', hidden: [], polygon },
  ...more,
});
const bits = (n: number, isTaken: (point: number) => boolean) =>
  Buffer.from(packMask(Uint8Array.from({ length: n }, (_, k) => (isTaken(k) ? 1 : 0)))).toString('base64');
const ask = <K extends ViewResult['kind']>(
  view: LatentScatterView,
  request: Parameters<typeof kernel.client.request>[1],
) => kernel.client.request(view.id, request) as Promise<Extract<ViewResult, { kind: K }>>;
const text = async (code: string) => (await kernel.run(code)).text;
const value = (row: number, column: number) => Math.fround(Math.sin((4 * row + column) ** 2));

describe('a selection', () => {
  it('becomes a variable of the notebook: indices, rows that are data, labels', async () => {
    const view = await scatter();
    const taken = (k: number) => k % 7 === 2;
    const selection = { points: bits(200, taken), regions: [] };
    const rows = Array.from({ length: 200 }, (_, k) => k).filter(taken);
    const { name, ...counts } = await ask<'selected'>(view, { kind: 'select', selection });
    expect(counts).toEqual({ kind: 'selected', rows: rows.length, of: 200 });
    const kept = await ask<'kept'>(view, { kind: 'keep', selection });
    expect(kept).toMatchObject({ name, rows: rows.length });
    expect(await text(`[...${name}.indices].join()`)).toBe(`'${rows.join()}'`);
    expect(await text(`[...${name}.labels].join()`)).toBe(`'${rows.map((row) => row % 3).join()}'`);
    expect(await text(`${name}.rows instanceof Dataset && ${name}.rows.values[5]`)).toBe(String(value(rows[1]!, 1)));
    const fitted = `const trained = new VAE({ input: ${name}.rows.shape, latent: 2, likelihood: 'gaussian' });
      (await trained.fit(${name}.rows, { epochs: 1 })).progress.state`;
    expect(await text(fitted)).toBe("'done'");
  });

  it('has the rows inside its shapes that the view does not hold, too', async () => {
    const view = await scatter('limit: 50');
    const shown = decode(view.indices!);
    const inside = (row: number) => value(row, 0) >= -0.5 && value(row, 0) < 0.5 && value(row, 2) > 0;
    const hole = (row: number) => value(row, 0) >= 0 && value(row, 0) < 0.25;
    const regions = [
      region(rectangle([-0.5, 0], [0.5, 2]), { axes: [0, 2], hidden: [1] }),
      region(rectangle([0, -3], [0.25, 3]), { axes: [0, 3], mode: 'subtract' }),
    ];
    const isTaken = (row: number) => inside(row) && row % 3 !== 1 && !hole(row);
    const selection = { points: bits(50, (k) => isTaken(shown[k]!)), regions };
    const { name, rows } = await ask<'kept'>(view, { kind: 'keep', selection, name: 'upper' });
    const wanted = Array.from({ length: 200 }, (_, row) => row).filter(isTaken);
    expect([name, rows]).toEqual(['upper', wanted.length]);
    expect(await text('[...upper.indices].join()')).toBe(`'${wanted.join()}'`);
  });

  it('takes no name that is another’s, and none that is no name', async () => {
    const view = await scatter();
    const selection = { points: bits(200, (k) => k < 3), regions: [] };
    const keep = (name: string) => ask<'kept'>(view, { kind: 'keep', selection, name });
    await expect(keep('data')).rejects.toThrow('The notebook has another “data” already; selection');
    await expect(keep('process')).rejects.toThrow('another “process”');
    await expect(keep('two words')).rejects.toThrow('“two words” is not a name for a variable');
    await expect(keep('class')).rejects.toThrow('“class” is not a name');
    await keep('mine');
    const other = { points: bits(200, (k) => k < 5), regions: [] };
    await ask<'kept'>(view, { kind: 'keep', selection: other, name: 'mine' });
    expect(await text('mine.indices.length')).toBe('5');
    await kernel.run('const mine = 1;');
    await expect(keep('mine')).rejects.toThrow('another “mine”');
    expect(await text('mine')).toBe('1');
    const nothing = { points: bits(200, () => false), regions: [] };
    await expect(ask(view, { kind: 'keep', selection: nothing })).rejects.toThrow('The selection is empty');
    await expect(ask(view, { kind: 'keep', selection: { points: 'AAAA', regions: [] } })).rejects.toThrow(
      '25 bytes; found 3',
    );
  });

  it('is listed among the variables, and kept while a cell trains', async () => {
    const view = await scatter();
    const training = kernel.begin(`const other = new VAE({ input: 4, latent: 1, hidden: [8], likelihood: 'gaussian' });
      await other.fit(data, { epochs: 1_000_000 });`);
    await kernel.next('viewChange', ({ viewId }) => viewId !== view.id);
    const selection = { points: bits(200, (k) => k > 190), regions: [] };
    const { name } = await ask<'kept'>(view, { kind: 'keep', selection });
    const { variables } = await kernel.client.inspect({ kind: 'variables' });
    expect(variables.map((one) => one.name)).toContain(name);
    kernel.client.interrupt();
    expect((await training.finished).error?.kind).toBe('interrupt');
    expect(await text(`${name}.rows.length`)).toBe('9');
  });
});

describe('a point', () => {
  it('is answered with its input, what the model makes of it, and the squared error between them', async () => {
    const view = await scatter('limit: 30');
    const row = decode(view.indices!)[11]!;
    const answer = await ask<'point'>(view, { kind: 'point', point: 11 });
    const input = [0, 1, 2, 3].map((column) => value(row, column));
    const numbers = (sample: unknown) => [...decode((sample as Sample).values)];
    expect(numbers(answer.input)).toEqual(input);
    expect(numbers(answer.reconstruction)).toEqual(input.map((one) => one / 2));
    expect(answer.error).toBeCloseTo(
      input.reduce((sum, one) => sum + (one / 2) ** 2, 0),
      5,
    );
    await expect(ask(view, { kind: 'point', point: 30 })).rejects.toThrow('30 points, and no point 30');
  });
});

describe('colours', () => {
  const errorOf = (row: number) => [0, 1, 2, 3].reduce((sum, column) => sum + (value(row, column) / 2) ** 2, 0);

  it('are computed by the kernel when they are asked for: errors and features of the points that are shown', async () => {
    const view = await scatter('limit: 20');
    expect(view.liveColours).toEqual(['squared error', 'a', 'b', 'c', 'd']);
    expect([view.colours, view.colourBy]).toEqual([[], undefined]);
    const shown = [...decode(view.indices!)];
    const asked = async (name: string) =>
      (await ask<'colours'>(view, { kind: 'colours', name })).column as ColourColumn;
    const errors = [...decode((await asked('squared error')).values)];
    errors.forEach((error, k) => expect(error).toBeCloseTo(errorOf(shown[k]!), 4));
    expect([...decode((await asked('c')).values)]).toEqual(shown.map((row) => value(row, 2)));
    await expect(asked('e')).rejects.toThrow(
      'There is no “e” to colour points by; there are squared error, a, b, c, d.',
    );
  });

  it('that are shown at first are saved with the view', async () => {
    const view = await scatter("colour: 'error'");
    expect(view.colourBy).toBe('squared error');
    expect(view.liveColours).toEqual(['a', 'b', 'c', 'd']);
    decode(view.colours![0]!.values).forEach((error, row) => expect(error).toBeCloseTo(errorOf(row), 4));
    expect((await scatter("colour: 'z3'")).colourBy).toBe('z₃');
    expect((await scatter("colour: 'norm'")).colourBy).toBe('norm');
  });

  it('are of the user’s own: values for each row, or a function of it; texts are categories', async () => {
    const view =
      await scatter(`limit: 20, colour: ({ values, z, className, index }) => index === 0 ? NaN : values[1] + z[0] + className.length,
      colours: { site: data.values.filter((_, i) => i % 4 === 0).reduce((all, _, i) => [...all, 'site ' + (i % 11)], []), even: ({ index }) => index % 2 === 0 }`);
    const shown = [...decode(view.indices!)];
    const [colour, site, even] = view.colours!;
    expect(view.colourBy).toBe('colour');
    decode(colour!.values).forEach((one, k) => {
      const row = shown[k]!;
      expect(one).toBeCloseTo(row === 0 ? NaN : value(row, 1) + value(row, 0) + 1, 5);
    });
    expect(site!.categories).toEqual(Array.from({ length: 11 }, (_, i) => `site ${i}`));
    expect([...decode(site!.values)]).toEqual(shown.map((row) => row % 11));
    expect(even!.categories).toEqual(['false', 'true']);
    expect([...decode(even!.values)]).toEqual(shown.map((row) => (row % 2 === 0 ? 1 : 0)));
  });

  it('that are none are refused with what was found', async () => {
    const refused = async (options: string) =>
      (await kernel.run(`await latentScatter(identity, data, { grid: 0, ${options} })`)).error?.message;
    expect(await refused("colour: 'height'")).toContain(
      '"colour" is “height”, allowed: class, norm, error, z1 … z4, a, b, c, d',
    );
    expect(await refused('colours: { age: [1, 2, 3] }')).toContain('colours “age” has 3 values for 200 rows');
    expect(await refused('colours: { age: 3 }')).toContain('found the number 3');
    expect(await refused('colours: { age: ({ index }) => ({}) }')).toContain('row 0 has an empty object');
    expect(await refused('colours: { age: ({ nothing }) => nothing.x }')).toContain('“age” failed at row 0');
  });
});

describe('a way', () => {
  it('is decoded step by step, both ends among them, straight or along the sphere', async () => {
    const view = await scatter();
    const [from, to] = [[2, 0, 0, 0], [0, 2, 0, 0]]; // prettier-ignore
    const straight = await ask<'way'>(view, { kind: 'way', from, to, way: 'lerp', steps: 5 });
    expect(straight.points).toEqual([0, 0.25, 0.5, 0.75, 1].map((t) => [2 * (1 - t), 2 * t, 0, 0]));
    const samples = straight.samples as Sample;
    expect([...decode(samples.values)]).toEqual(straight.points.flat().map((one) => one / 2));
    const round = await ask<'way'>(view, { kind: 'way', from, to, way: 'slerp', steps: 3 });
    for (const point of round.points) expect(Math.hypot(...point)).toBeCloseTo(2, 10);
    expect(round.points[1]).toEqual([expect.closeTo(Math.SQRT2, 10), expect.closeTo(Math.SQRT2, 10), 0, 0]);
    await expect(ask(view, { kind: 'way', from: [1], to, way: 'lerp', steps: 5 })).rejects.toThrow(
      '1 and 4 numbers, 5 steps',
    );
    await expect(ask(view, { kind: 'way', from, to, way: 'lerp', steps: 1 })).rejects.toThrow('in 2 to 100 steps');
  });
});

describe('other axes', () => {
  it('are principal components, whose scores have the variances that they say and lead back to the points', async () => {
    const view = await scatter('limit: 40');
    const { projections } = await ask<'projected'>(view, { kind: 'project', by: 'pca' });
    const [mean, directions, scores, shares] = (({ pca }) =>
      [pca!.mean, pca!.directions, pca!.scores, pca!.shares].map((one) => decode(one)))(projections as Projections);
    expect([...shares!].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    for (let k = 1; k < 4; k++) expect(shares![k]!).toBeLessThanOrEqual(shares![k - 1]!);
    const shown = [...decode(view.indices!)];
    shown.forEach((row, i) => {
      const back = [0, 1, 2, 3].map(
        (j) => mean![j]! + [0, 1, 2, 3].reduce((sum, c) => sum + scores![4 * i + c]! * directions![4 * c + j]!, 0),
      );
      back.forEach((one, j) => expect(one).toBeCloseTo(value(row, j), 4));
    });
    // A selection on them has the rows that the view does not hold.
    const all = Array.from({ length: 200 }, (_, row) =>
      [0, 1].map((c) =>
        [0, 1, 2, 3].reduce((sum, j) => sum + (value(row, j) - mean![j]!) * directions![4 * c + j]!, 0),
      ),
    );
    const wanted = all.filter(([x, y]) => x! > 0 && x! < 5 && y! > 0 && y! < 5).length;
    const regions = [region(rectangle([0, 0], [5, 5]), { space: 'pca' })];
    const { rows } = await ask<'selected'>(view, {
      kind: 'select',
      selection: { points: bits(40, () => false), regions },
    });
    expect(rows).toBe(wanted);
  });

  it('are turned in three dimensions, and a shape takes rows as they are seen, at any depth', async () => {
    const view = await scatter('limit: 40');
    const rows = decode((await scatter()).points);
    const turned = {
      axes: [0, 1, 3] as const,
      centre: [0.1, 0, -0.2] as const,
      ...directionsOf({ yaw: 0.7, pitch: -0.4 }),
    };
    const seen = (k: number) => seenAt([rows[4 * k]!, rows[4 * k + 1]!, rows[4 * k + 3]!], turned);
    const wanted = Array.from({ length: 200 }, (_, k) => seen(k)).filter(([x, y]) => x > -0.5 && x < 0.6 && y > 0 && y < 0.9).length; // prettier-ignore
    expect(wanted).toBeGreaterThan(10);
    const regions = [region(rectangle([-0.5, 0], [0.6, 0.9]), { turned })];
    const selection = { points: bits(40, () => false), regions };
    expect((await ask<'selected'>(view, { kind: 'select', selection })).rows).toBe(wanted);
  });

  it('are UMAP’s, with word of how far it has come; the same view has the same places', async () => {
    const clusters = `const far = new Dataset({ values: Float32Array.from({ length: 150 * 4 }, (_, i) => 20 * ((i >> 2) % 3) * ((i % 4) + 1) + Math.sin(i * i)), shape: data.shape, labels: Int32Array.from({ length: 150 }, (_, i) => i % 3) });`;
    expect((await kernel.run(clusters)).error).toBeUndefined();
    const { displays } = await kernel.run('await latentScatter(identity, far, { grid: 0 })');
    const view = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    const { projections } = await ask<'projected'>(view, { kind: 'project', by: 'umap' });
    const places = decode((projections as Projections).umap!.places);
    const told = toldOf(kernel, view.id).map(
      (message) => (message as { change: { projected: number } }).change.projected,
    );
    expect(told.length).toBeGreaterThan(5);
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    // The nearest point is of the same cluster, in the plane and in three dimensions.
    const isSame = (all: ArrayLike<number>, size: number) => (i: number) => {
      let [best, least] = [-1, Infinity];
      for (let j = 0; j < 150; j++) {
        const far = Math.hypot(...Array.from({ length: size }, (_, c) => all[size * i + c]! - all[size * j + c]!));
        if (j !== i && far < least) [best, least] = [j, far];
      }
      return best % 3 === i % 3;
    };
    const rows = Array.from({ length: 150 }, (_, i) => i);
    expect(rows.every(isSame(places, 2))).toBe(true);
    const solid = await ask<'projected'>(view, { kind: 'project', by: 'umap3' });
    const { umap3 } = solid.projections as Projections;
    expect(umap3!.places.shape).toEqual([150, 3]);
    expect(rows.every(isSame(decode(umap3!.places), 3))).toBe(true);
    const again = await kernel.run("await latentScatter(identity, far, { grid: 0, axes: 'umap' })");
    const saved = again.displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    expect(saved.space).toBe('umap');
    expect([...decode(saved.projections!.umap!.places)]).toEqual([...places]);
  });

  it('are cancelled by their reader, and by an interrupt of the cell that waits for them', async () => {
    const many = `const many = new Dataset({ values: Float32Array.from({ length: 6000 * 4 }, (_, i) => Math.sin(i * i)), shape: data.shape });`;
    await kernel.run(many);
    const { displays } = await kernel.run('await latentScatter(identity, many, { grid: 0 })');
    const view = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    const projecting = ask(view, { kind: 'project', by: 'umap' });
    const refused = expect(projecting).rejects.toThrow('UMAP was cancelled.');
    await kernel.next('viewChange', ({ viewId }) => viewId === view.id);
    await ask(view, { kind: 'stopProjecting' });
    await refused;
    // Earlier cells have told of theirs.
    kernel.forget();
    const cell = kernel.begin("await latentScatter(identity, many, { grid: 0, axes: 'umap' })");
    await kernel.next('progress', ({ label }) => label === 'UMAP');
    kernel.client.interrupt();
    expect((await cell.finished).error?.kind).toBe('interrupt');
    expect(await text('1 + 1')).toBe('2');
  });

  it('are three at first where the cell says so, of UMAP too, and drawn so in the picture', async () => {
    const view = await scatter('dimensions: 3');
    expect(view.turn).toEqual({ third: 2, yaw: -0.6, pitch: 0.45 });
    expect((await scatter()).turn).toBeUndefined();
    const { displays } = await kernel.run(
      "await latentScatter(identity, far, { grid: 0, axes: 'umap', dimensions: 3 })",
    );
    const saved = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    expect(saved.projections!.umap3!.places.shape).toEqual([150, 3]);
    const two = `({ ...identity, latentDimensions: 2, encode: (rows) => rows.tensor().slice([0, 0], [-1, 2]) })`;
    const refused = await kernel.run(`await latentScatter(${two}, data, { dimensions: 3 })`);
    expect(refused.error?.message).toContain('"dimensions" is 3, and the model has 2 latent dimensions');
    const wrong = await kernel.run('await latentScatter(identity, data, { dimensions: 4 })');
    expect(wrong.error?.message).toContain('2 or 3');
  });

  it('are refused where there are none', async () => {
    const two = `({ ...identity, latentDimensions: 2, encode: (rows) => rows.tensor().slice([0, 0], [-1, 2]) })`;
    const { error } = await kernel.run(`await latentScatter(${two}, data, { grid: 0, axes: 'pca' })`);
    expect(error?.message).toContain('"axes" is “pca” for 2 latent dimensions');
  });
});

describe('a scatter of a model that is trained on', () => {
  it('hears how many steps the model has gone on', async () => {
    await kernel.run("const learner = new VAE({ input: 4, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });");
    await kernel.run('await learner.fit(data, { epochs: 2, batchSize: 50 })');
    const { displays } = await kernel.run('await latentScatter(learner, data, { grid: 0 })');
    const view = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    expect(view.trained).toEqual({ steps: 8, epochs: 2 });
    await ask(view, { kind: 'watch' });
    expect(toldOf(kernel, view.id)).toEqual([]);
    await kernel.run('await learner.fit(data, { epochs: 3, batchSize: 50 })');
    const newer = () =>
      toldOf(kernel, view.id).map((message) => (message as { change: { newer: number } }).change.newer);
    expect(newer().length).toBeGreaterThan(0);
    await ask(view, { kind: 'watch' });
    expect(newer().at(-1)).toBe(12);
  });

  it('has frames of its past: where it put a sample after each epoch, turned to lie alike', async () => {
    await kernel.run(
      "const past = new VAE({ input: 4, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 }); const frames = latentFrames(past, data, { rows: 40, frames: 6 });",
    );
    expect(
      (await kernel.run('await past.fit(data, { epochs: 10, batchSize: 50, callbacks: frames.callbacks })')).error,
    ).toBeUndefined();
    const { displays, error } = await kernel.run('await latentScatter(past, data, { grid: 0, limit: 60, frames })');
    expect(error).toBeUndefined();
    const view = displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    const { epochs, steps, stride, rows, latents, aligned } = view.frames!;
    // 11 of them are more than 6: every other one, and then of those every other one.
    expect([epochs, steps, stride]).toEqual([[0, 2, 4, 6, 8, 10], [0, 8, 16, 24, 32, 40], 2]);
    expect(latents.shape).toEqual([6, 40, 2]);
    const shown = [...decode(view.indices!)];
    const followed = [...decode(rows)];
    expect(followed.every((row) => shown.includes(row))).toBe(true);
    // The last frame is the view itself, however it is turned.
    const points = decode(view.points);
    const now = followed.flatMap((row) => [0, 1].map((axis) => points[2 * shown.indexOf(row) + axis]!));
    for (const all of [decode(latents), decode(aligned!)])
      now.forEach((one, i) => expect(all[5 * 80 + i]).toBeCloseTo(one, 3));
    // Turned, each frame lies at least as near to the next one.
    const [raw, turned] = [decode(latents), decode(aligned!)];
    const apart = (a: ArrayLike<number>, f: number, b: ArrayLike<number>) =>
      Array.from({ length: 80 }, (_, i) => (a[f * 80 + i]! - b[(f + 1) * 80 + i]!) ** 2).reduce(
        (sum, one) => sum + one,
        0,
      );
    for (let f = 0; f < 5; f++) expect(apart(turned, f, turned)).toBeLessThanOrEqual(apart(raw, f, turned) + 1e-5);
    const refused = await kernel.run('await latentScatter(past, data.take(20), { frames })');
    expect(refused.error?.message).toMatch(/"frames" follow row \d+, and these data have 20 rows/);
  });

  it('holds of its past what fits into 300 kB, fair to each class, and all of it when it is asked to', async () => {
    await kernel.run(`
      const drawn = Float32Array.from({ length: 6000 * 4 }, (_, i) => Math.sin(i * i));
      const few = Int32Array.from({ length: 6000 }, (_, i) => (i % 20 === 0 ? 1 : 0));
      const many = new Dataset({ values: drawn, shape: data.shape, labels: few, classNames: ['often', 'seldom'] });
      const long = new VAE({ input: 4, latent: 2, hidden: [4], likelihood: 'gaussian', seed: 1 });
      const some = latentFrames(long, many, { rows: 5000 });
      const all = latentFrames(long, many, { full: true });
      const record = async () => { await some.record(); await all.record(); };
      const both = { started: record, epochEnded: record };
      await long.fit(many, { epochs: 23, batchSize: 6000, callbacks: both });
    `);
    const framesOf = async (name: string) => {
      const { displays, error } = await kernel.run(`await latentScatter(long, many, { grid: 0, frames: ${name} })`);
      expect(error).toBeUndefined();
      return displays[0]!.bundle[MIME.latentScatter] as LatentScatterView;
    };
    const view = await framesOf('some');
    const { rows, followed, latents, aligned, epochs } = view.frames!;
    expect(JSON.stringify(view.frames).length).toBeLessThan(300_000);
    expect(JSON.stringify(view.frames).length).toBeGreaterThan(150_000);
    expect([followed, epochs.length, latents.dtype]).toEqual([5000, 24, 'uint16']);
    // One class in twenty has as large a share of the rows that are kept.
    const kept = [...decode(rows)];
    const rare = kept.filter((row) => row % 20 === 0).length;
    expect(rare / kept.length).toBeCloseTo(0.05, 2);
    expect(latents.shape).toEqual([24, kept.length, 2]);
    const exact = (await framesOf('all')).frames!;
    expect([exact.latents.dtype, ...exact.latents.shape]).toEqual(['float32', 24, 6000, 2]);
    // What is kept is where it was, but for half a step of its codes.
    const [some, all] = [decode(latents), decode(exact.latents)];
    const range = Array.from(all, Math.abs).reduce((most, one) => Math.max(most, one), 0);
    for (const f of [0, 12, 23])
      kept.forEach((row, i) =>
        expect(Math.abs(some[2 * (f * kept.length + i)]! - all[2 * (f * 6000 + row)]!)).toBeLessThan(range / 60_000),
      );
    expect(aligned!.shape).toEqual(latents.shape);
  });

  it('knows the data that it is of by their values', async () => {
    const [one, same] = [await scatter(), await scatter('limit: 30')];
    expect(one.data).toBe(same.data);
    const { displays } = await kernel.run('await latentScatter(identity, data.take(199), { grid: 0 })');
    expect((displays[0]!.bundle[MIME.latentScatter] as LatentScatterView).data).not.toBe(one.data);
  });
});
