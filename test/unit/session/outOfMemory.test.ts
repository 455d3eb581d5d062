import { describe, expect, it } from 'vitest';
import type { CellError, TensorMemory } from '../../../kernel/protocol';
import { explainMemory } from '../../../kernel/session/outOfMemory';
import { HeldMemory } from '../../../kernel/session/variables/memory';

const MEMORY: TensorMemory = {
  tensors: 12,
  bytes: 3.2e9,
  largest: [
    { expression: 'activations[3]', shape: [20000, 10000], dtype: 'float32', bytes: 8e8 },
    { expression: 'batch', shape: [64, 784], dtype: 'float32', bytes: 200_704 },
  ],
  unnamed: 10,
  unnamedBytes: 2.4e9,
};

const error = (message: string): CellError => ({ kind: 'error', name: 'Error', message, stack: `Error: ${message}` });

describe('an error for want of memory', () => {
  it.each([
    'Array buffer allocation failed',
    'std::bad_alloc',
    'CUDA out of memory',
    'OOM when allocating tensor with shape[20000,10000]',
    'Invalid typed array length: 10000000000',
    'Failed to allocate memory for requested buffer of size 800000000',
  ])('names the largest tensors: %s', (message) => {
    const { message: told, stack } = explainMemory(error(message), () => MEMORY);
    expect(told.startsWith(message)).toBe(true);
    expect(told).toContain('12 tensors hold 3.2 GB; the largest:\n  activations[3]  [20000, 10000] float32, 800 MB');
    expect(told).toContain('10 that belong to no variable, 2.4 GB');
    expect(stack).toContain('activations[3]');
  });

  it('is taken from what WebAssembly says only where tensors take much', () => {
    const vague = error('memory access out of bounds');
    expect(explainMemory(vague, () => MEMORY).message).toContain('4 GB');
    expect(explainMemory(vague, () => ({ ...MEMORY, bytes: 1e6 }))).toBe(vague);
  });

  it('leaves others as they are, and looks at no tensor for them', () => {
    const other = error('x is not defined');
    expect(explainMemory(other, () => expect.fail('looked'))).toBe(other);
    const interrupt: CellError = { ...error('out of memory'), kind: 'interrupt' };
    expect(explainMemory(interrupt, () => expect.fail('looked'))).toBe(interrupt);
  });
});

describe('what tensors hold', () => {
  it('is reported when it is much, when it has changed by much, and when it is little again', () => {
    const held = new HeldMemory();
    const told = [1e6, 3e8, 3.1e8, 6e8, 5e8, 1e6, 2e6, 3e8].filter((bytes) => held.worthTelling(bytes));
    expect(told).toEqual([3e8, 6e8, 5e8, 1e6, 3e8]);
  });
});
