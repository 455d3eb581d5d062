import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { checkedFormulas, formulasText } from '../checks';
import { isCode, joined } from '../format';
import type { Cell, CodeCell, Notebook } from '../format';
import { duration } from '../time';
import { highlightCss, katexCss, reportScript } from './assets';
import { drawCharts, type Charts } from './charts';
import { escapeHtml } from '../markdown/escape';
import { highlight } from './highlight';
import { MarkdownRenderer } from './markdown';
import { hasView, renderOutput } from './outputs';
import { withRunLinks } from './runLinks';
import { REPORT_CSS } from './style';

export interface ReportOptions {
  /** The notebook's file: names the report and is where its pictures are looked for. */
  path: string;
  /** Folder that relative paths of pictures start from. */
  folder: string;
  /** Where the report is to lie: what links in it start from. Default: `folder`. */
  reportFolder?: string;
  /** The bundle `dist/report/report.js`, read when there is a view to draw; the style sheets lie beside it. */
  scriptFile: string;
  /** Pictures alone, for print. Default: views come to life. */
  isStatic?: boolean;
}

/**
 * An executed notebook as one HTML file that needs no other and loads nothing: formulas, code, outputs and the views,
 * which its script makes live. A content security policy keeps it so.
 */
export async function renderReport(executed: Notebook, options: ReportOptions): Promise<string> {
  const { path, folder, scriptFile } = options;
  const notebook = withRunLinks(executed, folder, options.reportFolder ?? folder);
  const charts = await drawCharts(notebook);
  const markdown = new MarkdownRenderer(folder);
  const formulas = checkedFormulas(notebook);
  markdown.prepare(notebook.cells, formulas.marks);
  const language = String((notebook.metadata.language_info as { name?: unknown } | null)?.name ?? 'typescript');
  const cells = notebook.cells.map((cell) => renderCell(cell, markdown, language, charts)).join('\n');
  const title = titleOf(notebook) ?? basename(path);
  const script =
    !options.isStatic && notebook.cells.some((cell) => isCode(cell) && cell.outputs.some(hasView))
      ? inlineScript(scriptFile)
      : undefined;
  return `<!doctype html>
<html lang="en"${options.isStatic ? ' class="print"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<title>${escapeHtml(title)}</title>
<style>${styles(markdown.usesMath, dirname(scriptFile))}</style>
</head>
<body>
<main>
${header(notebook, path, title, formulasText(formulas))}
${cells}
</main>
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`;
}

/** Nothing is loaded from anywhere; scripts run only where their text is the report's own. */
function policy(script: string | undefined): string {
  const hash = script === undefined ? "'none'" : `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return `default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; font-src data:; style-src 'unsafe-inline'; script-src ${hash}`;
}

/** Inside a script element only the text that would end it, or open a comment, needs care. */
const inlineScript = (file: string) =>
  reportScript(file)
    .replaceAll(/<\/(script)/gi, '<\\/$1')
    .replaceAll('<!--', '<\\!--');

function styles(usesMath: boolean, folder: string): string {
  const dark = `@media (prefers-color-scheme: dark) { ${highlightCss('github-dark', folder)} }`;
  return [usesMath ? katexCss(folder) : '', highlightCss('github', folder), dark, REPORT_CSS].join('\n');
}

/** What a run leaves in the metadata, where it is what a run left. */
const runSchema = z.object({
  device: z.string(),
  device_description: z.string(),
  finished: z.iso.datetime(),
  seconds: z.number().nonnegative(),
});

function header(notebook: Notebook, path: string, title: string, checked: string): string {
  const { data: run } = runSchema.safeParse(notebook.metadata.latentlab);
  const facts = [`<span class="file">${escapeHtml(basename(path))}</span>`];
  if (run) {
    facts.push(`${escapeHtml(run.device_description)} (${escapeHtml(run.device)})`, `run in ${duration(run.seconds)}`);
    facts.push(`<time datetime="${escapeHtml(run.finished)}">${dateOf(run.finished)}</time>`);
  }
  if (checked) facts.push(`<span class="checked">${checked}</span>`);
  const ownTitle = hasHeading(notebook) ? '' : `\n<h1>${escapeHtml(title)}</h1>`;
  return `<header><p>${facts.join(' · ')}</p></header>${ownTitle}`;
}

const dateOf = (iso: string) =>
  new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

function renderCell(cell: Cell, markdown: MarkdownRenderer, language: string, charts: Charts): string {
  switch (cell.cell_type) {
    case 'markdown':
      return `<section class="prose">\n${markdown.renderCell(cell)}</section>`;
    case 'code':
      return renderCode(cell, markdown, language, charts);
    case 'raw':
      return `<section class="code"><div class="input"><pre>${escapeHtml(joined(cell.source))}</pre></div></section>`;
  }
}

function renderCode(cell: CodeCell, markdown: MarkdownRenderer, notebookLanguage: string, charts: Charts): string {
  const source = joined(cell.source);
  if (source.trim() === '' && cell.outputs.length === 0) return '';
  const own = (cell.metadata.vscode as { languageId?: unknown } | null | undefined)?.languageId;
  const language = typeof own === 'string' ? own : notebookLanguage;
  const outputs = cell.outputs.map((output) => renderOutput(output, markdown, charts)).join('\n');
  return `<section class="code">
<div class="input">${runOf(cell)}<pre tabindex="0"><code class="hljs">${highlight(source, language)}</code></pre></div>
${outputs === '' ? '' : `<div class="outputs">\n${outputs}\n</div>`}</section>`;
}

/** In which order and for how long the cell ran, the time where that was worth noticing. */
function runOf(cell: CodeCell): string {
  if (cell.execution_count === null) return '';
  const times = cell.metadata.execution as Record<string, unknown> | null | undefined;
  const at = (key: string) => Date.parse(String(times?.[key]));
  const seconds = (at('shell.execute_reply') - at('iopub.execute_input')) / 1000;
  const time = seconds >= 1 ? `<span>${duration(seconds)}</span>` : '';
  return `<div class="run"><span>[${cell.execution_count}]</span>${time}</div>`;
}

const HEADING = /^#\s+(.+)$/m;

const hasHeading = (notebook: Notebook) => titleOf(notebook) !== undefined;

function titleOf(notebook: Notebook): string | undefined {
  for (const cell of notebook.cells) {
    const heading = cell.cell_type === 'markdown' ? HEADING.exec(joined(cell.source))?.[1] : undefined;
    if (heading !== undefined) return heading.replace(/[$*`]/g, '').trim();
  }
  return undefined;
}
