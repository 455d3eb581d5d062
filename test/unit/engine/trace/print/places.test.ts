import { Script } from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProgramLoweringError } from '../../../../../kernel/engine/lower/loweringError';
import { Graph, type Edge } from '../../../../../kernel/engine/lower/onnx/graph';
import { lower } from '../../../../../kernel/engine/lower/onnx/lower';
import { forward } from '../../../../../kernel/engine/forward';
import { ADAM_DEFAULTS, trainingStep, type StepDefinition } from '../../../../../kernel/engine/index';
import { setRuntime } from '../../../../../kernel/engine/runtime';
import { UpdateStep } from '../../../../../kernel/engine/runtimes/onnx/updateStep';
import { refusals } from '../../../../../kernel/engine/runtimes/refusals';
import type { Program, Value } from '../../../../../kernel/engine/trace/program';
import { TraceRefusal } from '../../../../../kernel/engine/trace/refusal';
import { trace } from '../../../../../kernel/engine/trace/tracer';
import { useWasm } from '../../backends';

beforeAll(useWasm);
afterAll(() => setRuntime('eager'));

type Tensors = Record<string, tf.Tensor>;
type Step = (tensors: Tensors) => Tensors;

/** A step as a user's file `step.js` has it, its lines counted from 1. */
function written(lines: readonly string[]): Step {
  const script = new Script(lines.join('\n'), { filename: 'step.js' });
  return (script.runInThisContext() as (library: typeof tf) => Step)(tf);
}

function traced(step: Step, places?: boolean): Program {
  const x = { shape: [2, 3], dtype: 'float32' } as const;
  return trace(step, { arguments: { x }, variables: {}, ...(places === undefined ? {} : { places }) });
}

function refusal(step: Step): TraceRefusal {
  try {
    traced(step);
  } catch (error) {
    if (error instanceof TraceRefusal) return error;
    throw error;
  }
  throw new Error('It was not refused.');
}

/** Without columns, and without the space that aligns places. */
function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/ +(\/\/ step\.js:\d+):\d+$/, ' $1'));
}

const LOSS = [
  '(tf) => ({ x }) => {',
  '  const f = (v) =>',
  '    v.exp().mul(2).sum();',
  '  return {',
  '    loss: f(x),',
  '    slope: tf.grad(f)(x),',
  '  };',
  '}',
];

describe('places', () => {
  it('are the lines of the user’s operations; of gradients, the line that asks for them', () => {
    const { calls } = traced(written(LOSS), true);
    const placed = calls.map(({ kernel, place }) => [kernel, place?.replace(/:\d+$/, '')]);
    const forwards = [
      ['Exp', 'step.js:3'],
      ['Multiply', 'step.js:3'],
      ['Sum', 'step.js:3'],
    ];
    expect(placed.slice(0, 6)).toEqual([...forwards, ...forwards]);
    expect(placed.length).toBeGreaterThan(8);
    expect(new Set(placed.slice(6).map(([, place]) => place))).toEqual(new Set(['step.js:6']));
  });

  it('are looked for only where they are asked for', () => {
    expect(traced(written(LOSS)).calls.filter(({ place }) => place !== undefined)).toEqual([]);
  });
});

describe('a refusal shows', () => {
  it('the operation without a traced form, after those before it, each with its line', () => {
    const found = refusal(
      written([
        '(tf) => ({ x }) => {',
        '  const rows = x.exp().add(1).mul(2).neg().sum(1);',
        '  return { y: tf.unique(',
        '    rows).values };',
        '}',
      ]),
    );
    expect(found.message).toBe('the operation Unique has no traced form');
    expect(found.excerpt.replaceAll(/:\d+$/gm, '')).toBe(
      [
        '    … 2 operations before',
        '    c:f32[2,3] = mul b 2      // step.js:2',
        '    d:f32[2,3] = neg c        // step.js:2',
        '    e:f32[2] = sum[axis=1] d  // step.js:2',
        '  > unique[axis=0] e:f32[2]   // step.js:3',
      ].join('\n'),
    );
    expect(found.explanation).toBe(`${found.sentence}\n${found.excerpt}`);
    expect(found.sentence).toMatch(/^the operation Unique has no traced form \(at step\.js:3:\d+\)$/);
  });

  it('the use of an operation that no program holds', () => {
    const found = refusal(
      written([
        '(tf) => ({ x }) => {',
        '  const ids = tf.tensor2d([0, 1], [2, 1], "int32");',
        '  return { y: tf.engine().runKernel("UnsortedSegmentSum", { x, segmentIds: ids }, { numSegments: 2 }) };',
        '}',
      ]),
    );
    expect(found.message).toBe('UnsortedSegmentSum: segment ids of more than one axis are not covered');
    expect(found.excerpt).toMatch(
      /^ {2}> unsortedSegmentSum\[numSegments=2\] x:f32\[2,3\] a:i32\[2,1\] +\/\/ step\.js:3:\d+$/,
    );
  });

  it('what is given a number that JavaScript makes anew, and its line', () => {
    const found = refusal(
      written(['(tf) => ({ x }) => {', '  const y = x.exp();', '  return { y: y.mul(tf.randomNormal([2, 3])) };', '}']),
    );
    expect(found.message).toMatch(/makes anew at each call/);
    expect(found.where).toMatch(/^step\.js:3:\d+$/);
    expect(linesOf(found.excerpt)).toEqual([
      '    b:f32[2,3] = exp x // step.js:2',
      '  > c:f32[2,3] = mul b:f32[2,3] a:f32[2,3] // step.js:3',
    ]);
  });

  it('the operation that is another one at the next call', () => {
    const found = refusal(
      written(['(tf) => { let n = 0;', '  return ({ x }) => ({ y: (n++ % 2 ? x.exp() : x.log()).neg() });', '}']),
    );
    expect(found.message).toBe('runs other operations at each call: Log, then Exp');
    expect(found.excerpt.split('\n').map((line) => line.replace(/ +\/\/.*/, ''))).toEqual([
      '  > a:f32[2,3] = log x:f32[2,3]',
      '    b:f32[2,3] = neg a',
    ]);
  });

  it('nothing where no operation is the reason', () => {
    const found = refusal(({ x }) => ({ y: x!.add(x!.dataSync()[0]!) }));
    expect(found.excerpt).toBe('');
    expect(found.explanation).toBe(found.sentence);
  });
});

