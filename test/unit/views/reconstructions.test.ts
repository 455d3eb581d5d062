import { describe, expect, it } from 'vitest';
import { decode } from '../../../kernel/views/encoding';
import { reconstructions } from '../../../kernel/views/index';

const shape = { kind: 'image', height: 1, width: 2, channels: 1 } as const;

describe('reconstructions', () => {
  it('hold images as bytes and squared errors from the numbers before rounding', () => {
    const view = reconstructions({
      id: 'r',
      sampleShape: shape,
      inputs: [0, 1, 0.5, 0.5],
      methods: [{ name: 'VAE', samples: [0.1, 0.9, 0.5, 0.501], heldOut: { meanSquaredError: 0.03, count: 500 } }],
      labels: ['a', 'b'],
    });
    expect(view.inputs).toMatchObject({ dtype: 'uint8', shape: [2, 1, 2, 1] });
    expect([...decode(view.inputs!)]).toEqual([0, 255, 128, 128]);
    expect(view.methods[0]!.errors[0]).toBeCloseTo(0.02, 12);
    expect(view.methods[0]!.errors[1]).toBeCloseTo(1e-6, 12);
    expect(view.summary).toBe(
      'Reconstructions: 2 images and their reconstructions; mean squared error per image: VAE 0.01 (0.03 on 500 held out).',
    );
  });

  it('keep vectors as float32', () => {
    const sampleShape = { kind: 'vector', features: ['a', 'b', 'c'] } as const;
    const view = reconstructions({
      id: 'r',
      sampleShape: { ...sampleShape, features: [...sampleShape.features] },
      inputs: [1, 2, 3],
      methods: [{ name: 'PCA', samples: [1, 2, 5] }],
    });
    expect(view.inputs).toMatchObject({ dtype: 'float32', shape: [1, 3] });
    expect(view.methods[0]!.errors).toEqual([4]);
  });

  it('leave missing values out of the errors, and have null for an error that is not finite', () => {
    const view = reconstructions({
      id: 'r',
      sampleShape: { kind: 'vector', features: ['a', 'b', 'c'] },
      inputs: [NaN, 2, 3, 1, 2, 3],
      methods: [{ name: 'VAE', samples: [7, 2, 5, 1, NaN, 3], heldOut: { meanSquaredError: NaN, count: 2 } }],
    });
    // What a saved notebook has of it.
    expect(JSON.parse(JSON.stringify(view.methods[0])) as unknown).toMatchObject({
      errors: [4, null],
      heldOut: { meanSquaredError: null, count: 2 },
    });
  });

  it('of images say which values their picture does not show', () => {
    const view = (inputs: number[]) =>
      reconstructions({ id: 'r', sampleShape: shape, inputs, methods: [{ name: 'VAE', samples: [0, 1, 0, 1] }] });
    expect(view([0, 1, -0.001, 1.001]).notes).toBeUndefined();
    expect(view([NaN, 1, -2, 255]).notes).toEqual([
      '25.0 % of the input values are missing: they are drawn as 0, in differences too; errors leave them out.',
      '50.0 % of the input values lie outside [0, 1]: they are drawn as 0 or 1, in differences too; errors are of the values.',
    ]);
  });

  it('without inputs are samples, whatever they were drawn from', () => {
    const view = reconstructions({
      id: 'r',
      sampleShape: shape,
      inputs: null,
      methods: [{ name: 'VAE', samples: [0, 1] }],
    });
    expect(view).toMatchObject({
      inputs: null,
      title: 'Samples',
      summary: 'Samples: 1 image, made by the model.',
    });
    expect(view.methods[0]!.errors).toEqual([]);
  });

  it('know features by their names, and their units beside them', () => {
    const features = ['height (cm)', 'pressure [kPa]', 'f(x)', 'age'];
    const view = reconstructions({
      ...{ id: 'r', sampleShape: { kind: 'vector', features }, inputs: [1, 2, 3, 4] },
      methods: [{ name: 'PCA', samples: [1, 2, 3, 4] }],
    });
    expect(view.sampleShape).toEqual({ kind: 'vector', features: ['height', 'pressure', 'f(x)', 'age'] });
    expect(view.units).toEqual(['cm', 'kPa', '', '']);
  });

  it('refuse another number of samples than inputs, and broken samples', () => {
    const method = (samples: number[]) => [{ name: 'VAE', samples }];
    expect(() =>
      reconstructions({ id: 'r', sampleShape: shape, inputs: [0, 1, 0, 1], methods: method([1, 1]) }),
    ).toThrow('VAE: 1 reconstructions of 2 inputs');
    expect(() => reconstructions({ id: 'r', sampleShape: shape, inputs: [0, 1], methods: method([1]) })).toThrow(
      'VAE: 1 values are not a whole number of samples of 1 × 2 × 1 pixels',
    );
  });
});
