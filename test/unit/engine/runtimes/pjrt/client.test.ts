/** A client of a real plugin: tensors there and back, programs compiled and run, all of it freed. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it, vi } from 'vitest';

import { Client } from '../../../../../kernel/engine/runtimes/pjrt/client';
import { Plugin } from '../../../../../kernel/engine/runtimes/pjrt/plugin';
import { sizeOf, type TensorType } from '../../../../../kernel/engine/ops/types';
import { PLUGIN, sayWithoutPlugin, xlaClient } from '../../xlaPlugin';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const vector: TensorType = { shape: [4], dtype: 'float32' };

/** x + 1 of four numbers; with `donated`, in the memory of x. */
const successor = (donated = '') => `module @successor {
  func.func public @main(%arg0: tensor<4xf32>${donated}) -> (tensor<4xf32>) {
    %0 = "stablehlo.constant"() {value = dense<1.0> : tensor<4xf32>} : () -> tensor<4xf32>
    %1 = "stablehlo.add"(%arg0, %0) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    "func.return"(%1) : (tensor<4xf32>) -> ()
  }
}`;

/** The product of a large matrix with itself, again and again. */
const LONG = `module @long {
  func.func public @main(%arg0: tensor<900x900xf32>) -> (tensor<900x900xf32>) {
${Array.from({ length: 24 }, (_, i) => {
  const x = i === 0 ? '%arg0' : `%${i - 1}`;
  const numbers = '#stablehlo.dot<lhs_contracting_dimensions = [1], rhs_contracting_dimensions = [0]>';
  const type = 'tensor<900x900xf32>';
  return `    %${i} = "stablehlo.dot_general"(${x}, %arg0) {dot_dimension_numbers = ${numbers}} : (${type}, ${type}) -> ${type}`;
}).join('\n')}
    "func.return"(%23) : (tensor<900x900xf32>) -> ()
  }
}`;

sayWithoutPlugin('a client of a plugin');

describe.skipIf(!PLUGIN)('a client', () => {
  let client: Client;
  beforeAll(async () => {
    client = await xlaClient();
  });

  it('names its devices and their memory, where the plugin tells', () => {
    expect(client.platform).toMatch(/\w/);
    for (const device of client.devices) {
      expect(device.name).toMatch(/\w/);
      const memory = device.memory();
      if (memory) expect(memory.inUse).toBeGreaterThanOrEqual(0);
    }
  });

  it.each([
    { type: vector, elements: Float32Array.of(1, -0.5, NaN, Infinity) },
    { type: { shape: [2, 3], dtype: 'int32' } as const, elements: Int32Array.of(1, 2, -3, 4, 5, 2 ** 31 - 1) },
    { type: { shape: [3, 1], dtype: 'bool' } as const, elements: Uint8Array.of(1, 0, 1) },
    { type: { shape: [], dtype: 'float32' } as const, elements: Float32Array.of(7) },
    { type: { shape: [0, 2], dtype: 'float32' } as const, elements: new Float32Array(0) },
  ])('takes elements there and back: $type', async ({ type, elements }) => {
    const buffer = client.upload(elements, type);
    expect(await buffer.read()).toEqual(elements);
    buffer.dispose();
  });

  it('refuses elements that are not those of the shape', () => {
    expect(() => client.upload(new Float32Array(3), vector)).toThrow('[4] has 4 elements, not 3.');
  });

  it('runs a program; what it was given stays', async () => {
    const program = await client.compile(successor(), [vector]);
    const x = client.upload(Float32Array.of(1, 2, 3, 4), vector);
    const [y] = await program.execute([x]);
    const [z] = await program.execute([y!]);
    expect(await z!.read()).toEqual(Float32Array.of(3, 4, 5, 6));
    expect(await x.read()).toEqual(Float32Array.of(1, 2, 3, 4));
    [x, y!, z!, program].forEach((one) => one.dispose());
  });

  it('also runs it at once', async () => {
    const program = client.compileNow(successor(), [vector]);
    const x = client.upload(Float32Array.of(1, 2, 3, 4), vector);
    const [y] = program.executeNow([x]);
    expect(y!.readNow()).toEqual(Float32Array.of(2, 3, 4, 5));
    expect(await y!.read()).toEqual(Float32Array.of(2, 3, 4, 5));
    [x, y!, program].forEach((one) => one.dispose());
  });

  it('gives memory away where the program takes it over', async () => {
    const program = await client.compile(successor(' {tf.aliasing_output = 0 : i32}'), [vector], [0]);
    const x = client.upload(Float32Array.of(1, 2, 3, 4), vector);
    const [y] = await program.execute([x]);
    expect(await y!.read()).toEqual(Float32Array.of(2, 3, 4, 5));
    await expect(x.read()).rejects.toThrow('was given to a run that reused its memory');
    await expect(program.execute([x])).rejects.toThrow('was given to a run that reused its memory');
    [y!, program].forEach((one) => one.dispose());
  });

  it('tells what is wrong with a program, and with what one is given', async () => {
    await expect(client.compile('no program', [])).rejects.toMatchObject({
      name: 'XlaError',
      message: expect.stringContaining('PJRT_Client_Compile') as string,
    });
    await expect(client.compile(successor(), [])).rejects.toThrow('has 1 results; expected 0');
    const program = await client.compile(successor(), [vector]);
    await expect(program.execute([])).rejects.toMatchObject({ name: 'XlaError' });
    program.dispose();
    await expect(program.execute([])).rejects.toThrow('has been disposed of');
  });

  it('leaves the event loop to others while it computes', async () => {
    const type: TensorType = { shape: [900, 900], dtype: 'float32' };
    const program = await client.compile(LONG, [type]);
    const x = client.upload(new Float32Array(sizeOf(type)).fill(1e-3), type);
    let [turns, running] = [0, true];
    const turn = () => {
      turns++;
      if (running) setImmediate(turn);
    };
    turn();
    const [y] = await program.execute([x]);
    running = false;
    expect(turns).toBeGreaterThan(10);
    expect((await y!.read())[0]).toBeCloseTo(1e-3 * 0.9 ** 24, 8);
    [x, y!, program].forEach((one) => one.dispose());
  });

  it('waits with freeing until nobody uses it', async () => {
    const program = await client.compile(successor(), [vector]);
    const x = client.upload(Float32Array.of(1, 2, 3, 4), vector);
    const running = program.execute([x]);
    x.dispose();
    program.dispose();
    const [y] = await running;
    expect(await y!.read()).toEqual(Float32Array.of(2, 3, 4, 5));
    y!.dispose();
  });

  it('stays when the collector has been there, and frees what was forgotten', async () => {
    // A function, so that nothing here refers to the tensor any more.
    const forget = () => void client.upload(Float32Array.of(1, 2, 3, 4), vector);
    forget();
    expect(client.resources.count).toBe(1);
    await vi.waitFor(
      () => {
        collect();
        expect(client.resources.count).toBe(0);
      },
      { timeout: 20_000, interval: 20 },
    );
    const program = await client.compile(successor(), [vector]);
    program.dispose();
  });

  it('has nothing left when all has been disposed of, and frees what is left with itself', async () => {
    expect(client.resources.count).toBe(0);
    const other = await Client.create(Plugin.load(PLUGIN!));
    const x = other.upload(Float32Array.of(1, 2, 3, 4), vector);
    expect(other.resources.count).toBe(1);
    other.dispose();
    expect(other.resources.count).toBe(0);
    x.dispose();
    expect(() => other.upload(new Float32Array(4), vector)).toThrow('has been disposed of');
  });
});
