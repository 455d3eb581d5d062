/** VS Code's workbench in a Chromium that Playwright drives. */
import { chromium } from 'playwright-core';
import { requireChromium } from './chromium.mjs';

/** Large enough for a notebook with views, small enough for a page of a manual. */
export const WINDOW = { width: 1600, height: 1000 };

const FLAGS = [
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // WebGL without a GPU.
  '--enable-unsafe-swiftshader',
  // Nothing outside this machine: a test that needs the network fails.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * @typedef {object} Workbench
 * @property {import('playwright-core').Page} page
 * @property {Promise<number>} exitCode The suite's, when it has ended; rejected when the page or the browser is gone before.
 * @property {() => Promise<void>} close
 */

/**
 * Opens a browser window in which a workbench with a suite can be loaded.
 *
 * @param {object} options
 * @param {string} options.profileDir Chromium's profile.
 * @param {number} [options.deviceScaleFactor] Pixels of a screenshot for each pixel of CSS.
 * @param {(line: string) => void} options.onLog What the suite, the extensions and the workbench log.
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench({ profileDir, deviceScaleFactor = 1, onLog }) {
  const context = await chromium.launchPersistentContext(profileDir, {
    executablePath: requireChromium(),
    args: FLAGS,
    viewport: WINDOW,
    deviceScaleFactor,
    // Signals are the business of whoever opened this.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const exitCode = new Promise((resolve, reject) => {
    void page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => resolve(code));
    page.once('crash', () => reject(new Error('The page of VS Code’s workbench crashed.')));
    page.once('close', () => reject(new Error('Chromium closed before the suite had ended.')));
  });
  // Looked at by the caller, maybe after it has failed for another reason.
  exitCode.catch(() => undefined);
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ level, /** @type {unknown[]} */ args) =>
    onLog(`[${level}] ${args.map(String).join(' ')}`),
  );
  return { page, exitCode, close: () => context.close() };
}
