import { BinaryReader } from '@bufbuild/protobuf/wire';
import { describe, expect, it } from 'vitest';
import { compileOptions } from '../../../../../kernel/engine/runtimes/pjrt/compileOptions';
import { PLUGIN, sayWithoutPlugin } from '../../xlaPlugin';
import { Client } from '../../../../../kernel/engine/runtimes/pjrt/client';
import { Plugin } from '../../../../../kernel/engine/runtimes/pjrt/plugin';

/** Fields of a message by their numbers, as protobuf's own reader finds them: bytes, or a varint. */
function fieldsOf(bytes: Uint8Array): [field: number, value: Uint8Array | number][] {
  const reader = new BinaryReader(bytes);
  const fields: [number, Uint8Array | number][] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    fields.push([field, Number(type) === 2 ? reader.bytes() : reader.uint32()]);
  }
  return fields;
}

/** `env_option_overrides`, which is field 7. */
function settingsIn(options: Uint8Array): Record<string, unknown> {
  const entries = fieldsOf(options).filter(([field]) => field === 7);
  return Object.fromEntries(
    entries.map(([, entry]) => {
      const { 1: key, 2: value } = Object.fromEntries(fieldsOf(entry as Uint8Array));
      const [[kind, found]] = fieldsOf(value as Uint8Array) as [[number, Uint8Array | number]];
      return [text(key), kind === 1 ? text(found) : kind === 2 ? Boolean(found) : expect.unreachable()];
    }),
  );
}

const text = (bytes: unknown) => Buffer.from(bytes as Uint8Array).toString('utf8');
const LONG = `/home/somebody/${'deeper/'.repeat(40)}nvidia/cu13`;

describe('the options of a compilation', () => {
  it('say one device, and the settings by their names', () => {
    const options = compileOptions('cuda', { xla_gpu_cuda_data_dir: LONG, xla_dump_hlo_as_text: true });
    expect(settingsIn(options)).toEqual({ xla_gpu_cuda_data_dir: LONG, xla_dump_hlo_as_text: true });
    const [[field, build]] = fieldsOf(options) as [[number, Uint8Array]];
    expect(field).toBe(3);
    expect(fieldsOf(build)).toEqual([
      [4, 1],
      [5, 1],
    ]);
    expect(settingsIn(compileOptions('cpu'))).toEqual({ xla_cpu_enable_fast_min_max: false });
    expect(settingsIn(compileOptions('cuda'))).toEqual({});
  });

  sayWithoutPlugin('the options of a compilation by XLA');

  it.runIf(PLUGIN)('are ones that XLA knows', async () => {
    const program = `module @one { func.func public @main() -> tensor<f32> {
      %0 = stablehlo.constant dense<1.0> : tensor<f32>
      return %0 : tensor<f32> } }`;
    const compiledWith = async (settings: Record<string, string>) => {
      const client = await Client.create(Plugin.load(PLUGIN!), {}, settings);
      try {
        (await client.compile(program, [{ shape: [], dtype: 'float32' }])).dispose();
      } finally {
        client.dispose();
      }
    };
    await compiledWith({ xla_gpu_cuda_data_dir: LONG });
    await expect(compiledWith({ xla_no_such_option: LONG })).rejects.toThrow(/xla_no_such_option/);
  });
});
