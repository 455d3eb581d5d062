/** Native code that takes its process down: the next rung computes, and the failure is remembered. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { KernelClient } from '../../kernel/client';
import { rememberedFailure } from '../../kernel/engine/devices/failures';
import { rememberedPass, rememberPass } from '../../kernel/engine/devices/passes';
import { PROTOCOL_VERSION, type Rung } from '../../kernel/protocol';

// Inside the repository, so that programs in it find their packages.
let folder: string;

beforeEach(() => {
  mkdirSync('test/artifacts', { recursive: true });
  folder = mkdtempSync(path.resolve('test/artifacts', 'failures-'));
  vi.stubEnv('LATENTLAB_CACHE', path.join(folder, 'cache'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** The built kernel, with a self-test that notes each try and, of traced-cpu, crashes. */
class CrashingKernel {
  readonly main = path.join(folder, 'dist', 'kernel', 'main.js');
  private readonly log = path.join(folder, 'tries.log');

  constructor() {
    cpSync('dist/kernel', path.join(folder, 'dist', 'kernel'), { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: 'latentlab', type: 'module' }));
    const probe = path.join(folder, 'dist', 'kernel', 'probeMain.js');
    const original = path.join(folder, 'dist', 'kernel', 'originalProbe.js');
    cpSync(probe, original);
    writeFileSync(this.log, '');
    writeFileSync(
      probe,
      `import { appendFileSync } from 'node:fs';
       appendFileSync(${JSON.stringify(this.log)}, process.argv[2] + '\\n');
       if (process.argv[2] === 'traced-cpu') process.kill(process.pid, 'SIGSEGV');
       else await import('./originalProbe.js');`,
    );
  }

  /** How often traced-cpu has been tried. */
  get tries(): number {
    return readFileSync(this.log, 'utf8')
      .split('\n')
      .filter((name) => name === 'traced-cpu').length;
  }

  async devices(...options: string[]): Promise<Rung[]> {
    const cli = path.join(folder, 'dist', 'kernel', 'cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'devices', '--json', ...options]);
    return JSON.parse(stdout) as Rung[];
  }

  start(device: string): Promise<KernelClient> {
    return KernelClient.start({
      kernelMain: this.main,
      device,
      folder,
      onMessage: () => undefined,
      onExit: () => undefined,
    });
  }
}

const tracedCpu = (rungs: Rung[]): Rung => rungs.find(({ name }) => name === 'traced-cpu')!;

describe('a rung whose self-test crashes', () => {
  it('is left out for the next one, is not tried again, and is when that is asked for', async () => {
    const kernel = new CrashingKernel();
    const rungs = await kernel.devices();
    expect(tracedCpu(rungs)).toMatchObject({ status: 'unusable', reason: 'its self-test ended with SIGSEGV' });
    const works = rungs.find(({ status, reason }) => status !== 'unusable' && !reason.includes('auto skips it'));
    expect(works?.status).toBe('chosen');
    expect(kernel.tries).toBe(1);

    expect(tracedCpu(await kernel.devices()).reason).toMatch(
      /^not tried again since \d{4}-\d\d-\d\d, when its self-test ended with SIGSEGV; `npm run devices -- --retry` tries it$/,
    );
    expect(kernel.tries).toBe(1);

    await kernel.devices('--device', 'traced-cpu');
    expect(kernel.tries).toBe(2);
    expect(tracedCpu(await kernel.devices('--retry')).reason).toBe('its self-test ended with SIGSEGV');
    expect(kernel.tries).toBe(3);
  });

  it('leaves the kernel alive, on the next rung', async () => {
    const kernel = new CrashingKernel();
    const client = await kernel.start('auto');
    const { device } = client.ready;
    expect(device.name).not.toBe('traced-cpu');
    expect(tracedCpu(device.rungs)).toMatchObject({ status: 'unusable', reason: 'its self-test ended with SIGSEGV' });
    const code = "import { tf } from 'latentlab'; if (tf.square(3).dataSync()[0] !== 9) throw new Error('wrong')";
    const cell = { id: 'a', cellName: 'cell 1', language: 'typescript', code } as const;
    expect(await client.execute(cell)).toMatchObject({ success: true });
    await client.shutdown();
    await expect(kernel.start('traced-cpu')).rejects.toThrow(
      'The device traced-cpu cannot be used: its self-test ended with SIGSEGV.',
    );
  });
});

describe('a kernel that crashes', () => {
  /** A program that says it computes on this device, if any, and crashes. */
  function crashing(device?: { name: string; gpu: boolean }): Promise<KernelClient> {
    const kernelMain = path.join(folder, 'kernel.mjs');
    const summary = { ...device, description: 'a device', rungs: [] };
    const ready = { type: 'ready', protocol: PROTOCOL_VERSION, node: process.version, device: summary };
    const crash = `process.kill(process.pid, 'SIGSEGV')`;
    writeFileSync(
      kernelMain,
      `process.on('message', ({ type }) => {
         if (type === 'initialize') ${device ? `process.send(${JSON.stringify(ready)})` : crash};
         if (type === 'execute') ${crash};
       });`,
    );
    const unheard = () => undefined;
    return KernelClient.start({ kernelMain, device: 'auto', folder, onMessage: unheard, onExit: unheard });
  }

  it.each([
    ['a GPU is remembered, and the next kernel passes the GPU by', true],
    ['the processor is not: cells crash, too', false],
  ])('on %s', async (_, gpu) => {
    const client = await crashing({ name: 'webgpu', gpu });
    const cell = { id: 'a', cellName: 'cell 1', language: 'typescript', code: '' } as const;
    expect((await client.execute(cell)).error?.kind).toBe('crash');
    const reason = rememberedFailure('webgpu');
    if (gpu) expect(reason).toContain('it ended a kernel by SIGSEGV');
    else expect(reason).toBeUndefined();
  });

  it('before it is ready makes the next one prove its device in a separate process again', async () => {
    rememberPass('traced-cpu', 'library', { usable: true, description: 'CPU', precision: 'float32' });
    await expect(crashing()).rejects.toThrow('was ended by signal SIGSEGV');
    expect(rememberedPass('traced-cpu', 'library')).toBeUndefined();
  });
});
