import { Script } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import * as lab from '../../../../kernel/autoencoders/index';
import {
  Autoencoder,
  ConfigurationError,
  ConvolutionalVAE,
  Dataset,
  initial,
  linearWarmup,
  normal,
  TDVAE,
  VAE,
  VQVAE,
} from '../../../../kernel/autoencoders/index';
import { print, printed, type Printable } from '../../../../kernel/autoencoders/models/print';
import { alive, useWasm } from '../../engine/backends';

beforeAll(useWasm);

type Kept = Printable & {
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  readonly state: Readonly<Record<string, tf.Variable>>;
  dispose(): void;
};

interface Printed {
  readonly title: string;
  /** Lines by their heading. */
  readonly sections: Readonly<Record<string, string[]>>;
}

function read(text: string): Printed {
  const [title, ...lines] = text.split('\n');
  const sections: Record<string, string[]> = {};
  let own: string[] = [];
  for (const line of lines) {
    if (line.startsWith('  ')) own.push(line.trim());
    else sections[line] = own = [];
  }
  return { title: title!, sections };
}

const DTYPES: Readonly<Record<string, string>> = { float32: 'f32', int32: 'i32', bool: 'bool' };
const typed = (name: string, { shape, dtype }: { shape: number[]; dtype: string }) =>
  `${name}:${DTYPES[dtype]}[${shape.join()}]`;

/** `a:f32[2] = slice[begin=[0,1] size=[1,1]] b 0.5  // place`: what is made, and of what. */
function operationIn(line: string): { made: string[]; given: string[] } {
  const [made, call] = line.replace(/ +\/\/ .*$/, '').split(' = ') as [string, string];
  let depth = 0;
  const words = [...call].reduce(
    (all, character) => {
      depth += character === '[' ? 1 : character === ']' ? -1 : 0;
      if (character === ' ' && depth === 0) all.push('');
      else all[all.length - 1] += character;
      return all;
    },
    [''],
  );
  return { made: made.split(' '), given: words.slice(1) };
}

