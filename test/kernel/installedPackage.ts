/** The library as a package: packed from this checkout, and installed by npm in a separate folder. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const CHECKOUT = path.resolve('.');

export interface Manifest {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

export interface Printed {
  stdout: string;
  stderr: string;
}

export class InstalledPackage {
  private constructor(readonly folder: string) {}

  /**
   * What the package depends on lies there before, as links into this checkout: npm finds it and takes nothing from a
   * registry, or fails where the package needs something else.
   */
  static async create(): Promise<InstalledPackage> {
    const installed = new InstalledPackage(mkdtempSync(path.join(tmpdir(), 'latentlab-package-')));
    const { folder } = installed;
    const { dependencies, optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
    const types = { '@types/node': '*' };
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...types })) {
      const link = path.join(folder, 'node_modules', name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(CHECKOUT, 'node_modules', name), link, 'junction');
    }
    installed.write('package.json', JSON.stringify({ private: true, type: 'module', devDependencies: types }));
    const { stdout } = await npm(['pack', '--silent', '--pack-destination', folder], CHECKOUT);
    const file = stdout.trim().split('\n').at(-1)!;
    await npm(['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${file}`], folder);
    return installed;
  }

  /** @param name of a file in the folder that the package is installed in */
  write(name: string, content: string | Uint8Array): void {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** The package itself (absolute). */
  get root(): string {
    return path.join(this.folder, 'node_modules', 'latentlab');
  }

  /**
   * Runs a program to its own end.
   *
   * @returns what it printed, as JSON
   */
  async run<T>(name: string, program: string, env: Record<string, string> = {}): Promise<T> {
    this.write(name, program);
    // Nothing that other tests remember of devices.
    const own = { LATENTLAB_CACHE: path.join(this.folder, 'cache'), LATENTLAB_DEVICE: '', ...env };
    const { stdout } = await this.node([name], own);
    return JSON.parse(stdout) as T;
  }

  node(args: readonly string[], env: Record<string, string> = {}): Promise<Printed> {
    const options = { cwd: this.folder, env: { ...process.env, ...env }, timeout: 120_000 };
    return promisify(execFile)(process.execPath, args, options);
  }

  /** What TypeScript finds in programs and in all types that they use, but for those of tfjs. */
  async typeErrors(programs: Record<string, string>, options: readonly string[]): Promise<string[]> {
    for (const [name, program] of Object.entries(programs)) this.write(name, program);
    const tsc = path.join(CHECKOUT, 'node_modules', 'typescript', 'bin', 'tsc');
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--pretty', 'false'];
    const args = [tsc, ...strict, ...options, ...Object.keys(programs)];
    const { stdout } = await this.node(args).catch((error: Printed) => error);
    // A message that continues does so indented.
    const errors = stdout.split('\n').filter((line) => /^\S/.test(line));
    return errors.filter((line) => !/node_modules\/(@tensorflow|@webgpu|typescript)\//.test(line));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function npm(args: readonly string[], cwd: string): Promise<Printed> {
  const windows = process.platform === 'win32';
  return promisify(execFile)('npm', args, { cwd, shell: windows, maxBuffer: 2 ** 24 });
}
