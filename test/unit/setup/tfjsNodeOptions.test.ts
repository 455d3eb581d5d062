import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { planOf } from '../../../kernel/setup/tfjsNodeOptions';

const linux = { platform: 'linux', arch: 'x64' };
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-options-'));
afterAll(() => rmSync(folder, { recursive: true }));

const planFor = (...args: string[]) => planOf(args, linux);

describe('the plan', () => {
  it('takes the smallest wheel with libraries for the CPU, alone', () => {
    const plan = planFor();
    expect(plan).toMatchObject({ package: '@tensorflow/tfjs-node', python: 'python3' });
    expect(plan?.source).toMatchObject({ from: 'pip', dependencies: false });
    expect(plan?.source).toHaveProperty('requirement', expect.stringMatching(/^tensorflow-cpu>=2\.12,</));
  });

  it('takes the wheel for every processor on arm64, where there is no smaller one', () => {
    const source = planOf([], { platform: 'linux', arch: 'arm64' })?.source;
    expect(source).toHaveProperty('requirement', expect.stringMatching(/^tensorflow>=/));
  });

  it('fetches the CUDA libraries with it for the GPU', () => {
    const plan = planFor('--gpu');
    expect(plan?.package).toBe('@tensorflow/tfjs-node-gpu');
    expect(plan?.source).toMatchObject({ from: 'pip', dependencies: true });
    expect(plan?.source).toHaveProperty('requirement', expect.stringMatching(/^tensorflow\[and-cuda\]>=/));
  });

  it('takes a version, a wheel’s file or a folder that the user names', () => {
    const file = path.join(folder, 'tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_17_x86_64.whl');
    writeFileSync(file, '');
    expect(planFor('--wheel', 'tensorflow-cpu==2.20.0')?.source).toEqual({
      from: 'pip',
      requirement: 'tensorflow-cpu==2.20.0',
      dependencies: false,
    });
    expect(planFor('--wheel', file)?.source).toEqual({ from: 'wheel', file });
    expect(planFor('--libtensorflow', folder)?.source).toEqual({ from: 'folder', folder });
  });

  it('is none when help is asked for', () => {
    expect(planFor('--help')).toBeUndefined();
  });
});

describe('a command line that cannot be followed is refused:', () => {
  const refused: [string, string[], RegExp][] = [
    ['an unknown option', ['--cuda'], /Unknown option '--cuda'[^]*--libtensorflow DIR/],
    ['two libraries', ['--wheel', 'tensorflow', '--libtensorflow', folder], /give one of them/],
    ['a folder that is not there', ['--libtensorflow', path.join(folder, 'none')], /there is none at .*none/],
    ['a file that is not there', ['--wheel', 'none.whl'], /there is no file .*none\.whl/],
    ['a wheel of something else', ['--wheel', 'numpy'], /found "numpy"/],
    ['a folder as a wheel', ['--wheel', folder], /A folder is named with --libtensorflow/],
    ['an option for pip', ['--wheel=--index-url=elsewhere'], /found "--index-url=elsewhere"/],
  ];
  it.each(refused)('%s', (_, args, message) => expect(() => planOf(args, linux)).toThrow(message));

  it('another system', () => {
    expect(() => planOf([], { platform: 'darwin', arch: 'arm64' })).toThrow(
      /builds for Linux on x64 and arm64; found darwin on arm64.*npm install @tensorflow\/tfjs-node/,
    );
  });

  it('a GPU on arm64', () => {
    expect(() => planOf(['--gpu'], { platform: 'linux', arch: 'arm64' })).toThrow(/x64; found arm64/);
  });
});
