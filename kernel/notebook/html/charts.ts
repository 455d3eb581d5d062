/** Charts of Vega-Lite's as pictures in a report. Nothing is loaded, and no code is built from their expressions. */
import type { Loader, LoggerInterface } from 'vega';
import type { TopLevelSpec } from 'vega-lite';
import { VEGA_LITE_MIMES } from '../../views/types';
import { isCode } from '../format';
import type { Notebook } from '../format';
import { dataUrl, escapeHtml } from '../markdown/escape';

/** What is shown in place of a specification. */
export type Charts = ReadonlyMap<unknown, string>;

/** Pixels, for a chart that wants to be as wide as its page. */
const WIDTH = 720;

type Spec = Record<string, unknown>;

/** Draws every chart of a notebook; Vega is loaded for the first. */
export async function drawCharts({ cells }: Notebook): Promise<Charts> {
  const charts = new Map<unknown, string>();
  for (const { data } of cells.filter(isCode).flatMap(({ outputs }) => outputs.filter((output) => 'data' in output))) {
    const spec = chartOf(data as Spec);
    if (spec !== undefined) charts.set(spec, await figureOf(spec, (data as Spec)['text/plain']));
  }
  return charts;
}

/** The specification among an output's representations. */
export function chartOf(data: Spec): unknown {
  const mime = VEGA_LITE_MIMES.find((one) => Object.hasOwn(data, one));
  return mime === undefined ? undefined : data[mime];
}

async function figureOf(spec: unknown, text: unknown): Promise<string> {
  const name = describedBy(spec) ?? (typeof text === 'string' ? text : 'Vega-Lite chart');
  const said: string[] = [];
  let picture: string;
  try {
    const svg = Buffer.from(await svgOf(spec as Spec, said)).toString('base64');
    picture = `<img src="${dataUrl('image/svg+xml', svg)}" alt="${escapeHtml(name)}">`;
  } catch (error) {
    picture = `<p>${escapeHtml(name)}</p>`;
    said.push(`Vega-Lite does not take it: ${error instanceof Error ? error.message : String(error)}`);
  }
  const problems = [...new Set(said)].map((words) => `<p class="missing">${escapeHtml(words)}</p>`);
  return `<figure>${picture}${problems.join('')}</figure>`;
}

function describedBy(spec: unknown): string | undefined {
  const { description } = (spec ?? {}) as Spec;
  return typeof description === 'string' && description !== '' ? description : undefined;
}

/** @param said gets what the chart goes without */
async function svgOf(spec: Spec, said: string[]): Promise<string> {
  const [{ loader, parse, View }, { expressionInterpreter }, { compile }] = await Promise.all([
    import('vega'),
    import('vega-interpreter'),
    import('vega-lite'),
  ]);
  const own: Spec = { background: 'white', ...spec, ...(spec['width'] === 'container' && { width: WIDTH }) };
  const logger = listener(said);
  const compiled = compile(own as unknown as TopLevelSpec, { logger });
  const view = new View(parse(compiled.spec, {}, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'none',
    loader: refusing(loader(), said),
    logger,
  });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** A report looks the same wherever it is made: data and pictures stand in the chart. */
function refusing(usual: Loader, said: string[]): Loader {
  const refuse = (uri: string, words: string) => {
    said.push(`${uri} is not loaded: ${words}`);
    return Promise.reject(new Error(words));
  };
  return {
    ...usual,
    load: (uri) => refuse(uri, 'a report needs the data inside the chart, as data.values'),
    sanitize: (uri, { context }: { context?: string }) =>
      context === 'href' || /^data:image\//.test(uri)
        ? Promise.resolve({ href: uri })
        : refuse(uri, 'a report needs pictures inside the chart, as data: URLs'),
  };
}

/** Hears what is odd about a chart; that data could not be loaded, the loader says itself. */
function listener(said: string[]): LoggerInterface {
  const hear = (...words: readonly unknown[]) => {
    if (words[0] !== 'Loading failed') said.push(words.map(String).join(' '));
    return log;
  };
  const log: LoggerInterface = {
    level: (() => log) as LoggerInterface['level'],
    error: hear,
    warn: hear,
    info: () => log,
    debug: () => log,
  };
  return log;
}
