import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../kernel/engine/packageRoot';
import type { Answer } from './fixtures/webgpuSteps';
import { softwareVulkan } from './softwareVulkan';

/**
 * The tolerance of losses, and of new weights in norm: float32, summed in another order, with functions within WebGPU's
 * bounds.
 */
const TOLERANCE = 2e-5;

/** What `fixtures/webgpuSteps.ts` sends. */
async function webgpuSteps(): Promise<Answer> {
  const artifacts = path.join(packageRoot(), 'test', 'artifacts');
  mkdirSync(artifacts, { recursive: true });
  const folder = mkdtempSync(path.join(artifacts, 'webgpu-'));
  try {
    const outfile = path.join(folder, 'webgpuSteps.mjs');
    const entry = path.join(packageRoot(), 'test', 'unit', 'engine', 'fixtures', 'webgpuSteps.ts');
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
    const child = fork(outfile, { env: softwareVulkan(), execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const complaints: string[] = [];
    child.stderr!.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    const answers: Answer[] = [];
    child.on('message', (message) => answers.push(message as Answer));
    const ended: unknown = await once(child, 'close');
    expect(ended, complaints.join('')).toEqual([0, null]);
    return answers[0]!;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function norm(values: Iterable<number>): number {
  return Math.hypot(...values);
}

describe('training steps on WebGPU by ONNX Runtime', () => {
  let answer: Answer;
  beforeAll(async () => {
    answer = await webgpuSteps();
    // Half a minute of computing, on one core.
  }, 240_000);

  it.each(['VAE', 'VQ-VAE', 'convolutional VAE'])('are the eager ones of the %s, all on the device', (name) => {
    const { eager, webgpu } = answer.models[name]!;
    eager.reports.forEach(({ losses, gradientNorm }, step) => {
      const found = webgpu.reports[step]!;
      expect(Object.keys(found.losses)).toEqual(Object.keys(losses));
      for (const [term, value] of Object.entries(losses)) {
        expect(Math.abs(found.losses[term]! - value), term).toBeLessThanOrEqual(
          TOLERANCE * Math.max(1, Math.abs(value)),
        );
      }
      expect(Math.abs(found.gradientNorm - gradientNorm)).toBeLessThanOrEqual(TOLERANCE * gradientNorm);
    });
    for (const [variable, expected] of Object.entries(eager.variables)) {
      const off = norm(webgpu.variables[variable]!.map((value, i) => value - expected[i]!));
      expect(off, variable).toBeLessThanOrEqual(TOLERANCE * Math.max(1, norm(expected)));
    }
  });

  it('are the eager ones of every optimizer’s rule, in groups, of several batches', () => {
    const { eager, webgpu } = answer.groups;
    expect(Object.keys(webgpu)).toEqual(Object.keys(eager));
    for (const [name, expected] of Object.entries(eager)) {
      const off = norm(webgpu[name]!.map((value, i) => value - expected[i]!));
      expect(off, name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, norm(expected)));
    }
    expect(Object.keys(eager).filter((name) => name.startsWith('frozen'))).toEqual(['frozen']);
  });

  it('are the eager ones where each trains what others read', () => {
    const { eager, webgpu } = answer.shared;
    for (const [name, expected] of Object.entries(eager)) {
      const off = norm(webgpu[name]!.map((value, i) => value - expected[i]!));
      expect(off, name).toBeLessThanOrEqual(TOLERANCE * Math.max(1, norm(expected)));
    }
  });

  it('let compiled functions read weights where they lie, between two steps', () => {
    const { eager, webgpu, read } = answer.between;
    expect(read).toBe(0);
    eager.forEach((value, i) => expect(webgpu[i]).toBeCloseTo(value, 5));
  });

  it('leave the weights where a term is not finite', () => {
    const { error, before, after } = answer.notFinite;
    expect(error).toBe('NonFiniteError: fit is NaN');
    expect(after).toEqual(before);
  });

  it.runIf(process.platform === 'linux')('say that software computes', () => {
    expect(answer.description).toMatch(/^CPU, WebGPU in software by ONNX Runtime [\d.]+: .*SwiftShader/);
  });
});

describe.runIf(process.platform === 'linux')('the device ladder, where the only adapter is software,', () => {
  it('finds it usable, and passes it by', async () => {
    const cli = path.join(packageRoot(), 'dist', 'kernel', 'cli.js');
    const { stdout } = await promisify(execFile)(process.execPath, [cli, 'devices'], { env: softwareVulkan() });
    expect(stdout).toMatch(/^ *traced-webgpu +usable +CPU, WebGPU in software by .*; auto skips it: .*software/m);
    expect(stdout).toMatch(/^.*traced-cpu +chosen/m);
  });
});
