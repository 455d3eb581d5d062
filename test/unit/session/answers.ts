/** What users hand over by mistake, and which answers to it help them. */
import * as tf from '@tensorflow/tfjs';
import * as latentlab from '../../../kernel/session/latentlab';
import type { Values } from './exportValues';

/** What V8 says when code trips over a value that it did not expect. */
const TRIPPED = new RegExp(
  [
    'is not a function|is not iterable|is not a constructor|is not defined|is not an object',
    'Cannot (read|set|convert|destructure|mix|access|use)|Invalid (array|typed|string|count)|undefined \\(reading',
    'Reduce of empty|offset is out of bounds|Maximum call stack|called on|Method .* called|object is not',
    'argument must be of type|must be called|Iterator value|non-iterable|Derived constructor|Class constructor',
  ].join('|'),
);

export function junk(v: Values): [string, unknown][] {
  const disposed = tf.zeros([3, 2]);
  disposed.dispose();
  const gone = new latentlab.VAE({ input: 4, latent: 2, hidden: [3] });
  gone.dispose();
  return [
    ['undefined', undefined],
    ['null', null],
    ['a number', 3],
    ['a fraction', 0.5],
    ['NaN', NaN],
    ['a negative number', -1],
    ['text', 'text'],
    ['a boolean', true],
    ['an empty array', []],
    ['rows of another width', [[0, 0, 0, 0, 0, 0, 0]]],
    ['ragged rows', [[0, 0], [0]]], // prettier-ignore
    ['rows of text', [['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd']]], // prettier-ignore
    ['rows with NaN', [[NaN, 0, 0, 0], [0, 0, 0, 0]]], // prettier-ignore
    ['an object', { unknown: 1 }],
    ['a function', () => 1],
    ['a scalar', tf.scalar(1)],
    ['a tensor of another width', tf.zeros([2, 7])],
    ['a tensor of rank 3', tf.zeros([2, 2, 2])],
    ['a tensor of integers', tf.zeros([3, 2], 'int32')],
    ['a tensor of no rows', tf.zeros([0, 2])],
    ['a disposed tensor', disposed],
    ['data of another width', latentlab.Dataset.from([[1, 2, 3], [4, 5, 6]])], // prettier-ignore
    ['another model', v.vqvae],
    ['a disposed model', gone],
    ['a bigint', 3n],
    ['a symbol', Symbol('s')],
  ];
}

/** Why an answer is none that a user can act on; undefined for one that is. */
export function complaint(error: unknown, name: string): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}, no error`;
  const text = `${error.name}: ${error.message}`;
  if (TRIPPED.test(error.message)) return text;
  const [frame = ''] = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  if (/node_modules/.test(frame)) return `${text} (from ${/node_modules\/([^/]+\/[^/]+)/.exec(frame)?.[1]})`;
  return error.message.length < 15 ? `${name} says only ${text}` : undefined;
}
