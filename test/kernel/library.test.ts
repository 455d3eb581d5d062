/** The library without a notebook: what `npm pack` gives, in separate programs. */
import { readdirSync, readFileSync, readlinkSync, realpathSync, symlinkSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'fast-png';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fashionMnist, VAE } from '../../kernel/autoencoders/index';
import type { Notebook } from '../../kernel/notebook/format';
import { scriptExport } from '../../kernel/notebook/export/script';
import * as notebooks from '../../kernel/session/latentlab';
import { useWasm } from '../unit/engine/backends';
import { InstalledPackage, type Manifest } from './installedPackage';

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await InstalledPackage.create();
}, 600_000);

afterAll(() => installed?.remove());

type Losses = Record<string, number>;

function expectClose(found: Losses, expected: Losses): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [term, value] of Object.entries(expected)) {
    expect(Math.abs(found[term]! - value), term).toBeLessThan(1e-4 * Math.max(1, Math.abs(value)));
  }
}

/** Threads, processes, timers: what keeps a program from ending; not what is about to end by itself. */
function isWaitedFor(resource: string): boolean {
  return /Worker|Port|Process|Timeout|Server|Socket|Watch/.test(resource);
}

describe('a JavaScript program', () => {
  it('trains a model as this library does, saves it, and ends; another loads it', async () => {
    interface Trained {
      device: string;
      final: { train: Losses; validation: Losses };
      score: Losses;
      alive: string[];
    }
    const trained = await installed.run<Trained>(
      'train.js',
      `import { chooseDevice, fashionMnist, VAE } from 'latentlab';
      const { name } = await chooseDevice('traced-cpu');
      const [train, heldOut] = (await fashionMnist()).take(600).split(100, { seed: 1 });
      const vae = new VAE({ input: train.shape, latent: 2, hidden: [16], likelihood: 'bernoulli', seed: 7 });
      const { final } = await vae.fit(train, { epochs: 1, batchSize: 100, validation: heldOut });
      await vae.save('vae.ckpt');
      const alive = process.getActiveResourcesInfo();
      console.log(JSON.stringify({ device: name, final, score: await vae.score(heldOut), alive }));`,
    );
    expect(trained.device).toBe('traced-cpu');
    expect(trained.alive.filter(isWaitedFor)).toEqual([]);

    await useWasm();
    const [train, heldOut] = (await fashionMnist()).take(600).split(100, { seed: 1 });
    const vae = new VAE({ input: train.shape, latent: 2, hidden: [16], likelihood: 'bernoulli', seed: 7 });
    const { final } = await vae.fit(train, { epochs: 1, batchSize: 100, validation: heldOut });
    expectClose(trained.final.train, final.train);
    expectClose(trained.final.validation, final.validation!);
    expectClose(trained.score, { ...(await vae.score(heldOut)) });

    const loaded = await installed.run<{ device: string; score: Losses }>(
      'load.js',
      `import { device, fashionMnist, VAE } from 'latentlab';
      const [, heldOut] = (await fashionMnist()).take(600).split(100, { seed: 1 });
      const vae = await VAE.load('vae.ckpt');
      console.log(JSON.stringify({ device: device().name, score: await vae.score(heldOut) }));`,
      { LATENTLAB_DEVICE: 'wasm' },
    );
    expect(loaded.device).toBe('wasm');
    expectClose(loaded.score, trained.score);
  });

  it('goes on without a cache that cannot be made, and says so once', async () => {
    installed.write('in-the-way', '');
    installed.write(
      'without-cache.js',
      `import { chooseDevice } from 'latentlab';
      await chooseDevice('traced-cpu');
      await chooseDevice('wasm');
      const { name } = await chooseDevice('traced-cpu');
      console.log(name);`,
    );
    const file = path.join(installed.folder, 'in-the-way');
    const impossible = process.platform === 'linux' ? '/proc/nonexistent' : path.join(file, 'below');
    for (const [cache, reason] of [
      [impossible, process.platform === 'linux' ? 'ENOENT' : 'ENOTDIR'],
      [file, 'EEXIST'],
      [path.join(file, 'below'), 'ENOTDIR'],
    ] as const) {
      const { stdout, stderr } = await installed.node(['without-cache.js'], { LATENTLAB_CACHE: cache });
      expect(stdout.trim()).toBe('traced-cpu');
      expect(stderr.match(/LatentLab could not save what it knows about devices/g)).toHaveLength(1);
      expect(stderr).toContain(`(${reason}). Each start tries them again; set LATENTLAB_CACHE to a writable folder`);
    }
  });

  it('begins without a device, reads tables and images, and takes a device with its first training', async () => {
    installed.write('rows.csv', 'a,b\n0,1\n1,0\n0.25,0.5\n');
    installed.write('images/x.png', encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 255) }));
    const found = await installed.run<{
      imported: string[];
      before: string;
      rows: number[];
      pixels: number[];
      device: string;
      early: number[];
      late: number[];
      alive: string[];
    }>(
      'files.js',
      `import { device, loadData, VAE } from 'latentlab';
      const imported = process.getActiveResourcesInfo();
      const table = await loadData('rows.csv');
      const images = await loadData('images');
      let before = '';
      try { device(); } catch (error) { before = String(error); }
      const vae = new VAE({ input: table.shape, latent: 1, hidden: [4], seed: 1 });
      const early = [...vae.encode(table).dataSync()];
      await vae.score(table);
      const late = [...vae.encode(table).dataSync()];
      await vae.fit(table, { epochs: 1 });
      const alive = process.getActiveResourcesInfo();
      const { name } = device();
      console.log(JSON.stringify({
        imported, before, rows: [...table.values], pixels: [...images.values], device: name, early, late, alive,
      }));`,
    );
    expect(found.imported.filter(isWaitedFor)).toEqual([]);
    expect(found.before).toMatch(
      /^DeviceError: No device has been chosen in this process: call await chooseDevice\(\) first/,
    );
    expect(found.rows).toEqual([0, 1, 1, 0, 0.25, 0.5]);
    expect(found.pixels).toEqual([0, 1]);
    // The self-test has run in a process of the package's own; without it there would be no more than wasm.
    expect(found.device).toMatch(/^traced-/);
    // A model from before moves to the device.
    found.early.forEach((value, i) => expect(found.late[i]).toBeCloseTo(value, 5));
    expect(found.alive.filter(isWaitedFor)).toEqual([]);
  });

  it('keeps the backend that it has given tfjs itself', async () => {
    const { backend, device } = await installed.run<{ backend: string; device: string }>(
      'own.js',
      `import * as tf from '@tensorflow/tfjs';
      import '@tensorflow/tfjs-backend-wasm';
      import { device, tf as same, VAE } from 'latentlab';
      await tf.setBackend('wasm');
      await new VAE({ input: 2, latent: 1, hidden: [4] }).fit([[0, 1], [1, 0]], { epochs: 1 });
      let told = '';
      try { device(); } catch (error) { told = error.name; }
      console.log(JSON.stringify({ backend: same.getBackend(), device: told }));`,
    );
    expect({ backend, device }).toEqual({ backend: 'wasm', device: 'DeviceError' });
  });

  it('has all that cells have but what shows something, and chooses its device besides', async () => {
    const { names } = await installed.run<{ names: string[] }>(
      'names.js',
      "console.log(JSON.stringify({ names: Object.keys(await import('latentlab')) }));",
    );
    const inCells = Object.keys(notebooks);
    expect(names.filter((name) => !inCells.includes(name)).sort()).toEqual(['DeviceError', 'chooseDevice']);
    expect(inCells.filter((name) => !names.includes(name)).sort()).toEqual([
      ...[
        'anomalies',
        'check',
        'checks',
        'codebookHistogram',
        'diagram',
        'exercise',
        'histogram',
        'html',
        'image',
        'imageGrid',
        'keepModel',
        'latentFrames',
        'latentScatter',
        'latex',
        'lossCurves',
        'markdown',
        'metricsTable',
        'plot',
        'reconstructions',
        'report',
        'samples',
        'saveFigure',
        'scatter',
        'surface',
        'svg',
        'unsolved',
      ],
    ]);
  });

  it('hears of a device that does not exist', async () => {
    const { told } = await installed.run<{ told: string }>(
      'unknown.js',
      `import { VAE } from 'latentlab';
      const fit = new VAE({ input: 2, latent: 1 }).fit([[0, 1], [1, 0]], { epochs: 1 });
      console.log(JSON.stringify({ told: await fit.catch(String) }));`,
      { LATENTLAB_DEVICE: 'gpu' },
    );
    expect(told).toMatch(/^DeviceError: There is no device “gpu”; choose one of auto, /);
  });

  it('hears why it is slow where npm has left ONNX Runtime out', async () => {
    const link = path.join(installed.folder, 'node_modules', 'onnxruntime-node');
    const target = readlinkSync(link);
    unlinkSync(link);
    try {
      const { device, warnings } = await installed.run<{ device: string; warnings: string[] }>(
        'slow.js',
        `import { device, engine, VAE } from 'latentlab';
        const warnings = [];
        process.on('warning', ({ message }) => warnings.push(message));
        await new VAE({ input: 2, latent: 1 }).fit([[0, 1], [1, 0]], { epochs: 1 });
        await engine.report();
        console.log(JSON.stringify({ device: device().name, warnings }));`,
      );
      expect(device).toBe('wasm');
      expect(warnings).toEqual([
        expect.stringMatching(
          /^LatentLab runs on wasm, which is slow; traced-cpu cannot be used: ONNX Runtime is not installed; `ONNXRUNTIME/,
        ),
      ]);
    } finally {
      symlinkSync(target, link, 'junction');
    }
  });

  it('that is CommonJS requires the same library, on the tfjs that it has', async () => {
    const found = await installed.run<Record<string, boolean>>(
      'common.cjs',
      `const { tf, VAE } = require('latentlab');
      const own = require('@tensorflow/tfjs');
      import('latentlab').then((imported) => {
        console.log(JSON.stringify({ library: imported.VAE === VAE, tfjs: own.engine() === tf.engine() }));
      });`,
    );
    expect(found).toEqual({ library: true, tfjs: true });
  });
});

describe('a notebook that was exported as a program', () => {
  it('runs, prints what its cells end with, and saves its figures and the curves of its trainings', async () => {
    const cell = (source: string) => ({ cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source });
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [
        cell("import { check, VAE } from 'latentlab';\nconst x = [[0, 1], [1, 0]];"),
        cell(
          "import { VAE } from 'latentlab';\nconst model = new VAE({ input: 2, latent: 1, hidden: [4], seed: 1 });\nawait model.fit(x, { epochs: 2 });",
        ),
        cell("const x = 3;\nawait check('x = 3', x, 3)"),
        cell('await display(html`<b>${x}</b>`); ({ x })'),
      ],
    } as unknown as Notebook;
    const script = scriptExport(notebook, { name: 'small.ipynb', from: installed.folder, to: installed.folder });
    const { outputText } = ts.transpileModule(script, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
    });
    installed.write('small.js', outputText);
    const { stdout } = await installed.node(['small.js'], { LATENTLAB_DEVICE: 'wasm' });
    expect(stdout).toContain('x = 3 holds: 3 against 3');
    expect(stdout).toContain('{ x: 3 }');
    const folder = path.join(installed.folder, 'small-figures');
    expect(readdirSync(folder).sort()).toEqual(['cell-3.png', 'training-1.png']);
    for (const name of readdirSync(folder))
      expect(readFileSync(path.join(folder, name)).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('a TypeScript program', () => {
  const good = `
    import { chooseDevice, device, engine, linearWarmup, loadData, tf, VAE } from 'latentlab';
    import type { Dataset, Device, TrainingHistory, VAEConfig } from 'latentlab';
    const chosen: Device = await chooseDevice('wasm');
    const config: VAEConfig = { input: 4, latent: 2, hidden: [8], likelihood: 'bernoulli', beta: linearWarmup(10) };
    const model = new VAE(config);
    const data: Dataset = await loadData('rows.csv');
    const history: TrainingHistory = await model.fit(data, { epochs: 1 });
    const z: tf.Tensor2D = model.encode(data);
    const { elbo, total }: { elbo: number; total: number } = await model.score(data);
    console.log(chosen.name, device().gpu, history.final.train, z.shape[1] + elbo + total, String(await engine.report()));
  `;
  const documented = /```ts\n(.*?)```/s.exec(readFileSync('docs/library.md', 'utf8'))![1]!;
  const bad = `
    import { chooseDevice, VAE } from 'latentlab';
    new VAE({ input: 4, latent: 'two' });
    new VAE({ input: 4, latent: 2, hiden: [8] });
    await new VAE({ input: 4, latent: 2 }).fit([[1, 2, 3, 4]], { epoch: 3 });
    const z: number = new VAE({ input: 4, latent: 2 }).encode([[1, 2, 3, 4]]);
    await chooseDevice(7);
    const name: number = (await chooseDevice()).name;
  `;

  it.each([
    // Looks into every declaration of the package, too.
    ['node16', ['--module', 'node16']],
    ['bundler', ['--module', 'esnext', '--skipLibCheck']],
  ])(
    'passes where it is right, and names what is wrong, by the resolution %s',
    async (resolution, modules) => {
      const options = ['--lib', 'es2023', '--moduleResolution', resolution, ...modules];
      const errors = await installed.typeErrors(
        { 'good.ts': good, 'bad.ts': bad, 'documented.ts': documented },
        options,
      );
      expect(errors.map((line) => line.replace(/,\d+\): error TS\d+: /, ') ')).sort()).toEqual([
        expect.stringMatching(/^bad\.ts\(3\) Type 'string' is not assignable to type 'number'/),
        expect.stringMatching(/^bad\.ts\(4\) Object literal may only specify known properties, but 'hiden'/),
        expect.stringMatching(/^bad\.ts\(5\) Object literal may only specify known properties, but 'epoch'/),
        expect.stringMatching(/^bad\.ts\(6\) Type 'Tensor2D' is not assignable to type 'number'/),
        expect.stringMatching(/^bad\.ts\(7\) Argument of type '7' is not assignable/),
        expect.stringMatching(/^bad\.ts\(8\) Type 'string' is not assignable to type 'number'/),
      ]);
    },
    180_000,
  );

  it('sees the documentation of what it calls', () => {
    const types = readFileSync(path.join(installed.root, 'dist', 'types', 'library', 'device.d.ts'), 'utf8');
    expect(types).toMatch(
      /\/\*\*\n \* Makes this process compute on a device[^]*\*\/\nexport declare function chooseDevice/,
    );
  });
});

describe('the package', () => {
  it('lists devices on the command line, and says how they are had here', async () => {
    const bin = path.join(installed.folder, 'node_modules', '.bin', 'latentlab');
    const { stdout } = await installed.node([realpathSync(bin), 'devices', '--json']);
    const rungs = JSON.parse(stdout) as { name: string; status: string; reason: string }[];
    expect(rungs.find(({ name }) => name === 'wasm')).toMatchObject({ status: expect.stringMatching(/chosen|usable/) });
    expect(rungs.find(({ name }) => name === 'tfjs-node')!.reason).toContain('`npx latentlab setup:tfjs-node`');
    const wrong = installed.node([realpathSync(bin), 'device']);
    await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('no command "device"') });
  });

  /** What its built files ask for that is not their own. */
  function asked(): Set<string> {
    const folder = path.join(installed.root, 'dist', 'library');
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
    const found = names.flatMap((name) => {
      const code = readFileSync(path.join(folder, name), 'utf8');
      const imports = /(?:\bfrom|\bimport|\brequire\d*(?:\.resolve)?)\s*\(?\s*["']([a-z@][^"'\s]*)["']/g;
      return [...code.matchAll(imports)].map(([, specifier]) => specifier!);
    });
    // Words of a comment, and the package itself in an expression that a view gives its notebook.
    const words = ['extension', 'latentlab'];
    const packages = found.filter((specifier) => !specifier.startsWith('node:') && !words.includes(specifier));
    return new Set(packages.map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')));
  }

  it('depends on what it loads and on nothing else', () => {
    const manifest = JSON.parse(readFileSync(path.join(installed.root, 'package.json'), 'utf8')) as Manifest;
    const wanted = Object.keys(manifest.peerDependencies);
    const needed = [...asked()].filter((name) => !wanted.includes(name));
    const { dependencies, optionalDependencies } = manifest;
    expect(needed.sort()).toEqual(Object.keys({ ...dependencies, ...optionalDependencies }).sort());
  });

  it('holds the library, its types, its data and its documentation, and no notebooks’ kernel', () => {
    const names = readdirSync(installed.root, { recursive: true, encoding: 'utf8' });
    expect(new Set(names.filter((name) => !name.includes(path.sep)))).toEqual(
      new Set(['LICENSE', 'README.md', 'dist', 'docs', 'package.json', 'samples']),
    );
    expect(readdirSync(path.join(installed.root, 'dist')).sort()).toEqual(['library', 'types']);
  });
});
