import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CompiledProgram } from '../../../../kernel/engine/runtimes/onnx/compute';
import { pruned, type Elements, type Program } from '../../../../kernel/engine/trace/program';
import { TraceRefusal } from '../../../../kernel/engine/trace/refusal';
import { trace } from '../../../../kernel/engine/trace/tracer';
import { alive, useWasm } from '../backends';

beforeAll(useWasm);

type Tensors = Record<string, tf.Tensor>;

const pair = { shape: [2], dtype: 'float32' } as const;

function traced(f: (tensors: Tensors) => Tensors, variables: Record<string, tf.Variable> = {}): Program {
  return trace(f, { arguments: { x: pair }, variables });
}

/** Runs a program on x, with its variables as they are. */
function computed(program: Program, x: number[]): Record<string, number[]> {
  const inputs = program.inputs.map((input): Elements =>
    input.kind === 'argument' ? Float32Array.from(x) : (input.variable.dataSync() as Float32Array),
  );
  const compiled = new CompiledProgram(program);
  const results = compiled.run(inputs);
  compiled.dispose();
  return Object.fromEntries(Object.entries(results).map(([name, elements]) => [name, [...elements]]));
}

describe('tracing', () => {
  it('records a function as a program that computes the same', () => {
    const program = traced(({ x }) => ({ y: x!.mul(2).add(1), z: x!.square() }));
    expect(computed(program, [3, -4])).toEqual({ y: [7, -7], z: [9, 16] });
  });

  it('records tfjs’s own gradients', () => {
    const program = traced(({ x }) => ({ slope: tf.grad((v: tf.Tensor) => v.square().mul(3).sum())(x!) }));
    expect(computed(program, [1, -2])).toEqual({ slope: [6, -12] });
  });

  it('computes nothing while it records', () => {
    let found: number[] | undefined;
    traced(({ x }) => {
      const y = x!.exp();
      found = y.shape;
      return { y };
    });
    expect(found).toEqual([2]);
  });

  it('takes variables as inputs, those too that nobody named', () => {
    const named = tf.variable(tf.tensor1d([1, 2]));
    const other = tf.variable(tf.tensor1d([10, 20]));
    const program = traced(({ x }) => ({ y: x!.add(named).add(other) }), { named });
    expect(program.inputs.filter(({ kind }) => kind === 'variable').map(({ name }) => name)).toEqual([
      'named',
      `outside/${other.name}`,
    ]);
    expect(computed(program, [0, 0])).toEqual({ y: [11, 22] });
    named.assign(tf.tensor1d([5, 5]));
    expect(computed(program, [0, 0])).toEqual({ y: [15, 25] });
    tf.dispose([named, other]);
  });

  it('takes other tensors from outside as constants, in each shape that they are seen in', () => {
    const outside = tf.tensor1d([1, 2]);
    const column = outside.reshape([2, 1]);
    const program = traced(({ x }) => ({ row: x!.add(outside), table: x!.add(column) }));
    expect(computed(program, [10, 20])).toEqual({ row: [11, 22], table: [11, 21, 12, 22] });
    tf.dispose([outside, column]);
  });

  it('leaves no tensor behind', () => {
    const before = alive();
    traced(({ x }) => ({ y: x!.mul(2), kept: tf.keep(x!.add(1)) }));
    expect(() => traced(({ x }) => ({ y: tf.tensor1d([...x!.dataSync()]) }))).toThrow(TraceRefusal);
    const gradient = tf.grad((v: tf.Tensor) => (v.square().dataSync(), v.exp().sum()));
    expect(() => traced(({ x }) => ({ y: gradient(x!) }))).toThrow(TraceRefusal);
    expect(alive()).toEqual(before);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('drops what no output needs', () => {
    const program = pruned(traced(({ x }) => (x!.exp().mul(7), { y: x!.add(1) })));
    expect(program.calls.map(({ kernel }) => kernel)).toEqual(['Add']);
    expect(program.constants).toHaveLength(1);
  });
});

describe('tracing refuses', () => {
  const refusal = (f: (tensors: Tensors) => Tensors, variables = {}): TraceRefusal => {
    try {
      traced(f, variables);
    } catch (error) {
      if (error instanceof TraceRefusal) return error;
      throw error;
    }
    throw new Error('It was not refused.');
  };

  it.each([
    ['dataSync', (x: tf.Tensor) => void x.dataSync()],
    ['arraySync', (x: tf.Tensor) => void x.arraySync()],
    ['data', (x: tf.Tensor) => void x.data()],
    ['print', (x: tf.Tensor) => x.print()],
  ])('%s inside the step, naming the line', (_, read) => {
    const { message, where } = refusal(({ x }) => (read(x!), { y: x!.add(1) }));
    expect(message).toMatch(/reads a value inside the step/);
    expect(where).toMatch(/tracer\.test\.ts:\d+:\d+/);
  });

  it.each([
    ['dataSync', (w: tf.Variable) => w.dataSync()],
    ['arraySync', (w: tf.Variable) => w.arraySync()],
  ])('%s of a variable, which would be the same number for ever', (how, read) => {
    const w = tf.variable(tf.tensor1d([2, 3]), true, `read by ${how}`);
    const factor = () => Number((read(w) as ArrayLike<number>)[0]);
    expect(refusal(({ x }) => ({ y: x!.mul(factor()) }), { w }).message).toBe(
      `reads the variable read by ${how} inside the step`,
    );
    expect(w.dataSync()[0]).toBe(2);
    w.dispose();
  });

  it('a read whose refusal was caught', () => {
    const { message } = refusal(({ x }) => {
      try {
        x!.dataSync();
      } catch {
        return { y: x!.add(1) };
      }
      return { y: x! };
    });
    expect(message).toMatch(/reads a value/);
  });

  it('an operation that has no traced form, by its name', () => {
    expect(refusal(({ x }) => ({ y: tf.unique(x!.flatten()).values })).message).toBe(
      'the operation Unique has no traced form',
    );
  });

  it('randomness made inside', () => {
    expect(refusal(({ x }) => ({ y: x!.add(tf.randomNormal([2])) })).message).toMatch(/makes anew at each call/);
  });

  it('a counter', () => {
    let calls = 0;
    expect(refusal(({ x }) => ({ y: x!.mul(++calls) })).message).toMatch(/makes anew at each call/);
  });

  it('other operations at each call', () => {
    let calls = 0;
    expect(refusal(({ x }) => ({ y: calls++ % 2 ? x!.exp() : x!.log() })).message).toMatch(/Log, then Exp/);
  });

  it('another variable at each call', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a one'), tf.variable(tf.scalar(2), true, 'a two')];
    let calls = 0;
    expect(refusal(({ x }) => ({ y: x!.mul(calls++ % 2 ? a : b) })).message).toMatch(
      /^uses other variables at each call/,
    );
    tf.dispose([a, b]);
  });

  it('results that change places', () => {
    let calls = 0;
    const swapped = ({ x }: Tensors): Tensors => {
      const [y, z] = [x!.add(1), x!.mul(2)];
      return calls++ % 2 ? { y, z } : { y: z, z: y };
    };
    expect(refusal(swapped).message).toBe('gives other results at each call');
  });

  it('a variable made inside, with an error, for an eager step could not use it either', () => {
    let made: tf.Variable | undefined;
    const step = ({ x }: Tensors) => ({ y: x!.add((made ??= tf.variable(tf.zeros([2]), true, 'made inside'))) });
    expect(() => traced(step)).toThrow('The step makes the variable made inside: make variables and layers before');
    expect(traced(({ x }) => ({ y: x!.add(1) })).calls).toHaveLength(1);
  });

  it('an assignment, and undoes it', () => {
    const w = tf.variable(tf.tensor1d([1, 2]), false, 'assigned-under-trace');
    expect(refusal(({ x }) => (w.assign(x as tf.Tensor1D), { y: w.add(1) }), { w }).message).toBe(
      'assigns to the variable assigned-under-trace inside the step',
    );
    expect([...w.dataSync()]).toEqual([1, 2]);
    w.dispose();
  });
});
