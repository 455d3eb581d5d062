/**
 * Knows the processes of all kernels that were started, also of those that never became ready, and holds them there until
 * they are released.
 */
import { mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Is there as long as kernels are held. */
const HELD = 'held';

/** Runs in each kernel before its own code: leaves a file that is named by its process, and waits. */
const PRELOAD = `
const { existsSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
if (/kernel.main\\.js$/.test(process.argv[1] ?? '')) {
  writeFileSync(join(__dirname, process.pid + '.pid'), '');
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(join(__dirname, '${HELD}'))) Atomics.wait(nothing, 0, 0, 10);
}
`;

export class KernelRecorder {
  private readonly folder = mkdtempSync(join(tmpdir(), 'latentlab-kernels-'));
  private readonly options = process.env['NODE_OPTIONS'];

  /** Records from now on, until {@link dispose}, and holds until {@link release}. */
  constructor() {
    const preload = join(this.folder, 'record.cjs');
    writeFileSync(preload, PRELOAD);
    writeFileSync(join(this.folder, HELD), '');
    process.env['NODE_OPTIONS'] = `${this.options ?? ''} --require ${JSON.stringify(preload)}`;
  }

  /** Settles when a kernel's process is there. */
  async started(): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (this.pids.length === 0) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(this.folder, look);
      look();
    });
  }

  /** Lets kernels become ready. */
  release(): void {
    rmSync(join(this.folder, HELD));
  }

  /** The processes of all kernels so far. */
  get pids(): number[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.pid'))
      .map((name) => Number.parseInt(name, 10));
  }

  dispose(): void {
    if (this.options === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = this.options;
    rmSync(this.folder, { recursive: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
