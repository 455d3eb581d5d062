/** One interrupt of a cell that does not end by itself, and the ordinary cells behind it. */
import { ORDINARY } from './interruptKinds';
import { KernelUnderTest } from './kernelUnderTest';

/** The kernel is stopped sooner than a user's, so that a thousand rounds are a matter of minutes. */
const GRACE_MS = '40';

export interface Verdict {
  kind: 'good' | 'wrong' | 'hung' | 'died';
  what: string;
}

/** @param nodePath the Node that runs the kernel; this process's own where there is none */
export async function startInterruptible(nodePath?: string): Promise<KernelUnderTest> {
  process.env.LATENTLAB_INTERRUPT_GRACE_MS = GRACE_MS;
  try {
    const kernel = await KernelUnderTest.start({ nodePath });
    kernel.write('endless.mjs', `import fs from 'node:fs'; fs.writeSync(1, 'under way\\n'); while (true);`);
    return kernel;
  } finally {
    delete process.env.LATENTLAB_INTERRUPT_GRACE_MS;
  }
}

export async function interruptedRound(kernel: KernelUnderTest, code: string): Promise<Verdict> {
  const { id, finished } = kernel.begin(code);
  const underWay = kernel.next('stream', (message) => message.id === id && message.text.includes('under way'));
  await Promise.race([underWay, finished]);
  kernel.client.interrupt();
  const { error } = await finished;
  if (hasDied(kernel)) return died(kernel);
  if (error?.kind !== 'interrupt') return { kind: 'wrong', what: `It ended with ${error?.stack ?? 'no error'}.` };
  for (const [ordinary, text] of ORDINARY) {
    const run = await kernel.run(ordinary);
    if (hasDied(kernel)) return died(kernel);
    if (run.error || run.text !== text) {
      return { kind: 'wrong', what: `${ordinary} gave ${run.error?.stack ?? run.text ?? 'nothing'}.` };
    }
  }
  return { kind: 'good', what: '' };
}

/** Asked by a function, since the compiler takes a property to stay as it was seen. */
function hasDied(kernel: KernelUnderTest): boolean {
  return kernel.exit !== undefined;
}

function died({ exit }: KernelUnderTest): Verdict {
  return { kind: 'died', what: exit?.message ?? '' };
}
