/** Compiled programs in a folder of the user's cache: compiling takes longer than anything else at a training's start. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { makeFolderSync } from '../../../files/makeFolder';
import { writeWholeSync } from '../../../files/writeWhole';
import { cacheFolder } from '../../cacheFolder';
import type { TensorType } from '../../ops/types';
import type { Client } from '../pjrt/client';
import type { Executable } from '../pjrt/executable';

/** Bytes that the folder may hold; what was used longest ago makes room. */
const MOST = 512 * 2 ** 20;
/** Bytes of a SHA-256 at the beginning of each file. */
const DIGEST = 32;

/** What a program's text is compiled to. */
interface Source {
  readonly text: string;
  readonly results: readonly TensorType[];
  /** Positions of the arguments whose memory it takes over. */
  readonly donated?: readonly number[];
}

/**
 * Compiles StableHLO's text, or loads what an earlier process has made of it.
 *
 * @throws {XlaError} what the plugin finds wrong with it
 */
export async function compiled(client: Client, { text, results, donated }: Source): Promise<Executable> {
  const file = fileOf(client, text);
  const program = kept(file);
  const known = program && (await client.load(program, results, donated).catch(() => undefined));
  if (known) return known;
  const executable = await client.compile(text, results, donated);
  keep(executable, file);
  return executable;
}

/** The same, and the event loop waits for it. */
export function compiledNow(client: Client, { text, results, donated }: Source): Executable {
  const file = fileOf(client, text);
  const program = kept(file);
  try {
    if (program) return client.loadNow(program, results, donated);
  } catch {
    // A plugin that cannot take it compiles it.
  }
  const executable = client.compileNow(text, results, donated);
  keep(executable, file);
  return executable;
}

function fileOf(client: Client, text: string): string {
  return path.join(cacheFolder(), 'xla-programs', keyOf(client, text));
}

/** All that a compiled program depends on: the text, the plugin, its flags and what it computes on. */
function keyOf(client: Client, text: string): string {
  const { platform, platformVersion, plugin, devices } = client;
  const { size, mtimeMs } = statSync(plugin.file);
  const flags = process.env['XLA_FLAGS'] ?? '';
  const device = [devices[0]!.name, cpus()[0]?.model];
  const parts = [platform, platformVersion, plugin.version, size, mtimeMs, flags, ...device];
  return createHash('sha256').update(JSON.stringify(parts)).update(text).digest('hex');
}

/** What the file holds, if it is there and whole: a plugin need not survive what it has not written. */
function kept(file: string): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    const program = bytes.subarray(DIGEST);
    if (!digestOf(program).equals(bytes.subarray(0, DIGEST))) return undefined;
    utimesSync(file, new Date(), new Date());
    return program;
  } catch {
    return undefined;
  }
}

function digestOf(program: Uint8Array): Buffer {
  return createHash('sha256').update(program).digest();
}

/** A plugin may have no form for it, and the folder may not be writable: then every process compiles. */
function keep(executable: Executable, file: string): void {
  try {
    const program = executable.serialize();
    makeFolderSync(path.dirname(file));
    writeWholeSync(file, Buffer.concat([digestOf(program), program]));
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
