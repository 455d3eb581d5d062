import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  forgetFailures,
  forgetTimeouts,
  rememberedFailure,
  rememberFailure,
  rememberTimeout,
} from '../../../../kernel/engine/devices/failures';
import { forgetPasses, rememberedPass, rememberPass } from '../../../../kernel/engine/devices/passes';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const PROOF = { usable: true, description: 'CPU, some library', precision: 'float32', runtime: 'cpu' } as const;

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'latentlab-memory-'));
  vi.stubEnv('LATENTLAB_CACHE', path.join(cache, 'made', 'when-needed'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

describe('a failure', () => {
  const crashed = Date.UTC(2026, 0, 2, 13);

  it('is remembered for seven days, with its date and the command that tries again', () => {
    rememberFailure('webgpu', 'its self-test ended with SIGSEGV', crashed);
    const reason =
      'not tried again since 2026-01-02, when its self-test ended with SIGSEGV; `npm run devices -- --retry` tries it';
    expect(rememberedFailure('webgpu', crashed + 7 * DAY)).toBe(reason);
    expect(rememberedFailure('webgpu', crashed + 7 * DAY + 1)).toBeUndefined();
    expect(rememberedFailure('traced-webgpu', crashed)).toBeUndefined();
  });

  it('stands beside those of other rungs, until all are forgotten', () => {
    rememberFailure('webgpu', 'it hung', crashed);
    rememberFailure('xla-cuda', 'it crashed', crashed);
    for (const rung of ['webgpu', 'xla-cuda']) expect(rememberedFailure(rung, crashed)).toBeDefined();
    forgetFailures();
    for (const rung of ['webgpu', 'xla-cuda']) expect(rememberedFailure(rung, crashed)).toBeUndefined();
    forgetFailures();
  });

  it('is none when the file is not to be understood, and the next one mends the file', () => {
    rememberFailure('webgpu', 'it hung', crashed);
    const folder = process.env['LATENTLAB_CACHE']!;
    for (const name of readdirSync(folder)) writeFileSync(path.join(folder, name), '{"webgpu": 3');
    expect(rememberedFailure('webgpu', crashed)).toBeUndefined();
    rememberFailure('cpu', 'it crashed', crashed);
    expect(rememberedFailure('cpu', crashed)).toContain('it crashed');
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('a self-test that gave no answer in time', () => {
  const start = Date.UTC(2026, 0, 2, 13, 5);
  const reason = 'its self-test gave no answer within 20 s';
  const remedy =
    'a driver that compiles for its GPU for the first time may need longer; `npm run devices -- --retry` gives it 180 s';

  it('is remembered for an hour, with what to do about it', () => {
    rememberTimeout('xla-cuda', reason, start);
    const text = `not tried again since 2026-01-02 13:05 UTC, when ${reason}; ${remedy}`;
    expect(rememberedFailure('xla-cuda', start + HOUR)).toBe(text);
    expect(rememberedFailure('xla-cuda', start + HOUR + 1)).toBeUndefined();
  });

  it('a second time in succession is remembered for seven days, as a crash is', () => {
    rememberTimeout('xla-cuda', reason, start);
    rememberTimeout('xla-cuda', reason, start + DAY);
    expect(rememberedFailure('xla-cuda', start + 8 * DAY)).toBe(
      `not tried again since 2026-01-03, when ${reason}; ${remedy}`,
    );
    expect(rememberedFailure('xla-cuda', start + 8 * DAY + 1)).toBeUndefined();
  });

  it('is forgotten when it has answered; a crash is not', () => {
    rememberTimeout('xla-cuda', reason, start);
    rememberFailure('webgpu', 'it crashed', start);
    for (const rung of ['xla-cuda', 'webgpu', 'tfjs-node-gpu']) forgetTimeouts(rung);
    expect(rememberedFailure('xla-cuda', start)).toBeUndefined();
    expect(rememberedFailure('webgpu', start)).toContain('it crashed');
    rememberTimeout('xla-cuda', reason, start);
    expect(rememberedFailure('xla-cuda', start + HOUR + 1)).toBeUndefined();
  });
});

describe('a self-test that was passed', () => {
  it('counts for the same library and processor', () => {
    rememberPass('traced-cpu', 'library 1.0', PROOF);
    expect(rememberedPass('traced-cpu', 'library 1.0')).toEqual(PROOF);
    expect(rememberedPass('traced-cpu', 'library 1.1')).toBeUndefined();
    expect(rememberedPass('tfjs-node', 'library 1.0')).toBeUndefined();
    forgetPasses();
    expect(rememberedPass('traced-cpu', 'library 1.0')).toBeUndefined();
  });

  it('counts beside others: kernels with one thread and with all take turns', () => {
    const one = { ...PROOF, description: 'CPU (1 thread)' };
    rememberPass('traced-cpu', 'library 1.0, 2 threads', PROOF);
    rememberPass('traced-cpu', 'library 1.0, 1 thread', one);
    expect(rememberedPass('traced-cpu', 'library 1.0, 2 threads')).toEqual(PROOF);
    expect(rememberedPass('traced-cpu', 'library 1.0, 1 thread')).toEqual(one);
    for (let i = 0; i < 8; i++) rememberPass('traced-cpu', `library 1.${i + 1}`, PROOF);
    expect(rememberedPass('traced-cpu', 'library 1.0, 1 thread')).toBeUndefined();
    forgetPasses();
  });
});
