/** A page in real Chromium that is served from the built files and reaches nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildRenderer } from './build';
import type { Built } from './build';
import type { Host } from './host';
import type { ThemeName } from './themes';

declare global {
  interface Window {
    host: Host;
  }
}

export const ORIGIN = 'https://latentlab.test';

/** As VS Code sets it for notebooks: no blobs, no eval, nothing from elsewhere. */
export const NOTEBOOK_POLICY =
  `default-src 'none'; script-src ${ORIGIN}; style-src ${ORIGIN} 'unsafe-inline'; ` +
  `img-src ${ORIGIN} data:; font-src ${ORIGIN}; connect-src ${ORIGIN}`;

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--enable-unsafe-swiftshader',
];

export interface PageOptions {
  theme?: ThemeName;
  policy?: string;
  width?: number;
  messaging?: boolean;
  /** Runs in the page before anything else. */
  before?: () => void;
}

export interface NotebookPage {
  page: Page;
  /** Addresses asked for, without those of the page itself and of our files. */
  strangers: string[];
  /** Paths of our files that were loaded, in order. */
  loaded: string[];
  /** What the page threw or logged as an error. */
  errors: string[];
  close(): Promise<void>;
}

/** The browser with the built renderer: one for each test file. */
export class Lab {
  private constructor(
    readonly built: Built,
    private readonly browser: Browser,
  ) {}

  static async open(extraFlags: string[] = []): Promise<Lab> {
    const [built, browser] = await Promise.all([
      buildRenderer(),
      chromium.launch({
        executablePath: process.env.LATENTLAB_CHROMIUM ?? '/usr/bin/chromium',
        args: [...FLAGS, ...extraFlags],
      }),
    ]);
    return new Lab(built, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.built.remove();
  }

  /** A notebook page with the renderer activated in it. */
  async notebook(options: PageOptions = {}): Promise<NotebookPage> {
    const html = '<!doctype html><html lang="en"><title>Notebook</title><body><main></main></body></html>';
    const opened = await this.page(html, options);
    const { page } = opened;
    await this.activate(page, options);
    return opened;
  }

  /** Makes a loaded page a notebook, as after each reload. */
  async activate(page: Page, { theme = 'light', messaging = true }: PageOptions = {}): Promise<void> {
    await page.addScriptTag({ url: `${ORIGIN}/host.js`, type: 'module' });
    await page.waitForFunction(() => window.host !== undefined);
    await page.evaluate((name) => window.host.setTheme(name), theme);
    await page.evaluate(() => Object.assign(document.body.style, { margin: '0', padding: '0 16px' }));
    await page.evaluate(() => (document.body.style.background = 'var(--vscode-editor-background)'));
    await page.evaluate((talks) => window.host.activate({ messaging: talks }), messaging);
  }

  /** Any page of ours. */
  async page(html: string, { policy, width = 900, before }: PageOptions = {}): Promise<NotebookPage> {
    const context = await this.browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor: 1 });
    const page = await context.newPage();
    const seen = await serve(context, page, this.built.folder, html, policy);
    if (before !== undefined) await page.addInitScript(before);
    await page.goto(`${ORIGIN}/`);
    return { page, ...seen, close: () => context.close() };
  }
}

async function serve(context: BrowserContext, page: Page, folder: string, html: string, policy: string | undefined) {
  const seen = { strangers: [] as string[], loaded: [] as string[], errors: [] as string[] };
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith('data:') || url === `${ORIGIN}/`) return;
    if (url.startsWith(`${ORIGIN}/`)) seen.loaded.push(url.slice(ORIGIN.length));
    else seen.strangers.push(url);
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') seen.errors.push(message.text());
  });
  await context.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (origin !== ORIGIN) return route.abort();
    if (pathname === '/') {
      const headers: Record<string, string> = policy === undefined ? {} : { 'content-security-policy': policy };
      return route.fulfill({ body: html, contentType: 'text/html; charset=utf-8', headers });
    }
    if (pathname === '/favicon.ico') return route.fulfill({ status: 204 });
    return route.fulfill({ body: readFileSync(join(folder, pathname)), contentType: 'text/javascript' });
  });
  return seen;
}
