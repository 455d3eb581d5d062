import { describe, expect, it } from 'vitest';
import { FusedOptimizer } from '../../../../kernel/engine/optimizers/fused';
import { Crew } from '../../../../kernel/engine/optimizers/fused/crew';
import { kernelsOn, moduleFor } from '../../../../kernel/engine/optimizers/fused/kernels';
import { CONFIGS } from './references';

/** Three chunks and a rest, in two variables. */
const VARIABLES = { kernel: { shape: [70, 1000] }, bias: { shape: [41_003] } };
const STEPS = 200;

/** Weights and norms of all steps. */
function trained(config: (typeof CONFIGS)[number][1], isShared: boolean) {
  const optimizer = new FusedOptimizer({ ...config, clipNorm: 50 }, VARIABLES, isShared);
  const norms: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    for (const name of Object.keys(VARIABLES)) {
      const gradient = optimizer.gradient(name);
      for (let i = 0; i < gradient.length; i++) gradient[i] = Math.sin(0.01 * i * (step + 1)) + 0.1;
    }
    norms.push(optimizer.gradientNorm());
    optimizer.apply(0.01, norms.at(-1)!);
  }
  return { norms, weights: Object.keys(VARIABLES).map((name) => Float32Array.from(optimizer.weights(name))) };
}

describe('an optimizer of two threads', () => {
  it.each(CONFIGS.slice(0, 6))('has the bits of one of a single thread: %s', (_, config) => {
    expect(trained(config, true)).toEqual(trained(config, false));
  });

  it('really has a second thread, which takes chunks', () => {
    const crew = new Crew(moduleFor(true));
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
    const n = (64 * 65_536) / 4;
    new Float32Array(memory.buffer).fill(0.5);
    const kernels = kernelsOn(memory, true);
    const id = crew.introduce(memory);
    const work = { kernel: 'sumOfSquares', addresses: [0], n, others: [] } as const;
    // It starts while this thread works, and takes its part from then on.
    do expect(crew.do(id, kernels, work)).toBe(n / 4);
    while (crew.taken < 100);
  });
});