/** Says what is true of every step, whatever is in it. */
function expectWhole(model: Kept, text: string, terms: string[]): Printed {
  const { title, sections } = read(text);
  const names = (lines: string[] = []) => lines.map((line) => line.split(':')[0]!);
  expect(sections['parameters']!.toSorted()).toEqual(
    Object.entries(model.parameters)
      .map(([name, variable]) => typed(name, variable))
      .sort(),
  );
  const known = new Set(
    ['inputs', 'noise', 'schedules', 'weights of the terms', 'parameters', 'state', 'constants'].flatMap((heading) =>
      names(sections[heading]?.map((line) => line.split(' ')[0]!)),
    ),
  );
  for (const line of sections['operations']!) {
    const { made, given } = operationIn(line);
    for (const name of given.filter((word) => Number.isNaN(Number(word.split(':')[0])))) {
      expect(known.has(name), `${name} in ${line}`).toBe(true);
    }
    for (const value of made) {
      expect(value, line).toMatch(/^[a-z]+:(f32|i32|bool)\[[\d,]*\]$/);
      expect(known.has(names([value])[0]!), line).toBe(false);
      known.add(names([value])[0]!);
    }
  }
  const outputs = Object.fromEntries(sections['outputs']!.map((line) => line.split(' = ') as [string, string]));
  expect(Object.keys(outputs).toSorted()).toEqual(
    [
      ...[...terms, 'total'].map((name) => `loss/${name}`),
      ...Object.keys(model.parameters).map((name) => `gradient/${name}`),
      ...Object.keys(model.state).map((name) => `update/${name}`),
    ].sort(),
  );
  for (const [name, value] of Object.entries(outputs)) {
    const [value_, type] = value.split(':') as [string, string];
    expect(known.has(value_), name).toBe(true);
    const variable = { ...model.parameters, ...model.state }[name.replace(/^(gradient|update)\//, '')];
    expect(type).toBe(variable ? typed('', variable).slice(1) : 'f32[]');
  }
  return { title, sections };
}

const image = { kind: 'image', height: 8, width: 8, channels: 1 } as const;

describe('engine.print of a model that has not been trained', () => {
  it('shows a VAE: batch, noise, weights, parameters, forward and backward', () => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2, beta: linearWarmup(3) });
    const { title, sections } = expectWhole(model, printed(model), ['reconstruction', 'kl']);
    expect(title).toBe('VAE, 2 latents: a training step of 128 rows');
    expect(sections['inputs']).toEqual(['x:f32[128,6]']);
    expect(sections['noise']).toEqual(['epsilon:f32[128,2]']);
    expect(sections['weights of the terms']).toEqual(['weight/kl:f32[]']);
    const products = sections['operations']!.filter((line) => line.includes('matMul'));
    // Four layers; of all but the first, the gradient for the input, and of each, that for the kernel.
    expect(products).toHaveLength(4 + 3 + 4);
    // Here the library is a source like any other.
    expect(products[0]).toMatch(/^a:f32\[128,5\] = matMul x encoder\.0\.kernel +\/\/ .*kernel\/autoencoders\/networks/);
    expect(products.filter((line) => line.includes('matMul[transposeA=true]'))).toHaveLength(4);
    model.dispose();
  });

  it('shows a convolutional VAE, in a batch of the given size', () => {
    const model = new ConvolutionalVAE({ input: image, channels: [4, 6], latent: 3 });
    const { title, sections } = expectWhole(model, printed(model, { batchSize: 1 }), ['reconstruction', 'kl']);
    expect(title).toMatch(/: a training step of 1 row$/);
    expect(sections['inputs']).toEqual(['x:f32[1,64]']);
    const operations = sections['operations']!.join('\n');
    expect(operations).toMatch(/:f32\[1,4,4,4\] = conv2d\[strides=2 pad=same\] \w+ encoder\.0\.kernel/);
    expect(operations).toMatch(/:f32\[3,3,4,6\] = conv2DBackpropFilter\[/);
    model.dispose();
  });

  it('shows a VQ-VAE with the new state of its codebook', () => {
    const config = { input: image, hidden: [16], positions: 4, codebookSize: 16, codeDimension: 3 };
    const model = new VQVAE(config);
    const { sections } = expectWhole(model, printed(model, { batchSize: 5 }), ['reconstruction', 'commitment']);
    expect(sections['state']).toHaveLength(Object.keys(model.state).length);
    expect(sections['operations']!.join('\n')).toMatch(/:i32\[20\] = arg(Max|Min)\[axis=1\]/);
    model.dispose();
  });

  it('shows labels, and values that change over the training', () => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2, classes: 3 });
    const { sections } = expectWhole(model, printed(model, { batchSize: 4 }), ['reconstruction', 'kl']);
    expect(sections['inputs']!.toSorted()).toEqual(['x:f32[4,6]', 'y:i32[4]']);
    const capacity = new VAE({
      input: 6,
      hidden: [5],
      latent: 2,
      objective: lab.evidenceLowerBound({ capacity: { max: 2, steps: 3 } }),
    });
    expect(read(printed(capacity)).sections['schedules']).toEqual(
      Object.keys(capacity.schedules).map((name) => `${name}:f32[]`),
    );
    model.dispose();
    capacity.dispose();
  });

  it('shows a temporal model', () => {
    const model = new TDVAE({ input: 6, frames: 3, jumps: [1, 2], latent: 2, belief: 3, gates: 3, hidden: [3] });
    const { sections } = read(printed(model, { batchSize: 3 }));
    expect(sections['inputs']).toEqual(['x:f32[3,6]']);
    expect(sections['outputs']!.filter((line) => line.startsWith('gradient/'))).toHaveLength(
      Object.keys(model.parameters).length,
    );
    model.dispose();
  });
});

/** A class as a cell holds it, its lines counted from 1. */
function written(lines: readonly string[]): new () => Autoencoder<{ input: number }> {
  const script = new Script(lines.join('\n'), { filename: 'cell 1' });
  const make = script.runInThisContext() as (
    library: object,
    tf_: typeof tf,
  ) => new () => Autoencoder<{ input: number }>;
  return make({ Autoencoder, initial, normal }, tf);
}

const OWN = (step: readonly string[]) =>
  written([
    '({ Autoencoder, initial, normal }, tf) => class Linear extends Autoencoder {',
    '  constructor() { super({ input: 4 }); this.W = this.parameter("W", initial.glorot([4, 2])); }',
    '  noise(n) { return { epsilon: normal([n, 4]) }; }',
    '  terms({ x, epsilon }) {',
    ...step,
    '    return { error: { value, formula: "e", meaning: "squared error" } };',
    '  }',
    '}',
  ]);

