import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { givenPlan } from '../../../../kernel/setup/xla/folderWheels';
import { xlaPlans } from '../../../../kernel/setup/xla/plan';

const LINUX = { platform: 'linux', arch: 'x64' };
const KNOWN = 'xla_cpu_pjrt-0.0.1-py3-none-manylinux_2_27_x86_64.whl';
const later = (version: string) => KNOWN.replace('0.0.1', version);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'latentlab-given-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...names: string[]) => names.forEach((name) => writeFileSync(path.join(folder, name), name));
const given = (platform: 'cpu' | 'cuda' = 'cpu') => givenPlan(xlaPlans(platform, LINUX, []), folder, LINUX);

describe('a folder of wheels', () => {
  it('gives the version that is known, whose hash it has to have', () => {
    put(later('0.0.3'), KNOWN);
    const [wheel] = given().given;
    expect(wheel).toMatchObject({ path: path.join(folder, KNOWN), size: KNOWN.length });
    expect(wheel!.sha256).toBe(given().wheels[0]!.sha256);
  });

  it('gives the latest of others, which their own hashes have to do for', () => {
    put(later('0.0.9'), later('0.0.12'), 'unrelated.txt');
    expect(given().given).toMatchObject([{ version: '0.0.12', sha256: undefined }]);
  });

  it('says by file name what is missing', () => {
    expect(() => given()).toThrow(`${folder} lacks a wheel of XLA’s plugin for the processor:\n  ${KNOWN}`);
  });

  it('passes over folders and dead links that have the name of a wheel', () => {
    mkdirSync(path.join(folder, KNOWN));
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, later('0.0.2')));
    expect(() => given()).toThrow(`lacks a wheel of XLA’s plugin for the processor:\n  ${KNOWN}`);
    put(later('0.0.3'));
    expect(given().given).toMatchObject([{ version: '0.0.3' }]);
  });

  it('says that it cannot be read', () => {
    const file = path.join(folder, 'file');
    put('file');
    const read = () => givenPlan(xlaPlans('cpu', LINUX, []), file, LINUX);
    expect(read).toThrow(`${file} cannot be read: a part of the path is a file, not a folder (ENOTDIR). Nothing was`);
  });

  it('says that a wheel is for another machine', () => {
    const other = KNOWN.replace('x86_64', 'aarch64');
    put(other);
    expect(() => given()).toThrow(`  ${KNOWN} (found ${other}, which is for Linux on arm64; this is Linux on x64)`);
  });

  it('says that a wheel is too old', () => {
    put(later('0.0.0'));
    expect(() => given()).toThrow(`  ${KNOWN} (found 0.0.0; 0.0.1 or later is needed)`);
  });

  it('is for the CUDA whose plugin lies in it, where the driver runs several', () => {
    put('jax_cuda12_pjrt-0.12.0.1-py3-none-manylinux_2_27_x86_64.whl');
    expect(() => given('cuda')).toThrow(
      /lacks 11 wheels of XLA’s plugin for NVIDIA GPUs, with CUDA 12:\n {2}nvidia_cublas_cu12-/,
    );
  });
});
