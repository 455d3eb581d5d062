/** A page in headless Chromium with all installed engines, and nothing else. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { packageRoot } from '../../engine/packageRoot';
import { clusters, scatterView } from './data';
import type { bench } from './page/index';

declare global {
  interface Window {
    bench: typeof bench;
  }
}

const ORIGIN = 'https://bench.test';
const FLAGS = ['--no-sandbox', '--disable-background-networking', '--no-first-run', '--enable-unsafe-swiftshader'];

export class BenchBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly scripts: string,
    /** The browser's name and version. */
    readonly name: string,
  ) {}

  /** @param peers where the packages of peers are; absent: pages have none */
  static async open(peers?: string): Promise<BenchBrowser> {
    const scripts = mkdtempSync(path.join(os.tmpdir(), 'latentlab-bench-'));
    await bundle(peers, scripts);
    const { chromium } = await import('playwright-core');
    const executablePath = process.env['LATENTLAB_CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: FLAGS });
    return new BenchBrowser(browser, scripts, `Chromium ${browser.version()}`);
  }

  /** A fresh page for one engine. */
  async page(): Promise<Page> {
    const page = await this.browser.newPage({ viewport: { width: 960, height: 900 }, deviceScaleFactor: 1 });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.route('**/*', async (route) => {
      const { pathname } = new URL(route.request().url());
      const [, folder, name, n] = pathname.split('/');
      if (folder === 'data') return route.fulfill({ body: dataOf(name!, Number(n)) });
      if (pathname === '/') {
        return route.fulfill({
          contentType: 'text/html',
          body: '<!doctype html><body style="background:#fff"></body>',
        });
      }
      if (name === 'favicon.ico' || folder === 'favicon.ico') return route.fulfill({ status: 204 });
      const root = folder === 'ours' ? path.join(packageRoot(), 'dist', 'renderer') : path.join(this.scripts, folder!);
      const file = path.join(root, pathname.split('/').slice(2).join('/'));
      return route.fulfill({ body: readFileSync(file), contentType: 'text/javascript' });
    });
    await page.goto(`${ORIGIN}/`);
    await page.addScriptTag({ url: `${ORIGIN}/page/index.js`, type: 'module' });
    await page.waitForFunction(() => window.bench !== undefined);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return page;
  }

  /** What happened in a page meanwhile, as Chromium traces it. */
  async traced(page: Page, work: () => Promise<void>): Promise<TraceEvent[]> {
    await this.browser.startTracing(page, { categories: ['toplevel', 'blink.user_timing', '__metadata'] });
    try {
      await work();
    } finally {
      const buffer = await this.browser.stopTracing();
      const text = buffer.toString();
      return (JSON.parse(text) as { traceEvents: TraceEvent[] }).traceEvents;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.scripts, { recursive: true, force: true });
  }
}

export interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** Microseconds. */
  ts: number;
  dur?: number;
}

function dataOf(name: string, n: number): Buffer | string {
  if (name === 'view') return JSON.stringify(scatterView(n));
  const { xy, classes } = clusters(n);
  return Buffer.from(name === 'xy' ? xy.buffer : classes.buffer);
}

async function bundle(peers: string | undefined, outdir: string): Promise<void> {
  const { build } = await import('esbuild');
  const root = packageRoot();
  const common = { bundle: true, minify: true, format: 'esm', platform: 'browser', logLevel: 'error' } as const;
  const one = (name: string, contents: string, resolveDir: string) =>
    build({
      ...{ ...common, define: { global: 'globalThis' }, outfile: path.join(outdir, 'peers', `${name}.js`) },
      ...{ stdin: { contents, resolveDir }, loader: { '.css': 'empty' } },
    });
  // Its own bundle of what draws on WebGL; the parts alone want Node's `buffer`.
  const plotly = `import Plotly from 'plotly.js/dist/plotly-gl2d.min.js'; export default Plotly;`;
  await Promise.all([
    build({
      ...{ ...common, entryPoints: [path.join(root, 'kernel', 'bench', 'views', 'page', 'index.ts')] },
      outfile: path.join(outdir, 'page', 'index.js'),
    }),
    ...(peers === undefined
      ? []
      : [
          one('uplot', `export { default } from 'uplot';`, peers),
          one('regl-scatterplot', `export { default } from 'regl-scatterplot';`, peers),
          one('plotly', plotly, root),
        ]),
  ]);
}
