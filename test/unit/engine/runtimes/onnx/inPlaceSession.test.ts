/** Sessions that write their outputs where they are wanted, by the C API and by the package's binding. */
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../../kernel/engine/lower/onnx/graph';
import { DirectSession } from '../../../../../kernel/engine/runtimes/onnx/direct/session';
import {
  BoundSession,
  inPlaceSession,
  takesDirectCalls,
} from '../../../../../kernel/engine/runtimes/onnx/inPlaceSession';
import type { Named } from '../../../../../kernel/engine/runtimes/onnx/session';

const named = (name: string, dtype: Named['type']['dtype'], shape: number[]): Named => ({
  name,
  type: { dtype, shape },
});

/** −x, x + 1 for integers, not(x), and a scalar. */
function manyTypes(): { model: Uint8Array; inputs: Named[]; outputs: Named[] } {
  const graph = new Graph('cpu');
  const inputs = [
    named('x', 'float32', [2, 3]),
    named('i', 'int32', [4]),
    named('b', 'bool', [3]),
    named('s', 'float32', []),
  ];
  const [x, i, b, s] = inputs.map(({ name, type }) => graph.input(name, type.dtype, type.shape));
  graph.named(graph.op('Neg', [x!]), 'negative');
  graph.named(graph.op('Add', [i!, i!]), 'twice');
  graph.named(graph.op('Not', [b!]), 'not');
  graph.named(graph.op('Mul', [s!, s!]), 'square');
  const outputs = ['negative', 'twice', 'not', 'square'].map((name, k) => ({ name, type: inputs[k]!.type }));
  for (const { name, type } of outputs) graph.output(name, type.dtype, type.shape);
  return { model: graph.model('many types'), inputs, outputs };
}

const KINDS = { 'the C API': DirectSession, 'the binding': BoundSession };

describe.each(Object.entries(KINDS))('a session by %s', (_, Kind) => {
  it('takes all types, and writes where it should', () => {
    const { model, inputs, outputs } = manyTypes();
    const session = new Kind(model, 1, inputs, outputs);
    const memory = new Float32Array(20);
    const [negative, square] = [memory.subarray(5, 11), memory.subarray(19)];
    const [twice, not] = [new Int32Array(4), new Uint8Array(3)];
    for (const scale of [1, 10]) {
      const x = Float32Array.of(1, -2, 3, -4, 5, -6).map((one) => one * scale);
      const s = Float32Array.of(3 * scale);
      session.run([x, Int32Array.of(1, 2, 3, -4), Uint8Array.of(0, 1, 0), s], [negative, twice, not, square]);
      expect([...negative]).toEqual([...x].map((one) => -one));
      expect([...square]).toEqual([9 * scale ** 2]);
    }
    expect([...twice]).toEqual([2, 4, 6, -8]);
    expect([...not]).toEqual([1, 0, 1]);
    // What lies beside the outputs is as it was.
    expect([...memory.subarray(0, 5), ...memory.subarray(11, 19)]).toEqual(new Array(13).fill(0));
    session.dispose();
  });

  it('runs no more once it is disposed of', () => {
    const { model, inputs, outputs } = manyTypes();
    const session = new Kind(model, 1, inputs, outputs);
    session.dispose();
    const values = () => [new Float32Array(6), new Int32Array(4), new Uint8Array(3), new Float32Array(1)];
    expect(() => session.run(values(), values())).toThrow(/disposed/);
  });

  it('refuses too few values, and those of another type', () => {
    const { model, inputs, outputs } = manyTypes();
    const session = new Kind(model, 1, inputs, outputs);
    const values = (first: Float32Array | Int32Array) => [
      first,
      new Int32Array(4),
      new Uint8Array(3),
      new Float32Array(1),
    ];
    const right = values(new Float32Array(6));
    expect(() => session.run(values(new Float32Array(5)), right)).toThrow(/5/);
    expect(() => session.run(values(new Int32Array(6)), right)).toThrow(TypeError);
    session.dispose();
  });

  it('says what is wrong with a model', () => {
    expect(() => new Kind(new Uint8Array(8), 1, [], [])).toThrow(/protobuf parsing failed/);
  });
});

describe('calls of ONNX Runtime where it lies', () => {
  it('are possible here, and then used', () => {
    expect(takesDirectCalls()).toBe(true);
    const { model, inputs, outputs } = manyTypes();
    const session = inPlaceSession(model, 1, inputs, outputs);
    expect(session).toBeInstanceOf(DirectSession);
    session.dispose();
  });

  it('make no other buffers', () => {
    const shape = [1000, 1000];
    const graph = new Graph('cpu');
    graph.named(graph.op('Neg', [graph.input('x', 'float32', shape)]), 'y');
    graph.output('y', 'float32', shape);
    const session = new DirectSession(
      graph.model('large'),
      1,
      [named('x', 'float32', shape)],
      [named('y', 'float32', shape)],
    );
    const [x, y] = [new Float32Array(1e6).fill(1), new Float32Array(1e6)];
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 10; i++) session.run([x], [y]);
    // The collector can only have made it less.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(y.byteLength);
    expect(y[999_999]).toBe(-1);
    session.dispose();
  });

  it('say which values do not fit', () => {
    const { model, inputs, outputs } = manyTypes();
    const session = new DirectSession(model, 1, inputs, outputs);
    const values = () => [new Float32Array(6), new Int32Array(4), new Uint8Array(3), new Float32Array(1)];
    const given = values();
    session.run(given, values());
    // A buffer that was given away has no values left.
    structuredClone(given[0]!, { transfer: [given[0]!.buffer as ArrayBuffer] });
    expect(() => session.run(given, values())).toThrow('x takes 6 values of type float32; found a Float32Array of 0.');
    session.dispose();
    session.dispose();
  });

  it.runIf(process.platform === 'linux')(
    'end with the session that nobody uses any more, its threads too',
    async () => {
      const threads = () => readdirSync('/proc/self/task').length;
      const before = threads();
      const open = () => {
        const { model, inputs, outputs } = manyTypes();
        for (let i = 0; i < 8; i++) new DirectSession(model, 3, inputs, outputs);
      };
      open();
      expect(threads()).toBeGreaterThanOrEqual(before + 16);
      setFlagsFromString('--expose-gc');
      const collect = runInNewContext('gc') as () => void;
      await expect
        .poll(() => {
          collect();
          return threads();
        })
        .toBeLessThan(before + 8);
    },
  );

  it('take memory that threads share', () => {
    const { model, inputs, outputs } = manyTypes();
    const session = new DirectSession(model, 1, inputs, outputs);
    const shared = new Float32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
    shared.set([1, 2, 3, 4, 5, 6], 16);
    const [x, y, s] = [shared.subarray(16, 22), shared.subarray(32, 38), shared.subarray(60, 61)];
    session.run([x, new Int32Array(4), new Uint8Array(3), s], [y, new Int32Array(4), new Uint8Array(3), s.slice()]);
    expect([...y]).toEqual([-1, -2, -3, -4, -5, -6]);
    session.dispose();
  });
});
