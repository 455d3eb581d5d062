/** What a cell shows, in a script: its text on the terminal, its pictures in a folder beside the script. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { observeTraining } from '../autoencoders/index';
import { connectSession, type ShowingSession } from '../session/current';
import { bundleOf } from '../session/show/display';
import { lossCurves } from '../session/show/modelViews';
import { LiveViews } from '../session/show/liveViews';

/** There is no screen: nobody asks the views anything. */
const session: ShowingSession = {
  views: new LiveViews(() => {}),
  current: undefined,
  variablesOfViews: { propose: () => '', bind: () => {} },
  progress: () => {},
} as unknown as ShowingSession;
connectSession(session, { name: '', description: '', gpu: false, rungs: [] });

/** In the notebook every training draws its curves. */
const trainings: Promise<void>[] = [];
observeTraining({
  started: () => {},
  stepped: () => {},
  ended: ({ history }) => {
    trainings.push(show(lossCurves(history), `training-${trainings.length + 1}`));
  },
});

const PICTURES: Record<string, string> = {
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

let shown = 0;

/**
 * Prints what a value shows, and saves its pictures, and HTML, to the folder `NAME-figures` beside the script.
 *
 * @param value anything that a cell may end with: views, tensors, tables, HTML, or a promise; undefined shows nothing
 * @param name of the files, without an ending. Default: `figure-1`, counted on
 * @returns settles when the files are written
 */
export async function show(value: unknown, name?: string): Promise<void> {
  // A cell that ends with a promise shows what it resolves to.
  const bundle = await bundleOf(await value, (message) => process.stderr.write(`${message}\n`));
  if (!bundle) return;
  const text = textOf(bundle['text/plain'] ?? bundle['text/markdown']);
  if (text) process.stdout.write(`${text}\n`);
  const found = Object.entries(bundle).find(([mime]) => mime in PICTURES) ?? htmlOf(bundle);
  if (!found) return;
  const [mime, content] = found;
  const file = path.join(folder(), `${name ?? `figure-${++shown}`}.${PICTURES[mime] ?? 'html'}`);
  await mkdir(path.dirname(file), { recursive: true });
  const isText = mime === 'image/svg+xml' || mime === 'text/html';
  await writeFile(file, isText ? textOf(content) : Buffer.from(textOf(content), 'base64'));
  process.stdout.write(`→ ${path.relative(process.cwd(), file) || file}\n`);
}

/** As cells have it: shows a value, also in the middle of a function. */
export function display(value: unknown): Promise<void> {
  return show(value);
}

/** What has no text of its own is worth a file. */
function htmlOf(bundle: Record<string, unknown>): [string, unknown] | undefined {
  return 'text/html' in bundle && !('text/plain' in bundle) ? ['text/html', bundle['text/html']] : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('');
  return typeof value === 'string' ? value : '';
}

function folder(): string {
  const { dir, name } = path.parse(path.resolve(process.argv[1] ?? 'script'));
  return path.join(dir, `${name}-figures`);
}
