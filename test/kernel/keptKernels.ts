/** Kernels that outlive their hosts: each test has a separate folder, and leaves no process behind. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { KeeperFile } from '../../kernel/keeping/frames';
import { unheldKernels } from '../../kernel/keeping/kept';
import { keptFor } from '../../kernel/keeping/places';
import { KernelUnderTest, type Keeping } from './kernelUnderTest';

export let folder: string;
export let kernels: string;
let before: string | undefined;
export let held: KernelUnderTest[] = [];

beforeEach(() => {
  before = process.env['LATENTLAB_CACHE'];
  folder = mkdtempSync(path.join(tmpdir(), 'latentlab-keeping-'));
  process.env['LATENTLAB_CACHE'] = path.join(folder, 'cache');
  kernels = path.join(folder, 'cache/kernels');
});

afterEach(async () => {
  for (const kernel of held) kernel.client.kill();
  await Promise.all(held.map(({ client }) => client.exited));
  held = [];
  for (const { pid } of files()) end(pid);
  process.env['LATENTLAB_CACHE'] = before;
  rmSync(folder, { recursive: true, force: true });
});

export async function start(options: Keeping = {}): Promise<KernelUnderTest> {
  const kernel = await KernelUnderTest.startKept({ folder, ...options });
  held.push(kernel);
  return kernel;
}

export async function find(options: Keeping = {}) {
  const found = await KernelUnderTest.find({ folder, ...options });
  if (found) held.push(found.kernel);
  return found;
}

/** What a host does that is ended without a word. */
export function leave(kernel: KernelUnderTest): void {
  kernel.client.leave();
  held = held.filter((one) => one !== kernel);
}

/** Keepers that end meanwhile, which remove theirs, are left out. */
export function files(): KeeperFile[] {
  return keptFor(kernels).map(({ content }) => content);
}

export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function end(pid: number): void {
  if (isThere(pid)) process.kill(pid, 'SIGKILL');
}

/** Settles once the test's condition holds, which something outside of this process brings about. */
export const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 20 });

/** Settles once a kernel that was left has done what it did. */
export const untilIdle = () => until(async () => (await unheldKernels()).some(({ isBusy }) => !isBusy));

/** Settles once the keeper of a busy kernel knows that it has no host. */
export const untilAlone = (owner = 'the test') =>
  until(async () => (await unheldKernels()).some((one) => one.owner === owner && one.isBusy));

/** Leaves a kernel whose cell waits for a signal, and gives it once its keeper knows that there is nobody. */
export async function leaveAlone(kernel: KernelUnderTest, owner = 'the test'): Promise<void> {
  leave(kernel);
  await untilAlone(owner);
  tell();
}

/** Code of a cell that waits for {@link tell}. */
export const UNTIL_TOLD = `
  while (!require('node:fs').existsSync('told')) await new Promise((resolve) => setTimeout(resolve, 10));`;

export function tell(): void {
  writeFileSync(path.join(folder, 'told'), '');
}