describe('engine.print of a model of your own', () => {
  it('tells its lines, and no line for the gradients', () => {
    const model = new (OWN([
      '    const z = x.add(epsilon).matMul(this.W);',
      '    const value = z.matMul(this.W, false, true).sub(x).square().sum(1).mean();',
    ]))();
    const { title, sections } = expectWhole(model as unknown as Kept, printed(model, { batchSize: 2 }), ['error']);
    expect(title).toBe('Linear: a training step of 2 rows');
    const lines = sections['operations']!.map((line) => line.replace(/ +(\/\/ cell 1:\d+):\d+$/, ' $1'));
    expect(lines.slice(0, 7)).toEqual([
      'a:f32[2,4] = add x epsilon // cell 1:5',
      'b:f32[2,2] = matMul a W // cell 1:5',
      'c:f32[2,4] = matMul[transposeB=true] b W // cell 1:6',
      'd:f32[2,4] = sub c x // cell 1:6',
      'e:f32[2,4] = square d // cell 1:6',
      'f:f32[2] = sum[axis=1] e // cell 1:6',
      'g:f32[] = mean f // cell 1:6',
    ]);
    expect(lines.length).toBeGreaterThan(12);
    expect(lines.slice(7).filter((line) => line.includes('cell'))).toEqual([]);
    model.dispose();
  });

  it('says why and where, with the operations around, when it cannot be recorded', () => {
    const model = new (OWN([
      '    const ids = tf.unique(x.exp().flatten()).values;',
      '    const value = ids.sum().add(this.W.sum());',
    ]))();
    expect(() => printed(model, { batchSize: 2 })).toThrow(
      /^engine\.print: the training step of Linear cannot be recorded: the operation Unique has no traced form \(at cell 1:5:\d+\)\n(?: {4}.*\n)+ {2}> unique\[axis=0\] b:f32\[8\] +\/\/ cell 1:5:\d+$/,
    );
    model.dispose();
  });

  it('says where a value is read', () => {
    const model = new (OWN(['    const value = x.sum().mul(this.W.sum().dataSync()[0]);']))();
    expect(() => printed(model)).toThrow(
      /^engine\.print: the training step of Linear cannot be recorded: reads .* \(at cell 1:5:\d+\)$/,
    );
    model.dispose();
  });

  it('lets an error of its own through', () => {
    const model = new (OWN(['    const value = x.matMul(x);']))();
    expect(() => printed(model)).toThrow(/inner shapes|Inner dimension/);
    model.dispose();
  });
});

describe('engine.print', () => {
  it('is the same after a training, and computes nothing that stays', async () => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2 });
    const before = alive();
    const text = printed(model, { batchSize: 4 });
    expect(alive()).toEqual(before);
    const rows = Array.from({ length: 8 }, (_, i) => Array.from({ length: 6 }, (_unused, j) => (i + j) % 2));
    await model.fit(Dataset.from(rows), { epochs: 1, batchSize: 4 });
    expect(printed(model, { batchSize: 4 })).toBe(text);
    model.dispose();
  });

  it('prints', () => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2 });
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      expect(print(model, { batchSize: 3 })).toBeUndefined();
      expect(log.mock.calls).toEqual([[printed(model, { batchSize: 3 })]]);
    } finally {
      log.mockRestore();
    }
    model.dispose();
  });

  it.each([
    [3, 'found the number 3'],
    [undefined, 'found undefined'],
    [{ fit: 1 }, 'found an object with fit'],
    [tf.layers.dense({ units: 2 }), 'found a Dense'],
  ])('takes no other thing for a model: %o', (given, found) => {
    const call = () => printed(given as never);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`engine.print takes as "model" a model with fit() and terms(); ${found}`);
  });

  it('takes no model that has been disposed', () => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2 });
    model.dispose();
    expect(() => printed(model)).toThrow('found a VAE that has been disposed');
  });

  it.each([
    [{ batchSize: 0 }, '"batchSize" is 0'],
    [{ batchSize: 1.5 }, '"batchSize" is 1.5'],
    [{ batchsize: 4 }, 'did you mean "batchSize"?'],
    [{ batchSize: '4' }, '"batchSize" is "4"'],
  ])('names an option that is wrong: %o', (options, message) => {
    const model = new VAE({ input: 6, hidden: [5], latent: 2 });
    const call = () => printed(model, options as never);
    expect(call).toThrow(ConfigurationError);
    expect(call).toThrow('engine.print: ');
    expect(call).toThrow(message);
    model.dispose();
  });
});
