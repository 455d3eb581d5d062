import { readFileSync } from 'node:fs';
import { builtFile } from '../../packageRoot';

/** What `assembly/optimizers.ts` exports: addresses in bytes, n in floats. */
export interface Kernels {
  adam(
    w: number,
    g: number,
    m: number,
    v: number,
    n: number,
    beta1: number,
    beta2: number,
    alphaT: number,
    epsilonHat: number,
    decay: number,
  ): void;
  adamax(
    w: number,
    g: number,
    m: number,
    u: number,
    n: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    alphaT: number,
  ): void;
  sgd(w: number, g: number, b: number, n: number, momentum: number, nesterov: number, alpha: number): void;
  rmsprop(
    w: number,
    g: number,
    v: number,
    mean: number,
    b: number,
    n: number,
    alpha: number,
    epsilon: number,
    momentum: number,
    centered: number,
    rate: number,
  ): void;
  lion(w: number, g: number, m: number, n: number, beta1: number, beta2: number, alpha: number, decay: number): void;
  average(a: number, w: number, n: number, rho: number): void;
  sumOfSquares(g: number, n: number): number;
  scale(g: number, n: number, factor: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** The kernels, at work on this memory. */
export function kernelsOn(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(readFileSync(builtFile('optimizers.wasm')));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as WebAssembly.Exports & Kernels;
}
