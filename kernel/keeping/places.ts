/** Where keepers have their files and sockets: for the user's own rights alone. */
import { createHash, randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { cacheFolder } from '../engine/cacheFolder';
import type { KeeperFile } from './frames';

/** What the address of a socket may be long: 104 bytes with a closing zero on macOS, 108 on Linux. */
const LONGEST_SOCKET = 100;

export function keepersFolder(env: Readonly<Record<string, string | undefined>>): string {
  return path.join(cacheFolder(env), 'kernels');
}

/**
 * Makes a folder that nobody else can look into.
 *
 * @throws Error where it is somebody else's, a link, or open to others
 */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const { uid, mode, isLink } = looked(folder);
  const reason = isLink ? 'it is a link' : uid !== process.getuid?.() ? 'it is somebody else’s' : undefined;
  const isOpen = (mode & 0o077) !== 0;
  if (reason ?? isOpen)
    throw new Error(`${folder} cannot hold a kernel’s socket: ${reason ?? 'other users can read it'}.`);
}

function looked(folder: string): { uid: number; mode: number; isLink: boolean } {
  const stat = lstatSync(folder);
  return { uid: stat.uid, mode: stat.mode, isLink: stat.isSymbolicLink() };
}

/** An address to listen at that nobody has. */
export function newSocket(folder: string): string {
  const name = randomBytes(8).toString('hex');
  if (process.platform === 'win32') return `\\\\.\\pipe\\latentlab-${name}${randomBytes(8).toString('hex')}`;
  const beside = path.join(folder, `${name}.sock`);
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET) return beside;
  const short = path.join(tmpdir(), `latentlab-${userInfo().uid}`);
  makePrivate(short);
  return path.join(short, `${name}.sock`);
}

/** The beginning of the names of an owner's files. */
function prefixOf(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 24);
}

/** Written beside, then renamed: who finds it finds it whole. */
export function writeKeeperFile(folder: string, content: KeeperFile): string {
  const file = path.join(folder, `${prefixOf(content.owner)}-${content.pid}.json`);
  const beside = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(beside, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
  renameSync(beside, file);
  return file;
}

export interface Kept {
  file: string;
  content: KeeperFile;
}

/** The keepers of an owner, or of all, that left a file; those that are gone did not remove theirs. */
export function keptFor(folder: string, owner?: string): Kept[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    // Nothing was kept yet.
    return [];
  }
  const wanted = names.filter(
    (name) => name.startsWith(owner === undefined ? '' : `${prefixOf(owner)}-`) && name.endsWith('.json'),
  );
  return wanted.flatMap((name) => {
    const file = path.join(folder, name);
    try {
      const content = JSON.parse(readFileSync(file, 'utf8')) as KeeperFile;
      return owner === undefined || content.owner === owner ? [{ file, content }] : [];
    } catch {
      // It has gone meanwhile.
      return [];
    }
  });
}

export function removeKept({ file, content }: Kept): void {
  rmSync(file, { force: true });
  if (process.platform !== 'win32') rmSync(content.socket, { force: true });
}
