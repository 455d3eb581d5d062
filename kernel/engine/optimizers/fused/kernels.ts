import { readFileSync } from 'node:fs';
import { builtFile } from '../../packageRoot';
import type { KernelTable } from './chunks';

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

const compiled = new Map<string, WebAssembly.Module>();

/** The kernels, compiled for memories of their own or for those that threads share. */
export function moduleFor(isShared: boolean): WebAssembly.Module {
  const file = isShared ? 'optimizersShared.wasm' : 'optimizers.wasm';
  const known = compiled.get(file) ?? new WebAssembly.Module(readFileSync(builtFile(file)));
  compiled.set(file, known);
  return known;
}

/** The kernels, at work on this memory. */
export function kernelsOn(memory: WebAssembly.Memory, isShared: boolean): KernelTable {
  const { exports } = new WebAssembly.Instance(moduleFor(isShared), { env: { memory } });
  return exports as unknown as KernelTable & Kernels;
}
