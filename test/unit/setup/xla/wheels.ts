/** Real wheels, small ones: archives with a list of their files and hashes. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { zipFile } from '../../autoencoders/data/zipFile';

type Files = Record<string, Uint8Array | string>;

export interface WheelOptions {
  /** What RECORD says of files, in place of the truth. */
  record?: Record<string, string | undefined>;
  withRecord?: boolean;
}

/** @returns the wheel's path */
export function writeWheel(folder: string, name: string, files: Files, options: WheelOptions = {}): string {
  const [project, version] = name.split('-');
  const info = `${project}-${version}.dist-info`;
  const all: Files = { ...files, [`${info}/METADATA`]: `Name: ${project}\nVersion: ${version}\nLicense: MIT\n` };
  const contents = Object.entries(all).map(([file, content]) => [file, Buffer.from(content)] as const);
  const lines = contents.flatMap(([file, content]) => {
    const hash = file in (options.record ?? {}) ? options.record![file] : hashOf(content);
    return hash === undefined ? [] : `${file},sha256=${hash},${content.length}`;
  });
  const record = Buffer.from([...lines, `${info}/RECORD,,`, ''].join('\n'));
  const entries = Object.fromEntries(contents);
  const wheel = path.join(folder, name);
  // What is large is stored, as that takes less time.
  const isSmall = contents.every(([, { length }]) => length < 1e6);
  writeFileSync(
    wheel,
    zipFile(options.withRecord === false ? entries : { ...entries, [`${info}/RECORD`]: record }, isSmall),
  );
  return wheel;
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
