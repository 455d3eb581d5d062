/** `npm run setup:webgpu`: Dawn, for the devices traced-webgpu and webgpu, where npm has not installed it. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { commandLine } from '../engine/commandLine';
import { proveInChild } from '../engine/devices/childProof';
import { DAWN, DAWN_VERSION, dawnFolder } from '../engine/devices/dawn';
import { forgetFailures } from '../engine/devices/failures';
import { RUNGS } from '../engine/devices/rungs';
import { STORAGE } from '../engine/storage';
import { findNpm } from './bindingTools';
import { npmInstall } from './npm';
import { plainProgram } from './program';
import { replaceFolder } from './replaceFolder';
import { SetupError } from './setupError';

const USAGE = `Fetches Dawn, an implementation of WebGPU, for the devices traced-webgpu and webgpu.

${commandLine('setup:webgpu')}

It comes from npm (package ${DAWN} ${DAWN_VERSION}: some 50 MB, 20 to 40 MB on the disk). A GPU and its driver for Vulkan
(Linux), Direct3D 12 (Windows) or Metal (macOS) must be on this machine.
`;

/** Milliseconds for a self-test: a driver compiles its shaders. */
const PATIENCE = 120_000;

await plainProgram('setup:webgpu', USAGE, setUp);

async function setUp(): Promise<void> {
  const npm = findNpm('setup:webgpu');
  const folder = dawnFolder();
  let proofs: string[] = [];
  await replaceFolder(folder, async (empty) => {
    // Dawn lies there as it will lie in the cache, so that the engine finds it.
    const staged = path.join(empty, DAWN, path.basename(folder));
    tell(`Fetching ${DAWN} ${DAWN_VERSION} with npm …`);
    const dawn = await npmInstall(staged, npm, DAWN, { [DAWN]: DAWN_VERSION });
    await removeOthers(path.join(dawn, 'dist'));
    tell('Running the self-tests: a training step whose result is known …');
    proofs = await proved(empty);
    return staged;
  });
  // What crashed without it may work with it.
  forgetFailures();
  tell(`Done, in ${folder}. Delete the folder to uninstall it.\n${proofs.join('\n')}`);
}

/** The package brings Dawn for all platforms. */
async function removeOthers(dist: string): Promise<void> {
  const own = `${process.platform}-${process.platform === 'darwin' ? 'universal' : process.arch}`;
  const names = await readdir(dist);
  if (!names.includes(own)) {
    throw new SetupError(`There is no Dawn for ${own}; ${DAWN} ${DAWN_VERSION} has it for ${names.join(', ')}.`);
  }
  for (const name of names) if (name !== own) await rm(path.join(dist, name), { recursive: true });
}

/** What each rung computes on. @throws SetupError if none can be used */
async function proved(cache: string): Promise<string[]> {
  const { LATENTLAB_CACHE: before, [STORAGE]: storage } = process.env;
  process.env['LATENTLAB_CACHE'] = cache;
  delete process.env[STORAGE];
  try {
    const usable: string[] = [];
    let reason = '';
    for (const rung of RUNGS.filter(({ optionalPackage }) => optionalPackage?.name === DAWN)) {
      const proof = await proveInChild(rung, { patience: PATIENCE });
      if (!proof.usable) reason = proof.reason;
      else
        usable.push(
          `${rung.name}: ${proof.description}${proof.reservation ? `; auto skips it: ${proof.reservation}` : ''}`,
        );
    }
    if (usable.length > 0) return usable;
    throw new SetupError(
      `Dawn was fetched, but it cannot be used here: ${reason}. It needs a GPU with a driver for Vulkan (Linux), ` +
        'Direct3D 12 (Windows) or Metal (macOS). Nothing was installed.',
    );
  } finally {
    restore('LATENTLAB_CACHE', before);
    restore(STORAGE, storage);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
