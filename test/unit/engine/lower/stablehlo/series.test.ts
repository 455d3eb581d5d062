/** What a series of steps takes and yields, as text; that it computes right is held in `runtimes/xla`. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADAM_DEFAULTS, type StepDefinition, type StepInputs } from '../../../../../kernel/engine/index';
import { seriesOf } from '../../../../../kernel/engine/lower/stablehlo/series';
import { traceUpdate } from '../../../../../kernel/engine/trace/traceStep';
import { useWasm } from '../../backends';

beforeAll(useWasm);

function update() {
  const [w, scale] = [tf.variable(tf.zeros([3])), tf.variable(tf.scalar(2), false)];
  const definition: StepDefinition = {
    trainable: { w },
    state: {},
    terms: ({ x, noise }) => ({ losses: { fit: x!.mul(w).mul(scale).add(noise!).square().sum() } }),
    optimizer: ADAM_DEFAULTS,
  };
  const tensors = { x: tf.zeros([5, 3]), noise: tf.zeros([5, 1]) };
  const inputs: StepInputs = { tensors, weights: { fit: 1 }, learningRate: 0.1 };
  return traceUpdate(definition, inputs);
}

/** The types of `@main`'s arguments and results. */
function signatureOf(text: string): { parameters: string[]; results: string[] } {
  const [, parameters, results] = /func\.func public @main\((.*)\) -> \((.*)\) \{/.exec(text)!;
  const types = (list: string) => [...list.matchAll(/tensor<[^>]*>/g)].map(([type]) => type);
  return { parameters: types(parameters!), results: types(results!) };
}

describe('a series of steps in StableHLO', () => {
  it('takes what is carried, then what stays, then what each step is given and how many there are', () => {
    const series = seriesOf(update(), { length: 8, isLoop: true, precision: 'HIGHEST', tables: {} });
    expect(series.carried.map(({ name }) => name).sort()).toEqual(['slot/w/m', 'slot/w/v', 'w']);
    expect(series.readOnly).toHaveLength(1);
    expect(series.perStep.map(({ name }) => name).sort()).toEqual(['tensor/noise', 'tensor/x']);
    expect(series.scalars).toContain('weight/fit');
    const noiseFirst = series.perStep[0]!.name === 'tensor/noise';
    const perStep = ['tensor<8x5x3xf32>', 'tensor<8x5x1xf32>'];
    expect(signatureOf(series.text)).toEqual({
      parameters: [
        ...Array<string>(3).fill('tensor<3xf32>'),
        'tensor<f32>',
        ...(noiseFirst ? perStep.toReversed() : perStep),
        `tensor<8x${series.scalars.length}xf32>`,
        'tensor<i32>',
      ],
      results: [...Array<string>(3).fill('tensor<3xf32>'), `tensor<8x${series.readings.length}xf32>`],
    });
    expect(series.readings.toSorted()).toEqual(['gradientNorm', 'loss/fit', 'loss/total']);
  });

  it('is one step without a loop where that is asked for, given and yielding the same', () => {
    const options = { length: 1, precision: 'HIGHEST', tables: { 'tensor/x': 1000 } } as const;
    const traced = update();
    const [loop, alone] = [true, false].map((isLoop) => seriesOf(traced, { ...options, isLoop }).text);
    expect(loop).toContain('"stablehlo.while"');
    expect(alone).not.toContain('"stablehlo.while"');
    expect(signatureOf(alone!)).toEqual(signatureOf(loop!));
  });

  it('takes rows where a table is on the device', () => {
    const series = seriesOf(update(), { length: 4, isLoop: true, precision: 'HIGHEST', tables: { 'tensor/x': 1000 } });
    expect(series.tables).toEqual([{ name: 'tensor/x', type: { shape: [1000, 3], dtype: 'float32' } }]);
    const { parameters } = signatureOf(series.text);
    expect(parameters).toContain('tensor<1000x3xf32>');
    expect(parameters).toContain('tensor<4x5xi32>');
    expect(parameters).not.toContain('tensor<4x5x3xf32>');
  });

  it('gives each carried value’s memory to its own next one', () => {
    const { text, donated } = seriesOf(update(), { length: 4, isLoop: true, precision: 'HIGHEST', tables: {} });
    expect(donated).toEqual([0, 1, 2]);
    const aliases = [...text.matchAll(/%arg(\d+): \S+ \{tf\.aliasing_output = (\d+) : i32\}/g)];
    expect(aliases.map(([, from, to]) => [from, to])).toEqual([
      ['0', '0'],
      ['1', '1'],
      ['2', '2'],
    ]);
  });

  it('computes new weights from the moments that are handed on, so that each moment is made once, in its place', () => {
    const { text } = seriesOf(update(), { length: 4, isLoop: true, precision: 'HIGHEST', tables: {} });
    const uses = (name: string) => text.split(new RegExp(`${name}(?![0-9])`)).length - 2;
    const selected = [...text.matchAll(/(%\d+) = "stablehlo\.select"/g)].map(([, name]) => uses(name!));
    // Weights are handed on; moments besides are read by the weights.
    expect(selected.toSorted()).toEqual([1, 2, 2]);
  });
});
