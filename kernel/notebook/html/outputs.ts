import { AnsiUp } from 'ansi_up';
import { isTextMime } from '../../protocol';
import { VALUE_MIME } from '../../views/types';
import { joined } from '../format';
import type { Output } from '../format';
import { textOf } from '../outputs';
import { physicalSize } from '../png';
import { chartOf, type Charts } from './charts';
import { containedHtml } from './contained';
import { dataUrl, escapeHtml, scriptJson } from '../markdown/escape';
import type { MarkdownRenderer } from './markdown';
import { objectHtml } from './objects';
import { OUTPUT_CSS } from './style';

const VIEW_MIME = /^application\/vnd\.latentlab\.[a-z-]+\+json$/;

/** One output of a code cell as HTML: of its representations the one that shows most. */
export function renderOutput(output: Output, markdown: MarkdownRenderer, charts: Charts): string {
  switch (output.output_type) {
    case 'stream':
      return terminal(joined(output.text), `stream ${output.name === 'stderr' ? 'stderr' : 'stdout'}`);
    case 'error':
      return terminal(output.traceback.join('\n') || `${output.ename}: ${output.evalue}`, 'error');
    case 'display_data':
    case 'execute_result':
      return renderBundle(output.data, markdown, charts);
  }
}

/** Whether an output has a view that the report's script draws. */
export function hasView(output: Output): boolean {
  return 'data' in output && viewOf(output.data as Record<string, unknown>) !== undefined;
}

function renderBundle(data: Record<string, unknown>, markdown: MarkdownRenderer, charts: Charts): string {
  const view = viewOf(data);
  if (view) return viewFigure(view, data);
  const chart = charts.get(chartOf(data));
  if (chart !== undefined) return chart;
  const shown = renderKnown(data, markdown);
  return VALUE_MIME.plotly in data ? `${shown}\n${HOW_TO_SEE_PLOTLY}` : shown;
}

const HOW_TO_SEE_PLOTLY =
  '<p class="missing">This is a Plotly figure: open the notebook in VS Code with LatentLab to see it.</p>';

function renderKnown(data: Record<string, unknown>, markdown: MarkdownRenderer): string {
  for (const [type, render] of RENDERERS) {
    for (const mime of Object.keys(data).filter((one) => type.test(one))) {
      const shown = render(data[mime], mime, data, markdown);
      if (shown !== undefined) return shown;
    }
  }
  return `<p class="missing">an output of type ${escapeHtml(Object.keys(data).join(', ')) || 'unknown'}</p>`;
}

/** @returns undefined for a value that is not what its type says */
type Render = (
  value: unknown,
  mime: string,
  data: Record<string, unknown>,
  markdown: MarkdownRenderer,
) => string | undefined;

const prose: Render = (value, _mime, _data, markdown) => `<div class="prose">${markdown.render(textOf(value))}</div>`;

const RENDERERS: [RegExp, Render][] = [
  [/^application\/vnd\.latentlab\.object\+json$/, objectHtml],
  [/^text\/html$/, (value) => contained(textOf(value))],
  [/^image\/svg\+xml$/, image],
  [/^image\//, image],
  [/^text\/(markdown|latex)$/, prose],
  [/^application\/json$/, (value) => terminal(JSON.stringify(value, null, 2), 'value')],
  [/^text\/plain$/, (value) => terminal(textOf(value), 'value')],
];

/**
 * HTML of an output, in its own tree: its styles, ids and fixed positions end with it. The outer element stays
 * whatever the style sheet within says of the inner one.
 */
function contained(text: string): string | undefined {
  const html = containedHtml(text);
  if (html === undefined) return undefined;
  const own = `<template shadowrootmode="open"><style>${OUTPUT_CSS}</style>${html}</template>`;
  return `<div class="html"><div>${own}</div></div>`;
}

/** The view that the report's script draws; values are shown without it. */
function viewOf(data: Record<string, unknown>): { mime: string; view: unknown } | undefined {
  const mime = Object.keys(data).find(
    (key) => VIEW_MIME.test(key) && key !== VALUE_MIME.object && key !== VALUE_MIME.table,
  );
  return mime === undefined ? undefined : { mime, view: data[mime] };
}

/** What the report's script replaces by the live view; without scripts the picture stays. */
function viewFigure({ mime, view }: { mime: string; view: unknown }, data: Record<string, unknown>): string {
  const picture =
    image(data['image/png'], 'image/png', data) ?? `<p>${escapeHtml(textOf(data['text/plain'] ?? ''))}</p>`;
  const json = `<script type="application/json">${scriptJson(view)}</script>`;
  return `<figure data-latentlab-mime="${mime}">${json}${picture}</figure>`;
}

function image(value: unknown, mime: string, data: Record<string, unknown>): string | undefined {
  if (value === undefined) return undefined;
  const text = textOf(value);
  const url = dataUrl(mime, isTextMime(mime) ? Buffer.from(text).toString('base64') : text);
  if (url === undefined) return undefined;
  const alt = 'text/plain' in data ? textOf(data['text/plain']).trim() : '';
  const size = mime === 'image/png' ? physicalSize(text) : undefined;
  const dimensions = size ? ` width="${size.width}" height="${size.height}"` : '';
  return `<img src="${url}" alt="${escapeHtml(alt)}"${dimensions}>`;
}

/** Text of a terminal: colours become classes, a carriage return starts its line again. */
function terminal(text: string, kind: string): string {
  const ansi = new AnsiUp();
  ansi.use_classes = true;
  ansi.url_allowlist = {};
  const settled = text
    .split('\n')
    .map((line) => line.replace(/\r+$/, '').split('\r').at(-1)!)
    .join('\n');
  return `<pre class="${kind}" tabindex="0">${ansi.ansi_to_html(settled.trimEnd())}</pre>`;
}
