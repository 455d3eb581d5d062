/** Foreign functions by `koffi`, which is loaded when the first of them is wanted, and not before. */
import { createRequire } from 'node:module';
import type * as koffiModule from 'koffi';

export type Koffi = typeof koffiModule;

/** Compilers recurse deeply: what V8 gives its own threads is not enough for them. */
const STACK = 16 * 2 ** 20;

const require = createRequire(import.meta.url);
let loaded: Koffi | undefined;

/** @throws when the package is not installed or has no binary for this platform */
export function koffi(): Koffi {
  if (loaded) return loaded;
  const found = require('koffi') as Koffi;
  try {
    found.config({ sync_stack_size: STACK, async_stack_size: STACK, resident_async_pools: 2 });
  } catch {
    // A cell has loaded libraries with it before: its stacks stay as they are.
  }
  return (loaded = found);
}

/** Where these bytes lie. They stay there, but only as long as somebody refers to them. */
export function addressOf(bytes: ArrayBufferView): bigint {
  return BigInt(koffi().address(bytes));
}
