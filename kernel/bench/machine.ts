/** What was measured on. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { packageRoot } from '../engine/packageRoot';

export interface Machine {
  processor: string;
  cores: number;
  /** That each engine could use. */
  threads: number;
  memory: string;
  system: string;
  node: string;
  /** Name and version of each package that computes. */
  packages: string[];
}

/** The lines that each report begins with. */
export function machineFacts({ processor, cores, memory, system }: Machine, date: string): string[] {
  return [`Date: ${date}`, `Processor: ${processor}, ${cores} cores; memory: ${memory}`, `System: ${system}`];
}

const PACKAGES = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  'onnxruntime-node',
  'webgpu',
];

export function thisMachine(threads: number): Machine {
  return {
    processor: os.cpus()[0]?.model.trim() || 'unknown',
    cores: os.cpus().length,
    threads,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    system: `${distribution() ?? `${os.type()} ${os.release()}`}, ${os.arch()}`,
    node: process.version,
    packages: PACKAGES.flatMap(installed),
  };
}

function installed(name: string): string[] {
  const version = textOf(path.join(packageRoot(), 'node_modules', name, 'package.json'))?.match(
    /"version": *"(.+?)"/,
  )?.[1];
  return version === undefined ? [] : [`${name} ${version}`];
}

/** Linux distributions name themselves here. */
function distribution(): string | undefined {
  return textOf('/etc/os-release')?.match(/^PRETTY_NAME="?(.+?)"?$/m)?.[1];
}

/** A file's text; undefined when there is none. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
