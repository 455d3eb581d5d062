/** There is one library in a kernel: whatever is imported, in which order, and wherever product and notebook lie. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIME } from '../../kernel/views/types';
import { KernelUnderTest } from './kernelUnderTest';

const checkout = path.resolve('.');

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latentlab-copies-'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The product as it is installed, with the packages that it needs. */
function install(folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync('package.json', path.join(folder, 'package.json'));
  for (const bundle of ['kernel', 'library']) {
    cpSync(path.join('dist', bundle), path.join(folder, 'dist', bundle), {
      recursive: true,
      filter: (file) => !/\.map$/.test(file),
    });
  }
  symlinkSync(path.join(checkout, 'node_modules'), path.join(folder, 'node_modules'));
  return path.join(folder, 'dist', 'kernel', 'main.js');
}

/** A folder with a notebook's files, and packages that import the library and its tensors. */
function project(folder: string): string {
  const files = {
    'module.ts':
      "import { Dataset, device } from 'latentlab';\nexport { Dataset };\nexport const name = () => device().name;",
    'common.cjs':
      "const { Dataset, device } = require('latentlab');\nmodule.exports = { Dataset, name: () => device().name };",
    'later.mjs': "export const load = async () => (await import('latentlab')).Dataset;",
    'node_modules/esm-user/package.json': '{ "name": "esm-user", "type": "module", "exports": "./i.js" }',
    'node_modules/esm-user/i.js': "export { Dataset } from 'latentlab';\nexport * as tf from '@tensorflow/tfjs';",
    'node_modules/cjs-user/package.json': '{ "name": "cjs-user", "main": "i.js" }',
    'node_modules/cjs-user/i.js':
      "exports.Dataset = require('latentlab').Dataset;\nexports.core = require('@tensorflow/tfjs-core');",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Everything that may bring a second library, one after the other; each cell's value is what should be `true`. */
async function expectOneLibrary(kernel: KernelUnderTest): Promise<void> {
  const values = async (code: string) => {
    const { text, error } = await kernel.run(code);
    expect(error?.stack).toBeUndefined();
    expect(text?.replaceAll(/\s+/g, ' ')).toMatch(/^(true|\[ true(, true)* \])$/);
  };
  await values("import path from 'node:path'; import { name } from './module'; path.sep === '/' && name() === 'wasm'");
  await values("import { device, Dataset, DataError, loadData, tf } from 'latentlab'; device().name === 'wasm'");
  await values(`
    import * as local from './module'; import common from './common.cjs'; import { load } from './later.mjs';
    [local.Dataset === Dataset, common.Dataset === Dataset, common.name() === 'wasm', (await load()) === Dataset]`);
  await values(`
    import * as esm from 'esm-user'; import * as cjs from 'cjs-user'; import * as core from '@tensorflow/tfjs-core';
    const { scalar } = require('@tensorflow/tfjs');
    [esm.Dataset === Dataset, cjs.Dataset === Dataset, esm.tf.Tensor === tf.Tensor, cjs.core.Tensor === tf.Tensor,
     core.Tensor === tf.Tensor, scalar(1) instanceof tf.Tensor, esm.tf.engine() === tf.engine()]`);
  await values(`
    const [dynamic, required] = [await import('latentlab'), require('latentlab')];
    const byPath = await import(import.meta.resolve('latentlab'));
    [dynamic.Dataset === Dataset, required.Dataset === Dataset, byPath.Dataset === Dataset]`);
  kernel.write('module.ts', readFileSync(path.join(kernel.folder, 'module.ts'), 'utf8') + '\nexport const edited = 1;');
  await values(`
    import * as again from './module'; import { Dataset as D, VAE } from 'latentlab';
    [again.edited === 1, again.Dataset === Dataset, D === Dataset]`);
  kernel.write('rows.csv', 'a,b\n1,x\n');
  await values(`
    const failure = await loadData('no-such-file.csv').catch((error) => error);
    const data = Dataset.from([[0, 1], [1, 0], [1, 1], [0, 0]]);
    [failure instanceof Error, data instanceof D, data instanceof required.Dataset]`);
  await values(`
    const wrong = await new VAE({ input: 2, latent: 1, likelihood: 'bernoulli' }).fit(Dataset.from([[5, 0]]), { epochs: 1 }).catch((error) => error);
    [wrong instanceof DataError, wrong instanceof required.DataError]`);
  const { displays, error } = await kernel.run(
    'await new VAE({ input: data.shape, latent: 1, hidden: [4] }).fit(data, { epochs: 2 });',
  );
  expect(error?.stack).toBeUndefined();
  expect(displays.some(({ bundle }) => MIME.lossCurves in bundle)).toBe(true);
}

/** Runs a kernel of an installation in a notebook's folder. */
async function inKernel(options: { kernelMain?: string; folder: string }, use = expectOneLibrary): Promise<void> {
  const kernel = await KernelUnderTest.start(options);
  try {
    await use(kernel);
  } finally {
    await kernel.stop();
  }
}

describe('one library in a kernel', () => {
  it('of a development checkout', async () => {
    await inKernel({ folder: project(path.join(root, 'checkout')) });
  });

  it('of a copy under node_modules, beside the notebook', async () => {
    const folder = project(path.join(root, 'installed'));
    await inKernel({ kernelMain: install(path.join(folder, 'node_modules', 'latentlab')), folder });
  });

  it('of a checkout, where the notebook’s folder has a copy of its own', async () => {
    const folder = project(path.join(root, 'two copies'));
    install(path.join(folder, 'node_modules', 'latentlab'));
    await inKernel({ folder }, async (kernel) => {
      await expectOneLibrary(kernel);
      for (const file of ['kernel/latentlab.js', 'library/index.js']) {
        const { text } = await kernel.run(
          `(await import('./node_modules/latentlab/dist/${file}')).Dataset === Dataset`,
        );
        expect(text).toBe('true');
      }
    });
  });

  it('at paths with blanks and signs that URLs give a meaning to', async () => {
    const odd = path.join(root, "with blanks, é ü 日本, 100% #1 %20 & 'quotes' [x]");
    const folder = project(path.join(odd, 'note books'));
    await inKernel({ kernelMain: install(path.join(odd, 'latent lab')), folder });
  });

  it('reached by symbolic links', async () => {
    const real = path.join(root, 'real');
    install(path.join(real, 'product'));
    const folder = project(path.join(real, 'notebooks'));
    symlinkSync(real, path.join(root, 'link'));
    symlinkSync(path.join(real, 'product'), path.join(folder, 'node_modules', 'latentlab'));
    await inKernel({
      kernelMain: path.join(root, 'link', 'product', 'dist', 'kernel', 'main.js'),
      folder: path.join(root, 'link', 'notebooks'),
    });
  });

  it('whose notebook lies in the product’s own folder', async () => {
    const product = path.join(root, 'node_modules', 'latentlab');
    const kernelMain = install(product);
    rmSync(path.join(product, 'node_modules'));
    symlinkSync(path.join(checkout, 'node_modules', '@tensorflow'), path.join(root, 'node_modules', '@tensorflow'));
    for (const name of readdirSync(path.join(checkout, 'node_modules'))) {
      if (/^[.@]/.test(name)) continue;
      symlinkSync(path.join(checkout, 'node_modules', name), path.join(root, 'node_modules', name));
    }
    for (const scope of ['@jridgewell', '@bufbuild', '@napi-rs', '@dagrejs']) {
      symlinkSync(path.join(checkout, 'node_modules', scope), path.join(root, 'node_modules', scope));
    }
    await inKernel({ kernelMain, folder: project(path.join(product, 'samples')) });
  });

  it('that is built again while the kernel runs', async () => {
    const product = path.join(root, 'rebuilt');
    const kernelMain = install(product);
    await inKernel({ kernelMain, folder: project(path.join(root, 'rebuilding')) }, async (kernel) => {
      renameChunks(path.dirname(kernelMain));
      await expectOneLibrary(kernel);
    });
  });

  it('whose seed is the run’s, whatever was imported before', async () => {
    const folder = project(path.join(root, 'seeded'));
    const drawn = async (before: string) => {
      const kernel = await KernelUnderTest.start({ folder, seed: 7 });
      await kernel.run(before);
      const { text } = await kernel.run(
        "import { VAE } from 'latentlab'; const v = new VAE({ input: 3, latent: 1 }); String(await v.sample(1).data())",
      );
      await kernel.stop();
      return text;
    };
    const alone = await drawn('1');
    expect(alone).toMatch(/^'?-?\d/);
    expect(await drawn("import fs from 'node:fs'; import './module'; require('./common.cjs')")).toBe(alone);
  });
});

/** What a build of changed sources leaves: chunks under other names, and entry points that import those. */
function renameChunks(folder: string): void {
  const chunks = path.join(folder, 'chunks');
  for (const name of readdirSync(chunks)) renameSync(path.join(chunks, name), path.join(chunks, renamed(name)));
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js')) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    const imports = text.replace(/(["'])(\.{1,2}\/[^"']*-[A-Z0-9]{8}\.js)\1/g, (all) => renamed(all));
    writeFileSync(path.join(folder, file), imports);
  }
}

function renamed(name: string): string {
  return name.replace(/-([A-Z0-9]{8})\.js/, '-$1B.js');
}
