/** Interrupts every kind of cell many times and says what became of the kernel: the long form of interrupts.test.ts. */
import { parseArgs } from 'node:util';
import { KINDS } from '../kernel/interruptKinds';
import { interruptedRound, startInterruptible, type Verdict } from '../kernel/interruptedRound';
import type { KernelUnderTest } from '../kernel/kernelUnderTest';

/** Longer than any round takes on a machine that has other things to do. */
const HUNG_MS = 30_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    kind: { type: 'string', multiple: true },
    node: { type: 'string', default: process.execPath },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(
    'npm run test:interrupts -- [--rounds 100] [--kind PART_OF_ITS_NAME]... [--node PATH_OF_THE_KERNELS_NODE]',
  );
  console.log(`Kinds: ${Object.keys(KINDS).join('; ')}`);
} else await main(Number(values.rounds), values.kind ?? [''], values.node);

async function main(rounds: number, wanted: string[], node: string): Promise<void> {
  let kernel: KernelUnderTest | undefined;
  for (const [kind, code] of Object.entries(KINDS)) {
    if (!wanted.some((part) => kind.includes(part))) continue;
    const counts: Record<Verdict['kind'], number> = { good: 0, wrong: 0, hung: 0, died: 0 };
    for (let round = 0; round < rounds; round++) {
      kernel ??= await startInterruptible(node);
      const verdict = await Promise.race([interruptedRound(kernel, code), silence(kernel)]);
      counts[verdict.kind]++;
      kernel.forget();
      if (verdict.kind === 'good') continue;
      process.exitCode = 1;
      console.log(`  ${kind}, round ${round}: ${verdict.kind}. ${verdict.what}`);
      if (verdict.kind === 'wrong') continue;
      await kernel.stop();
      kernel = undefined;
    }
    const found = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`);
    console.log(`${kind}: ${found.join(', ')}`);
  }
  await kernel?.stop();
}

function silence(kernel: KernelUnderTest): Promise<Verdict> {
  return new Promise((resolve) => {
    setTimeout(() => {
      const said = kernel.messages.map(({ type }) => type).join(', ');
      resolve({ kind: 'hung', what: `No end for ${HUNG_MS / 1000} s; it said: ${said}.` });
    }, HUNG_MS).unref();
  });
}
