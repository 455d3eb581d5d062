/** XLA's `CompileOptionsProto`, written by hand: the little that is said here needs no schema. */

/** executable_build_options (3) { num_replicas (4): 1, num_partitions (5): 1 } */
const ONE_DEVICE = Uint8Array.of(0x1a, 4, 0x20, 1, 0x28, 1);

/** XLA's own options, by their names in its `DebugOptions`. */
export type CompileSettings = Readonly<Record<string, string | boolean>>;

/**
 * For a program on one device. On a processor, XLA's maxima pass over NaN unless told otherwise, and a training that
 * diverges would not show it.
 */
export function compileOptions(platform: string, settings: CompileSettings = {}): Uint8Array {
  const all = { ...(platform === 'cpu' ? { xla_cpu_enable_fast_min_max: false } : {}), ...settings };
  return Buffer.concat([ONE_DEVICE, ...Object.entries(all).map(([name, value]) => override(name, value))]);
}

/** env_option_overrides (7) { key (1): name, value (2): { string_field (1) or bool_field (2) } } */
function override(name: string, value: string | boolean): Uint8Array {
  const field = typeof value === 'string' ? bytesField(1, Buffer.from(value)) : Uint8Array.of(0x10, Number(value));
  return bytesField(7, Buffer.concat([bytesField(1, Buffer.from(name)), bytesField(2, field)]));
}

/** A field of protobuf's wire type 2: its tag, its length as a varint, its bytes. */
function bytesField(field: number, bytes: Uint8Array): Uint8Array {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Uint8Array.of((field << 3) | 2, ...length, rest, ...bytes);
}
