/** Compiled programs in a folder of the user's cache: compiling takes longer than anything else at a training's start. */
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../../../files/makeFolder';
import { writeWhole } from '../../../files/writeWhole';
import { cacheFolder } from '../../cacheFolder';
import type { TensorType } from '../../ops/types';
import type { Client } from '../pjrt/client';
import type { Executable } from '../pjrt/executable';

/** Bytes that the folder may hold; what was used longest ago makes room. */
const MOST = 512 * 2 ** 20;
/** Bytes of a SHA-256 at the beginning of each file. */
const DIGEST = 32;

/**
 * Compiles StableHLO's text, or loads what an earlier process has made of it.
 *
 * @throws {XlaError} what the plugin finds wrong with it
 */
export async function compiledBy(
  client: Client,
  text: string,
  results: readonly TensorType[],
  donated: readonly number[],
): Promise<Executable> {
  const file = path.join(cacheFolder(), 'xla-programs', keyOf(client, text));
  const known = await loaded(client, file, results, donated);
  if (known) return known;
  const executable = await client.compile(text, results, donated);
  await kept(executable, file);
  return executable;
}

/** All that a compiled program depends on: the text, the plugin and what it computes on. */
function keyOf(client: Client, text: string): string {
  const { platform, platformVersion, plugin, devices } = client;
  const { size, mtimeMs } = statSync(plugin.file);
  const parts = [platform, platformVersion, plugin.version, size, mtimeMs, devices[0]!.name, cpus()[0]?.model];
  return createHash('sha256').update(JSON.stringify(parts)).update(text).digest('hex');
}

async function loaded(
  client: Client,
  file: string,
  results: readonly TensorType[],
  donated: readonly number[],
): Promise<Executable | undefined> {
  try {
    const bytes = await readFile(file);
    const program = bytes.subarray(DIGEST);
    // A plugin need not survive what it has not written.
    if (!digestOf(program).equals(bytes.subarray(0, DIGEST))) return undefined;
    const executable = await client.load(program, results, donated);
    utimesSync(file, new Date(), new Date());
    return executable;
  } catch {
    // Not there, or not to be understood: it is compiled, and written anew.
    return undefined;
  }
}

function digestOf(program: Uint8Array): Buffer {
  return createHash('sha256').update(program).digest();
}

/** A plugin may have no form for it, and the folder may not be writable: then every process compiles. */
async function kept(executable: Executable, file: string): Promise<void> {
  try {
    const program = executable.serialize();
    await makeFolder(path.dirname(file));
    await writeWhole(file, Buffer.concat([digestOf(program), program]));
    makeRoom(path.dirname(file));
  } catch {
    return;
  }
}

function makeRoom(folder: string): void {
  const files = readdirSync(folder).map((name) => {
    const { size, mtimeMs } = statSync(path.join(folder, name));
    return { file: path.join(folder, name), size, mtimeMs };
  });
  let bytes = files.reduce((sum, { size }) => sum + size, 0);
  for (const { file, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes <= MOST) return;
    rmSync(file, { force: true });
    bytes -= size;
  }
}
