/** `npm run setup:cuda`: see docs/cuda.md. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { proveInChild } from '../engine/devices/childProof';
import { forgetFailures } from '../engine/devices/failures';
import { RUNGS } from '../engine/devices/rungs';
import { CommandError, run } from './command';
import { copyOnnxRuntime, modulesOf } from './cudaCopy';
import { CUDA_USAGE, cudaPlan } from './cudaPlan';
import { plainProgram } from './program';
import { replaceFolder } from './replaceFolder';
import { SetupError } from './setupError';

/** Milliseconds for the self-test: CUDA's first start may compile kernels for the GPU. */
const PATIENCE = 120_000;

await plainProgram('setup:cuda', CUDA_USAGE, setUp);

async function fetchLibraries(script: string, provider: string): Promise<void> {
  process.stdout.write('Fetching the CUDA libraries of ONNX Runtime from nuget.org …\n');
  try {
    process.stdout.write(await run(process.execPath, [script]));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const mend = 'Behind a proxy, set GLOBAL_AGENT_HTTP_PROXY to its address.';
    throw new SetupError(`They could not be fetched: ${error.lastLines}\n${mend}`);
  }
  if (!existsSync(provider)) throw new SetupError(`${script} has ended without an error, and without ${provider}.`);
}

async function setUp(): Promise<void> {
  const plan = cudaPlan();
  Object.assign(process.env, plan.env);
  if (plan.folder === plan.installed) await fetchLibraries(plan.script, plan.provider);
  else {
    await replaceFolder(plan.folder, async (empty) => {
      const copy = path.join(empty, path.basename(plan.folder));
      await copyOnnxRuntime(plan.installed, copy);
      process.env['NODE_PATH'] = modulesOf(plan.installed);
      const inCopy = (file: string) => path.join(copy, path.relative(plan.folder, file));
      await fetchLibraries(inCopy(plan.script), inCopy(plan.provider));
      return copy;
    });
  }
  const proof = await proveInChild(
    RUNGS.find(({ name }) => name === 'traced-cuda')!,
    { patience: PATIENCE },
  );
  if (!proof.usable) {
    throw new SetupError(
      `The libraries are there, but they cannot be used here: ${proof.reason}. They need NVIDIA's driver, CUDA 12 and ` +
        'cuDNN 9, found by the dynamic linker (LD_LIBRARY_PATH).',
    );
  }
  // What crashed with other libraries may work with these.
  forgetFailures();
  process.stdout.write(`Done: ${proof.description}. \`auto\` takes it from now on, or --device traced-cuda.\n`);
}
