import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { common, targets } from '../../../esbuild.mjs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodeCell, Notebook, Output } from '../../../kernel/notebook/format';
import { renderReport } from '../../../kernel/notebook/html/report';
import {
  bundle,
  codebookHistogram,
  latentScatter,
  lossCurves,
  MIME,
  reconstructions,
} from '../../../kernel/views/index';
import { requireChromium } from '../../host/chromium.mjs';
import { sweepView } from '../../renderer/support/sweepViews';
import { fallingHistory } from '../views/histories';
import { temporaryFolder } from './files';

const folder = temporaryFolder();
const scriptFile = join(folder, 'report.js');
const shape = { kind: 'image', height: 4, width: 4, channels: 1 } as const;
const ramp = (n: number) => Array.from({ length: n }, (_, i) => (i % 16) / 15);

const display = (data: Record<string, unknown>): Output => ({ output_type: 'display_data', metadata: {}, data });
const print = (text: string, name = 'stdout'): Output => ({ output_type: 'stream', name, text });
const code = (source: string, ...outputs: Output[]): CodeCell => ({
  cell_type: 'code',
  execution_count: 1,
  metadata: {
    execution: {
      'iopub.execute_input': '2026-01-02T03:04:05.000Z',
      'shell.execute_reply': '2026-01-02T03:05:08.000Z',
    },
  },
  outputs,
  source,
});
const markdown = (source: string) => ({ cell_type: 'markdown' as const, metadata: {}, source });

const hostile = '</script><script>document.title = "taken"</script><!--';

const notebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    latentlab: {
      device: 'wasm',
      device_description: 'CPU, WebAssembly (SIMD)',
      finished: '2026-01-02T03:05:08.000Z',
      node: 'v20.0.0',
      seconds: 63,
    },
  },
  cells: [
    markdown(
      '# A *small* report\n\nThe bound \\eqref{eq:elbo} of [Kingma](https://example.org/paper).\n\n$$ L \\label{eq:elbo} $$',
    ),
    code(
      'const x: number = 1; // <b>',
      print('plain \u001b[31mred\u001b[0m\n10 %\r100 %\n'),
      print('warned', 'stderr'),
      display(bundle(MIME.lossCurves, lossCurves({ ...fallingHistory(), title: hostile }, { id: 'a' }))),
    ),
    code(
      'latentScatter()',
      display(
        bundle(
          MIME.latentScatter,
          latentScatter({
            id: 'b',
            points: ramp(80),
            dimensions: 2,
            labels: ramp(40).map(Math.round),
            sampleShape: shape,
          }),
        ),
      ),
    ),
    code(
      'reconstructions()',
      display(
        bundle(
          MIME.reconstructions,
          reconstructions({
            id: 'c',
            sampleShape: shape,
            inputs: ramp(32),
            methods: [{ name: 'VAE', samples: ramp(32) }],
          }),
        ),
      ),
    ),
    code(
      'usage()',
      display(bundle(MIME.codebookHistogram, codebookHistogram({ id: 'd', counts: [9, 3, 0], window: '12 codes' }))),
    ),
    code('compare()', display(bundle(MIME.sweep, sweepView('e')))),
    code('table', display({ 'text/html': '<table><tr><th>a</th></tr></table>', 'text/plain': 'a' })),
    code('fail()', { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['E: v', '    at cell 7:1:1'] }),
  ],
};

let browser: Browser;
let html: string;

beforeAll(async () => {
  await build({ ...common, ...targets.report, outdir: undefined, outfile: scriptFile });
  html = await renderReport(notebook, {
    path: 'deep/small.ipynb',
    folder,
    scriptFile,
    reportFolder: join(folder, 'out'),
  });
  writeFileSync(join(folder, 'report.html'), html);
  const args = ['--no-sandbox', '--disable-background-networking', '--enable-unsafe-swiftshader'];
  browser = await chromium.launch({ executablePath: requireChromium(), args });
});
afterAll(() => browser.close());

/** Opens the report and tells what went wrong in it and what it asked for. */
async function open(options: { colorScheme?: 'light' | 'dark'; javaScriptEnabled?: boolean } = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => /^(data|blob):/.test(request.url()) || requests.push(request.url()));
  await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  if (options.javaScriptEnabled !== false) await drawn(page);
  return { page, problems, requests };
}

/** Waits until every figure shows its view in place of the picture. */
const drawn = (page: Page) =>
  page.waitForFunction(() => {
    const pictures = [...document.querySelectorAll<HTMLElement>('figure[data-latentlab-mime] > img')];
    return pictures.length === 5 && pictures.every((picture) => picture.hidden);
  });

