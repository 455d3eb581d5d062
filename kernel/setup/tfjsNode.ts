/** `npm run setup:tfjs-node`: see docs/tfjs-node.md. */
import { rm, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { buildFolder } from '../engine/devices/builtPackage';
import { proveInChild } from '../engine/devices/childProof';
import { RUNGS } from '../engine/devices/rungs';
import { STORAGE } from '../engine/storage';
import { findTools, type Tools } from './bindingTools';
import { findLibtensorflow } from './libtensorflow';
import { program } from './program';
import { replaceFolder } from './replaceFolder';
import { SetupError } from './setupError';
import { compileBinding, installJavaScript, stageLibrary } from './tfjsNodePackage';
import { planOf, USAGE, type Plan } from './tfjsNodeOptions';
import { unpackWheels } from './wheels';
import { makeFolder } from '../files/makeFolder';

/** Milliseconds for the self-test: its first run reads a library of hundreds of megabytes from the disk. */
const PATIENCE = 120_000;

await program(async (args) => {
  const plan = planOf(args);
  if (plan) await setUp(plan);
  else process.stdout.write(USAGE);
});

async function setUp(plan: Plan): Promise<void> {
  const folder = buildFolder(plan.package);
  if (/\s/.test(folder)) {
    throw new SetupError(
      `make cannot build in a folder with a space in its name: ${folder}. Set LATENTLAB_CACHE to another one.`,
    );
  }
  const tools = await findTools(plan);
  let description = '';
  await replaceFolder(folder, async (empty) => {
    // The build lies there as it will lie in the cache, so that the engine finds it.
    const staged = path.join(empty, 'tfjs-node', path.basename(folder));
    await build(plan, tools, staged, path.join(empty, 'library'));
    tell('Running the self-test: a training step whose result is known …');
    description = await proved(plan, empty);
    return staged;
  });
  const rung = path.basename(plan.package);
  tell(
    `Done: ${description}, in ${folder}.\nUse it with --device ${rung}, or choose it in VS Code. Delete the folder to uninstall it.`,
  );
}

/** @param scratch where wheels are unpacked */
async function build({ package: name, source }: Plan, tools: Tools, staged: string, scratch: string): Promise<void> {
  await makeFolder(staged);
  let library: string;
  if (source.from === 'folder') library = source.folder;
  else {
    tell(source.from === 'pip' ? `Fetching ${source.requirement} with pip …` : `Unpacking ${source.file} …`);
    await mkdir(scratch);
    tell(`Unpacked ${(await unpackWheels(source, scratch, tools.python)).join(', ')}.`);
    library = scratch;
  }
  const found = findLibtensorflow(library);
  tell(`Installing ${name} with npm, without its own download …`);
  const packageFolder = await installJavaScript(name, staged, tools.npm);
  await stageLibrary(found, packageFolder, source.from !== 'folder');
  tell(`Compiling the binding against ${found.main} …`);
  await compileBinding(packageFolder, tools);
  await rm(scratch, { recursive: true, force: true });
}

/** What the build computes on. @throws SetupError when it does not load, or computes wrong */
async function proved({ package: name }: Plan, cache: string): Promise<string> {
  const rung = RUNGS.find(({ optionalPackage }) => optionalPackage?.name === name)!;
  process.env['LATENTLAB_CACHE'] = cache;
  delete process.env[STORAGE];
  const proof = await proveInChild(rung, { patience: PATIENCE });
  if (proof.usable) return proof.description;
  throw new SetupError(`The binding was built, but it does not work here: ${proof.reason}. Nothing was installed.`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
