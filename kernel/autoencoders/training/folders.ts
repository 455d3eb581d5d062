/** Folders that a model is saved to. */
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises';

/** A model could not be saved or read. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/**
 * Makes the folder, if it is not there. Nobody's folder or file is filled or replaced by mistake.
 *
 * @param what is saved there, for messages: `checkpoint`
 * @param isOwn whether a file of this name is part of it
 * @throws {CheckpointError} when a file, or a folder with anything else in it, lies at the path
 */
export async function claimFolder(path: string, what: string, isOwn: (name: string) => boolean): Promise<void> {
  let names: string[] = [];
  try {
    names = await readdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTDIR') throw new CheckpointError(`${path} is a file; a ${what} is a folder. Give another name.`);
    if (code !== 'ENOENT') throw error;
  }
  const stranger = names.find((name) => !isOwn(name.replace(/\.partial$/, '')));
  if (stranger) throw new CheckpointError(`${path} holds ${stranger}, so it is no ${what}. Give another name.`);
  await mkdir(path, { recursive: true });
}

/** The file is there whole, or as it was. */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const partial = `${file}.partial`;
  await writeFile(partial, content);
  await rename(partial, file);
}
