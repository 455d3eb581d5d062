/** Unpacks the libraries of a wheel, each held against the hash that the wheel lists for it. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry } from 'yauzl';
import { isSystemError, reasonOf } from '../../files/fileError';
import { makeFolder } from '../../files/makeFolder';
import { SetupError } from '../setupError';
import { isKept, placeOf } from './kept';
import { notWhole, sha256Of, withWheel, type WheelFile } from './wheelFile';

export interface Unpacking {
  /** The folder that the plugin's files lie in. */
  folder: string;
  /** See {@link placeOf}. */
  site: string;
  /** The hash that the whole file has to have, if it is known. */
  sha256?: string;
  signal?: AbortSignal;
}

/**
 * @returns the hash of the wheel
 * @throws SetupError if it is damaged, or does not fit on the disk
 */
export async function unpackWheel(file: string, { folder, site, sha256, signal }: Unpacking): Promise<string> {
  const found = await sha256Of(file);
  await withWheel(file, async (wheel) => {
    const hashes = await wheel.hashes();
    for (const entry of wheel.entries.filter(({ fileName }) => isKept(fileName))) {
      const target = path.join(folder, ...placeOf(entry.fileName, site).split('/'));
      await unpackEntry(wheel, entry, hashes.get(entry.fileName), target, signal);
    }
  });
  // A truncated or damaged archive has said so itself by now.
  if (sha256 === undefined || found === sha256) return found;
  throw new SetupError(
    `${path.basename(file)} is not the file of that name that LatentLab knows: its SHA-256 is ${found}, not ${sha256}. Fetch it again.`,
  );
}

async function unpackEntry(
  wheel: WheelFile,
  entry: Entry,
  expected: string | undefined,
  target: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { fileName } = entry;
  const hash = createHash('sha256');
  const counted = new Transform({
    transform(piece: Buffer, _, done) {
      hash.update(piece);
      done(null, piece);
    },
  });
  const source = await wheel.open(entry);
  try {
    await makeFolder(path.dirname(target));
    // XLA runs NVIDIA's assembler.
    const mode = /(^|\/)bin\/[^/]+$/.test(fileName) ? 0o755 : 0o644;
    await pipeline(source, counted, createWriteStream(target, { mode }), { signal });
  } catch (error) {
    throw unpackError(wheel, error, target);
  }
  if (expected === undefined || hash.digest('base64url') !== expected) {
    const wrong = expected === undefined ? 'lists no hash for' : 'lists another hash for';
    throw new SetupError(`${path.basename(wheel.file)} is damaged: its RECORD ${wrong} ${fileName}. Fetch it again.`);
  }
}

/** The disk's, which the system names, or else the archive's. */
function unpackError(wheel: WheelFile, error: unknown, target: string): Error {
  if (error instanceof SetupError || (error as Error).name === 'AbortError') return error as Error;
  if (!isSystemError(error)) return notWhole(wheel.file, error);
  return new SetupError(`${target} could not be written: ${reasonOf(error)}. Nothing was installed.`);
}
