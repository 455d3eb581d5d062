import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { showTensorsAsText, tensorText, tensorTextNow } from '../../../../../kernel/session/show/printing/tensorText';
import { trace } from '../../../../../kernel/engine/trace/tracer';
import { bundleOf } from '../../../../../kernel/session/show/display';

interface NumpyCase {
  dtype: 'float32' | 'int32' | 'bool' | 'complex64';
  shape: number[];
  /** `spread`: by the rule that make.py has too. */
  values: string[] | 'spread';
  printed: string;
}

/** Written by make.py beside it. */
const numpy = JSON.parse(readFileSync(new URL('printed.json', import.meta.url), 'utf8')) as Record<string, NumpyCase>;

beforeAll(async () => {
  await tf.setBackend('cpu');
  showTensorsAsText();
});

function tensorOf({ dtype, shape, values }: NumpyCase): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const numbers =
    values === 'spread'
      ? Array.from({ length: size }, (_, i) => (((i * 7919) % 10007) - 5003) / 1000)
      : values.map((value) => Number(value.replace('inf', 'Infinity')));
  if (dtype !== 'complex64') return tf.tensor(numbers, shape, dtype);
  const part = (offset: number) => tf.tensor(numbers.filter((_, i) => i % 2 === offset), shape); // prettier-ignore
  return tf.complex(part(0), part(1));
}

describe('a tensor', () => {
  it.each(Object.entries(numpy))('has its values as numpy prints them: %s', async (_, stored) => {
    const tensor = tensorOf(stored);
    const printed = stored.printed.replaceAll('...', '…').replaceAll('True', 'true').replaceAll('False', 'false');
    const kind = `Tensor [${stored.shape.join(', ')}] ${stored.dtype}`;
    expect(await tensorText(tensor)).toBe(`${kind}\n${printed}`);
    expect(inspect(tensor)).toBe(`${kind}\n${printed}`);
  });

  it.each<[string, () => tf.Tensor, string]>([
    ['a number', () => tf.scalar(0.1), 'Tensor [] float32 0.1'],
    ['a long number', () => tf.scalar(Math.PI), 'Tensor [] float32 3.1415927'],
    ['a tiny number', () => tf.scalar(-1.5e-30), 'Tensor [] float32 -1.5e-30'],
    ['-0', () => tf.scalar(-0), 'Tensor [] float32 -0.'],
    ['NaN', () => tf.scalar(NaN), 'Tensor [] float32 nan'],
    ['-∞', () => tf.scalar(-Infinity), 'Tensor [] float32 -inf'],
    ['a whole number', () => tf.scalar(5, 'int32'), 'Tensor [] int32 5'],
    ['a truth', () => tf.scalar(true), 'Tensor [] bool true'],
    ['a text', () => tf.scalar('it’s'), "Tensor [] string 'it’s'"],
    ['a complex number', () => tf.complex(1, -2), 'Tensor [] complex64 1.-2.j'],
    ['nothing', () => tf.zeros([0]), 'Tensor [0] float32 []'],
    ['rows of nothing', () => tf.zeros([3, 0]), 'Tensor [3, 0] float32 []'],
    ['texts', () => tf.tensor(['a', 'bc']), "Tensor [2] string\n[ 'a', 'bc']"],
  ])('of %s stands on a line', (_, make, text) => {
    expect(inspect(make())).toBe(text);
  });

  it('of six long axes is still a screenful', () => {
    const text = inspect(tf.zeros([5, 5, 5, 5, 5, 5]));
    expect(text.split('\n').length).toBeLessThan(120);
    expect(text).toContain('…');
  });

  it('is shown the same by display', async () => {
    expect(await bundleOf(tf.tensor2d([[1, 2], [30, 4]]))).toEqual({ 'text/plain': 'Tensor [2, 2] float32\n[[ 1.,  2.],\n [30.,  4.]]' }); // prettier-ignore
  });

  it('stays aligned inside other values, and is named alone where these are cut', () => {
    const a = tf.tensor2d([[1, 2], [30, 4]]); // prettier-ignore
    expect(inspect({ a, n: 1 })).toBe('{\n  a: Tensor [2, 2] float32\n  [[ 1.,  2.],\n   [30.,  4.]],\n  n: 1\n}');
    expect(inspect([{ deep: { a } }], { depth: 1 })).toBe('[ { deep: [Object] } ]');
    expect(inspect({ deep: { a } }, { depth: 1 })).toBe('{ deep: { a: [Tensor [2, 2] float32] } }');
    expect(inspect([tf.scalar(1), tf.scalar(2)])).toBe('[ Tensor [] float32 1, Tensor [] float32 2 ]');
  });

  it('that is disposed says so', async () => {
    const gone = tf.zeros([2, 3]);
    gone.dispose();
    expect(inspect(gone)).toBe('Tensor [2, 3] float32, disposed');
    expect(await tensorText(gone)).toBe('Tensor [2, 3] float32, disposed');
  });

  it('that is a variable has its name', () => {
    expect(inspect(tf.variable(tf.tensor1d([1, 2]), true, 'weights'))).toBe('Variable weights [2] float32\n[1., 2.]');
  });

  it('on a device that does not answer at once is shown by display, and named by the console', async () => {
    const remote = {
      shape: [2],
      dtype: 'float32',
      isDisposed: false,
      dataId: {},
      data: () => Promise.resolve(new Float32Array([1, 2])),
      dataSync: () => {
        throw new Error('cannot be read synchronously');
      },
    };
    expect(tensorTextNow(remote)).toBe('Tensor [2] float32, values by: await display(tensor)');
    expect(await bundleOf(remote)).toEqual({ 'text/plain': 'Tensor [2] float32\n[1., 2.]' });
  });

  it('printed inside a step that is compiled has no values, and leaves the step as it is', () => {
    const printed: string[] = [];
    const weights = tf.variable(tf.tensor1d([1, 2]), true, 'traced weights');
    const step = ({ x }: Record<string, tf.Tensor>) => {
      printed.push(inspect({ x, weights }));
      return { y: x!.mul(weights) };
    };
    trace(step, { arguments: { x: { dtype: 'float32', shape: [2] } }, variables: { weights } });
    expect(printed[0]).toContain('x: Tensor [2] float32, without values while a step is compiled');
    expect(printed[0]).toContain('weights: Variable traced weights [2] float32, without values while');
  });
});
