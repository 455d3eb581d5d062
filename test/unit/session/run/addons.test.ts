import { afterEach, expect, it } from 'vitest';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadAddonsWhole } from '../../../../kernel/session/run/addons';

const { dlopen } = process;
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-addons-'));

afterEach(() => {
  process.dlopen = dlopen;
  rmSync(folder, { recursive: true, force: true });
});

it('an addon that is required loads in a critical section, which ends however the loading does', () => {
  const heard: unknown[] = [];
  process.dlopen = (...given) => {
    heard.push('loading');
    dlopen.apply(process, given);
  };
  loadAddonsWhole((busy) => heard.push(busy));
  const file = path.join(folder, 'broken.node');
  writeFileSync(file, 'no library');
  expect(() => createRequire(import.meta.url)(file) as unknown).toThrow(/broken\.node/);
  expect(heard).toEqual([true, 'loading', false]);
});
