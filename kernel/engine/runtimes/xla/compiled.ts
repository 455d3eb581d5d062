import type { TensorType } from '../../ops/types';
import type { Client } from '../pjrt/client';
import type { Executable } from '../pjrt/executable';

/** Compiles StableHLO's text. @throws {XlaError} what the plugin finds wrong with it */
export function compiledBy(
  client: Client,
  text: string,
  results: readonly TensorType[],
  donated: readonly number[],
): Promise<Executable> {
  return client.compile(text, results, donated);
}