describe('what cannot be lowered', () => {
  /** Recorded like any other operation, but there is no largest of no elements. */
  const NONE = [
    '(tf) => ({ x }) => {',
    '  const none = x.slice([0, 0], [2, 0]);',
    '  const largest = none.max(1);',
    '  return { y: largest.neg() };',
    '}',
  ];
  const REASON = 'Max: there are no elements to choose from along an empty axis';

  it('is shown in the error with its neighbours', () => {
    const program = traced(written(NONE), true);
    const graph = new Graph('portable');
    const edges = new Map<Value, Edge>(
      program.inputs.map(({ name, value }) => [value, graph.input(name, value.dtype, value.shape)]),
    );
    let error: unknown;
    try {
      lower(graph, program, edges);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ProgramLoweringError);
    const { message, reason, where } = error as ProgramLoweringError;
    expect(reason).toBe(REASON);
    expect(where).toMatch(/^step\.js:3:/);
    expect(linesOf(message)).toEqual([
      REASON,
      '    a:f32[2,0] = slice[begin=[0,0] size=[2,0]] x // step.js:2',
      '  > b:f32[2] = max[reductionIndices=1] a:f32[2,0] // step.js:3',
      '    c:f32[2] = neg b // step.js:4',
    ]);
  });

  const w = () => tf.variable(tf.ones([2, 3]));
  const definition = (variable: tf.Variable): StepDefinition => ({
    trainable: { w: variable },
    state: {},
    terms: () => ({ losses: { own: written(NONE)({ x: variable })['y']!.sum() } }),
    optimizer: ADAM_DEFAULTS,
  });
  const inputs = { tensors: {}, weights: {}, learningRate: 0.1 };

  it('makes a step run eagerly, and the report says where', async () => {
    setRuntime('cpu');
    const variable = w();
    const step = trainingStep(definition(variable));
    await step.rehearse(inputs).catch(() => undefined);
    expect(step.eagerBecause).toMatch(/^Max: there are no elements .* \(at step\.js:3:\d+\)$/);
    expect(refusals().at(-1)).toMatch(/\n {2}> .*max\[reductionIndices=1\] .*\/\/ step\.js:3:\d+\n/);
    step.dispose();

    const known = refusals();
    const again = trainingStep(definition(variable));
    await again.rehearse(inputs).catch(() => undefined);
    expect(again.eagerBecause).toBe(step.eagerBecause);
    expect(refusals()).toEqual(known);
    again.dispose();
    variable.dispose();
    setRuntime('eager');
  });

  it('refuses a step with its optimizer in one graph, too', async () => {
    const variable = w();
    const step = new UpdateStep(definition(variable), { provider: 'cpu' });
    await expect(step.run(inputs)).rejects.toThrow(TraceRefusal);
    await expect(step.run(inputs)).rejects.toMatchObject({
      message: REASON,
      where: expect.stringMatching(/^step\.js:3:/) as string,
      excerpt: expect.stringContaining('  > b:f32[2] = max') as string,
    });
    step.dispose();
    variable.dispose();
  });

  it('lets a compiled function run as it is', () => {
    setRuntime('cpu');
    const compiled = forward(written(NONE));
    const x = tf.ones([2, 3]);
    expect(compiled({ x })['y']!.dataSync()).toEqual(written(NONE)({ x })['y']!.dataSync());
    compiled.dispose();
    setRuntime('eager');
  });
});
