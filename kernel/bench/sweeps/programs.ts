/** A notebook that trains for some seconds, and the two ways to run it many times. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../engine/packageRoot';
import { notebookText, type WrittenCell } from '../notebookText';

/** A β-VAE on 10,000 images of clothes, as a user writes it. */
const CELLS: readonly WrittenCell[] = [
  { text: `import { fashionMnist, report, VAE } from 'latentlab';` },
  { text: `const beta: number = 1;\nconst epochs: number = 1;`, tags: ['parameters'] },
  { text: `const data = await fashionMnist();\nconst [train, validation] = data.split(1000, { seed: 1 });` },
  { text: `const vae = new VAE({ input: data.shape, hidden: [256], latent: 16, beta, seed: 1 });` },
  {
    text: `const history = await vae.fit(train, { epochs, batchSize: 128, learningRate: 1e-3, validation });\nhistory`,
  },
  { text: `report({ final: history.final.validation!.total });` },
];

const DEVICE = 'traced-cpu';

export class Programs {
  readonly device = DEVICE;
  private readonly notebook: string;
  private sweeps = 0;

  /** @param folder for the notebook, and what its runs leave */
  constructor(private readonly folder: string) {
    this.notebook = path.join(folder, 'bench.ipynb');
    writeFileSync(this.notebook, notebookText(CELLS));
  }

  /**
   * `npm run notebook -- bench.ipynb -p …`
   *
   * @returns seconds from the start of the process to its end
   */
  headless(beta: number, epochs: number): Promise<number> {
    const output = path.join(this.folder, 'executed.ipynb');
    const parameters = ['-p', `beta=${beta}`, '-p', `epochs=${epochs}`];
    return seconds(['notebook', this.notebook, '--output', output, '--device', DEVICE, ...parameters]);
  }

  /**
   * `npm run sweep -- FILE.json` with a run for each β, in a separate folder.
   *
   * @param parallel runs at a time
   * @param cpus cores of each; undefined: those that there are, divided
   * @returns seconds from the start of the process to its end
   */
  sweep(betas: readonly number[], epochs: number, parallel: number, cpus?: number): Promise<number> {
    const file = path.join(this.folder, `bench-${++this.sweeps}.json`);
    const resources = { parallel, ...(cpus !== undefined && { cpus }) };
    const settings = {
      notebook: 'bench.ipynb',
      device: DEVICE,
      parameters: { epochs },
      grid: { beta: betas },
      resources,
    };
    writeFileSync(file, JSON.stringify({ ...settings, metrics: ['validation.total', 'final'] }));
    const folder = mkdtempSync(path.join(this.folder, 'runs-'));
    return seconds(['sweep', file, '--folder', path.join(folder, 'bench.sweep')]);
  }
}

/** @throws Error with what the program said, when it fails */
function seconds(args: readonly string[]): Promise<number> {
  const cli = path.join(packageRoot(), 'dist', 'kernel', 'cli.js');
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-4000)));
    }
    child.on('error', reject);
    child.on('close', (code) => {
      const took = (performance.now() - start) / 1000;
      if (code === 0) resolve(took);
      else reject(new Error(`latentlab ${args[0]} ended with ${code}: ${said.trim()}`));
    });
  });
}
