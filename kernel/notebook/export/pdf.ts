/** A report as PDF, printed by a browser of the Chromium family that is on this machine. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { writeWholeSync } from '../../files/writeWhole';
import { NotebookError } from '../read';

/** Set to a browser's path to use that one. */
const VARIABLE = 'LATENTLAB_BROWSER';

const NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
  'brave-browser',
  'chrome.exe',
  'msedge.exe',
];

const MAC = ['Google Chrome', 'Microsoft Edge', 'Chromium', 'Brave Browser'];
const WINDOWS = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];

/** A minute for a report of many pictures on a slow machine. */
const PATIENCE_MS = 120_000;

/**
 * @param html of a report that loads nothing
 * @param target where the PDF goes, absolute
 * @throws NotebookError if there is no such browser, or it fails
 */
export async function printPdf(html: string, target: string): Promise<void> {
  const browser = findBrowser();
  if (browser === undefined) {
    throw new NotebookError(
      `Printing a PDF needs Chrome, Edge or Chromium, and none was found. Install one, or name one in ${VARIABLE}. ` +
        'Or export HTML, open it in a browser, and print it to a PDF there.',
    );
  }
  const folder = mkdtempSync(join(tmpdir(), 'latentlab-pdf-'));
  try {
    const page = join(folder, 'report.html');
    const printed = join(folder, 'report.pdf');
    writeFileSync(page, html);
    await print(browser, folder, page, printed);
    if (!existsSync(printed) || statSync(printed).size === 0) {
      throw new NotebookError(`${browser} printed nothing. Name another browser in ${VARIABLE}.`);
    }
    writeWholeSync(target, readFileSync(printed));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function print(browser: string, folder: string, page: string, printed: string): Promise<void> {
  const options = [
    '--headless',
    '--disable-gpu',
    '--disable-extensions',
    '--disable-background-networking',
    '--no-first-run',
    '--no-default-browser-check',
    // Its own profile: one that is open already would take the page and print nothing.
    `--user-data-dir=${join(folder, 'profile')}`,
    '--no-pdf-header-footer',
    // Until fonts and pictures are there.
    '--virtual-time-budget=10000',
    `--print-to-pdf=${printed}`,
    // In containers, where everything runs as root, Chromium has no sandbox; the page loads and runs nothing.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    pathToFileURL(page).href,
  ];
  try {
    await promisify(execFile)(browser, options, { timeout: PATIENCE_MS, maxBuffer: 2 ** 24 });
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: string };
    const last = stderr.trim().split('\n').at(-1) ?? '';
    throw new NotebookError(`${browser} did not print the report: ${last || message}`);
  }
}

/** The browser that the environment names, else the first one that is installed. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env[VARIABLE];
  if (named) {
    if (existsSync(named)) return named;
    throw new NotebookError(`${VARIABLE} names ${named}, and there is no such file.`);
  }
  return candidates(env).find((path) => existsSync(path));
}

function candidates(env: NodeJS.ProcessEnv): string[] {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  if (process.platform === 'darwin') {
    const apps = ['/Applications', join(homedir(), 'Applications')];
    return [
      ...apps.flatMap((folder) => MAC.map((name) => join(folder, `${name}.app/Contents/MacOS/${name}`))),
      ...onPath,
    ];
  }
  if (process.platform === 'win32') {
    const programs = ['ProgramFiles', 'ProgramFiles(x86)', 'LocalAppData'].flatMap((name) => env[name] ?? []);
    return [...programs.flatMap((folder) => WINDOWS.map((name) => join(folder, name))), ...onPath];
  }
  return [...onPath, '/snap/bin/chromium', '/opt/google/chrome/chrome', '/opt/microsoft/msedge/msedge'];
}