describe('the HTML report', () => {
  it.each(['light', 'dark'] as const)('draws all views without an error or a request, in %s', async (colorScheme) => {
    const { page, problems, requests } = await open({ colorScheme });
    expect(problems).toEqual([]);
    expect(requests).toEqual([pathToFileURL(join(folder, 'report.html')).href]);
    expect(await page.locator('figure[data-latentlab-mime] > img').first().isVisible()).toBe(false);
    const [background] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor]);
    expect(background).toBe(colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(22, 24, 28)');
    await page.close();
  });

  it('shows the pictures where scripts do not run', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    const pictures = page.locator('figure[data-latentlab-mime] > img');
    expect(await pictures.count()).toBe(5);
    expect(await pictures.nth(3).isVisible()).toBe(true);
    expect(await pictures.nth(3).getAttribute('alt')).toMatch(/^Codebook usage: 2 of 3 codes used/);
    await page.close();
  });

  it('is fit for assistive technology: axe finds nothing serious', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await open({ colorScheme });
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      await page.evaluate(axe);
      const serious = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
        type Violation = { id: string; impact: string; nodes: { html: string }[] };
        const { violations } = await axe.run();
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 100)).join(' | ')}`);
      });
      expect(serious).toEqual([]);
      await page.close();
    }
  });

  it('forbids every request and every script but its own', async () => {
    const { page } = await open();
    const blocked = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken"';
      document.head.append(script);
      return fetch('https://example.org').then(
        () => 'loaded',
        () => document.title,
      );
    });
    expect(blocked).toBe('A small report');
    await page.close();
  });

  it('links to the notebooks of a sweep’s runs from where it lies, and tells no absolute path', async () => {
    const { page } = await open();
    const link = page.locator('.runs tbody th a').first();
    expect(await link.textContent()).toBe('1');
    const expected = relative(join(folder, 'out'), '/home/ada/beta.sweep/runs/0001/notebook.ipynb');
    expect(await link.getAttribute('href')).toBe(expected.split(sep).join('/'));
    expect(html).not.toContain('"/home/ada');
    await page.close();
  });

  it('names no file outside itself', () => {
    const page = html.replace(/<script>[\s\S]*<\/script>/, '');
    expect(page).not.toMatch(/<link|@import|(src|srcset|data|action)="(?!data:)[^"]/);
    expect(page.match(/url\((?!data:)[^)]*/g) ?? []).toEqual([]);
    expect(page.match(/href="(?!#)[^"]*/g)).toEqual(['href="https://example.org/paper']);
  });

  it('is not taken over by what a notebook holds', () => {
    expect(html).not.toContain(hostile);
    expect(html.match(/<script/g)).toHaveLength(6);
  });
});

describe('the text of the report', () => {
  let page: Page;
  beforeAll(async () => void ({ page } = await open()));
  afterAll(() => page.close());

  const textOf = (selector: string) => page.locator(selector).allInnerTexts();

  it('is headed by file, device, time and date', async () => {
    expect(await page.title()).toBe('A small report');
    expect(await textOf('main > header')).toEqual([
      'small.ipynb · CPU, WebAssembly (SIMD) (wasm) · run in 1 min 3 s · 2 January 2026',
    ]);
  });

  it('has each cell with its count and time', async () => {
    expect((await textOf('.run'))[0]).toBe('[1]\n1 min 3 s');
    expect((await textOf('.input code'))[0]).toBe('const x: number = 1; // <b>');
    expect(await page.locator('.input code .hljs-keyword').first().innerText()).toBe('const');
  });

  it('settles what a terminal would: colours and carriage returns', async () => {
    expect(await textOf('pre.stdout')).toEqual(['plain red\n100 %']);
    expect(await textOf('pre.stdout .ansi-red-fg')).toEqual(['red']);
    expect(await textOf('pre.stderr')).toEqual(['warned']);
    expect(await textOf('pre.error')).toEqual(['E: v\n    at cell 7:1:1']);
  });

  it('leads from a reference to its equation', async () => {
    await page.getByRole('link', { name: '(1)' }).click();
    expect(page.url()).toMatch(/#eq-eq-elbo$/);
    expect(await page.locator('#eq-eq-elbo').count()).toBe(1);
  });

  it('has the notebook’s own tables', async () => {
    expect(await page.locator('.html table').count()).toBe(1);
  });
});

describe('a report without views', () => {
  it('has no script', async () => {
    const plain = await renderReport(
      { ...notebook, cells: [markdown('nothing')] },
      { path: 'a.ipynb', folder, scriptFile: 'none' },
    );
    expect(plain).not.toContain('<script');
    expect(plain).toContain("script-src 'none'");
    expect(plain).toContain('<h1>a.ipynb</h1>');
    expect(plain).not.toContain('KaTeX_Main');
  });

  it('that needs the script says how to get it when it is not built', async () => {
    const made = renderReport(notebook, { path: 'a.ipynb', folder, scriptFile: join(folder, 'none.js') });
    await expect(made).rejects.toThrow('none.js is missing. Build LatentLab first: npm run build');
  });
});
