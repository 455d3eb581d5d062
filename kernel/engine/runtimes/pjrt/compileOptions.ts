/** XLA's `CompileOptionsProto`, written by hand: the little that is said here needs no schema. */

/** executable_build_options (3) { num_replicas (4): 1, num_partitions (5): 1 } */
const ONE_DEVICE = Uint8Array.of(0x1a, 4, 0x20, 1, 0x28, 1);

/**
 * For a program on one device. On a processor, XLA's maxima pass over NaN unless told otherwise, and a training that
 * diverges would not show it.
 */
export function compileOptions(platform: string): Uint8Array {
  if (platform !== 'cpu') return ONE_DEVICE;
  return Buffer.concat([ONE_DEVICE, override('xla_cpu_enable_fast_min_max', false)]);
}

/** env_option_overrides (7) { key (1): name, value (2): { bool_field (2) } } */
function override(name: string, value: boolean): Uint8Array {
  const key = Buffer.from(name);
  const entry = [0x0a, key.length, ...key, 0x12, 2, 0x10, Number(value)];
  return Uint8Array.of(0x3a, entry.length, ...entry);
}
