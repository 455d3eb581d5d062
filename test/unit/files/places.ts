/** Places that the system does not let be written: what of them this machine can have. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Place {
  what: string;
  /** What a message has to say. */
  reason: string;
  /** @param prepare fills the folder before it becomes unwritable */
  make(prepare?: (folder: string) => Promise<void>): Promise<{ folder: string; remove(): Promise<void> }>;
}

/** Its own small disk, which root may have on Linux. */
async function disk(size: string): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'latentlab-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
  const remove = async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  };
  return { folder, remove };
}

function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    execFileSync('rmdir', [folder]);
    return true;
  } catch (error) {
    // A container without the right to: its tests take what others have.
    if (error instanceof Error) return false;
    throw error;
  }
}

const FULL: Place = {
  what: 'a full disk',
  reason: 'the disk is full (ENOSPC)',
  make: async (prepare) => {
    const made = await disk('256k');
    await prepare?.(made.folder);
    await fill(made.folder);
    return made;
  },
};

const READ_ONLY: Place = {
  what: 'a read-only disk',
  reason: 'the disk is read-only (EROFS)',
  make: async (prepare) => {
    const made = await disk('256k');
    await prepare?.(made.folder);
    execFileSync('mount', ['-o', 'remount,ro', made.folder]);
    return made;
  },
};

const NOT_PERMITTED: Place = {
  what: 'a folder of somebody else',
  reason: 'there is no permission to write there (EACCES)',
  make: async (prepare) => {
    const folder = await mkdtemp(join(tmpdir(), 'latentlab-place-'));
    await prepare?.(folder);
    await chmod(folder, 0o555);
    const remove = async () => {
      await chmod(folder, 0o755);
      await rm(folder, { recursive: true });
    };
    return { folder, remove };
  },
};

/** All but a few bytes, so that a file can be made and not be filled. */
async function fill(folder: string): Promise<void> {
  const file = join(folder, '.directory');
  for (let size = 256 * 1024; size > 0; size -= 4096) {
    try {
      await writeFile(file, Buffer.alloc(size));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}

export const PLACES: readonly Place[] = mayMount() ? [FULL, READ_ONLY] : [NOT_PERMITTED];
