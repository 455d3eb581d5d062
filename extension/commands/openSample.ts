/** "Open Sample": the notebooks that LatentLab brings, each with what it teaches, as a copy to work in. */
import * as vscode from 'vscode';
import { showNewNotebook } from '../newNotebooks';
import { openSweepSample } from './sweepSample';

/** A sample as it lies in its file, or a line between two kinds of them. */
interface Sample extends vscode.QuickPickItem {
  uri?: vscode.Uri;
}

/** The order to read them in: the flagship, then what each builds on. */
const COURSE = [
  ...['vae', 'bound', 'em', 'autoencoders', 'vae-estimators', 'beta-capacity-collapse', 'priors-and-disentanglement'],
  ...['hierarchies', 'td-vae', 'discrete-latents', 'autoregressive-priors', 'adversarial-and-latent-diffusion'],
  ...['applications', 'from-a-paper-to-a-model'],
].map((name) => `${name}.ipynb`);

/** Where the sweep lies, and its notebooks: the one that is run many times, and the one that compares the runs. */
const SWEEPS = 'sweeps';
const SWEEP = ['rate-distortion.ipynb', 'rate-distortion-curve.ipynb'];

/**
 * Shows the samples, and opens a copy of the chosen one: what is tried there changes no sample.
 *
 * @param name of a file in the folder of samples, which then is not asked for
 * @param into where copies of a sweep's files go, which belong together; undefined: the user is asked
 * @returns undefined when none was chosen
 */
export async function openSample(
  folder: vscode.Uri,
  extensionId: string,
  name?: unknown,
  into?: unknown,
): Promise<vscode.NotebookEditor | undefined> {
  const uri = typeof name === 'string' ? vscode.Uri.joinPath(folder, name) : await choose(folder);
  if (!uri) return undefined;
  if (uri.path.startsWith(`${vscode.Uri.joinPath(folder, SWEEPS).path}/`)) {
    return openSweepSample(uri, into instanceof vscode.Uri ? into : undefined);
  }
  const sample = await vscode.workspace.openNotebookDocument(uri);
  return showNewNotebook(sample.getCells().map(copyOf), extensionId);
}

async function choose(folder: vscode.Uri): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showQuickPick(samplesIn(folder), {
    title: vscode.l10n.t('LatentLab: sample notebooks'),
    placeHolder: vscode.l10n.t('A copy opens; Run All takes about a minute or two'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.uri;
}

async function samplesIn(folder: vscode.Uri): Promise<Sample[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.map(([name]) => name).filter((name) => name.endsWith('.ipynb'));
  const known = COURSE.filter((name) => names.includes(name));
  const others = names.filter((name) => !COURSE.includes(name));
  const lessons = [...known, ...others].map((name) => sampleAt(vscode.Uri.joinPath(folder, name), name));
  const sweeps = SWEEP.map((name) => sampleAt(vscode.Uri.joinPath(folder, SWEEPS, name), `${SWEEPS}/${name}`));
  const line = { label: vscode.l10n.t('Many runs of a notebook'), kind: vscode.QuickPickItemKind.Separator };
  return [...(await Promise.all(lessons)), line, ...(await Promise.all(sweeps))];
}

async function sampleAt(uri: vscode.Uri, name: string): Promise<Sample> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { uri, description: name, ...introductionOf(new TextDecoder().decode(bytes)) };
}

/** The title and the first paragraph of a notebook: what it teaches stands there. */
function introductionOf(ipynb: string): { label: string; detail: string } {
  const { cells } = JSON.parse(ipynb) as { cells: { cell_type: string; source: string | string[] }[] };
  const text = [cells.find(({ cell_type }) => cell_type === 'markdown')?.source ?? ''].flat().join('');
  const [title = '', ...paragraphs] = text.split(/\n\s*\n/);
  return { label: title.replace(/^#+\s*/, ''), detail: plain(paragraphs[0] ?? '') };
}

/** Markdown in one line without its marks; `\hat x` is x̂. */
const plain = (markdown: string) =>
  markdown
    .replace(/\s+/g, ' ')
    .replace(/\\hat\s*(\w)/g, '$1\u0302')
    .replace(/[*`$\\]/g, '');

function copyOf({ kind, document, metadata }: vscode.NotebookCell): vscode.NotebookCellData {
  const copy = new vscode.NotebookCellData(kind, document.getText(), document.languageId);
  copy.metadata = metadata;
  return copy;
}
