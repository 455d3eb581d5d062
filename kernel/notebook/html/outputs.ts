import { AnsiUp } from 'ansi_up';
import { joined } from '../format';
import type { Output } from '../format';
import { textOf } from '../outputs';
import { physicalSize } from '../png';
import { escapeHtml, scriptJson } from './escape';
import type { MarkdownRenderer } from './markdown';

const VIEW_MIME = /^application\/vnd\.latentlab\.[a-z-]+\+json$/;

/** One output of a code cell as HTML: of its representations the one that shows most. */
export function renderOutput(output: Output, markdown: MarkdownRenderer): string {
  switch (output.output_type) {
    case 'stream':
      return terminal(joined(output.text), `stream ${output.name === 'stderr' ? 'stderr' : 'stdout'}`);
    case 'error':
      return terminal(output.traceback.join('\n') || `${output.ename}: ${output.evalue}`, 'error');
    case 'display_data':
    case 'execute_result':
      return renderBundle(output.data, markdown);
  }
}

/** Whether an output has a view that the report's script draws. */
export function hasView(output: Output): boolean {
  return 'data' in output && viewOf(output.data as Record<string, unknown>) !== undefined;
}

function renderBundle(data: Record<string, unknown>, markdown: MarkdownRenderer): string {
  const view = viewOf(data);
  if (view) return viewFigure(view, data);
  for (const [mime, render] of RENDERERS) {
    if (mime in data) return render(data[mime], data, markdown);
  }
  return `<p class="missing">an output of type ${escapeHtml(Object.keys(data).join(', ')) || 'unknown'}</p>`;
}

type Render = (value: unknown, data: Record<string, unknown>, markdown: MarkdownRenderer) => string;

const RENDERERS: [string, Render][] = [
  ['text/html', (value) => `<div class="html">${textOf(value)}</div>`],
  ['image/svg+xml', (value, data) => image('image/svg+xml', Buffer.from(textOf(value)).toString('base64'), data)],
  ['image/png', (value, data) => image('image/png', textOf(value), data)],
  ['image/jpeg', (value, data) => image('image/jpeg', textOf(value), data)],
  ['image/gif', (value, data) => image('image/gif', textOf(value), data)],
  ['text/markdown', (value, _, markdown) => `<div class="prose">${markdown.render(textOf(value))}</div>`],
  ['text/latex', (value, _, markdown) => `<div class="prose">${markdown.render(textOf(value))}</div>`],
  ['application/json', (value) => terminal(JSON.stringify(value, null, 2), 'value')],
  ['text/plain', (value) => terminal(textOf(value), 'value')],
];

function viewOf(data: Record<string, unknown>): { mime: string; view: unknown } | undefined {
  const mime = Object.keys(data).find((key) => VIEW_MIME.test(key));
  return mime === undefined ? undefined : { mime, view: data[mime] };
}

/** What the report's script replaces by the live view; without scripts the picture stays. */
function viewFigure({ mime, view }: { mime: string; view: unknown }, data: Record<string, unknown>): string {
  const png = data['image/png'];
  const picture =
    typeof png === 'string' ? image('image/png', png, data) : `<p>${escapeHtml(textOf(data['text/plain'] ?? ''))}</p>`;
  const json = `<script type="application/json">${scriptJson(view)}</script>`;
  return `<figure data-latentlab-mime="${mime}">${json}${picture}</figure>`;
}

function image(mime: string, base64: string, data: Record<string, unknown>): string {
  const alt = 'text/plain' in data ? textOf(data['text/plain']).trim() : '';
  const size = mime === 'image/png' ? physicalSize(base64) : undefined;
  const dimensions = size ? ` width="${size.width}" height="${size.height}"` : '';
  return `<img src="data:${mime};base64,${base64.replace(/\s+/g, '')}" alt="${escapeHtml(alt)}"${dimensions}>`;
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
