import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, it, vi } from 'vitest';
import type { Notebook } from '../../../kernel/notebook/format';
import { renderReport } from '../../../kernel/notebook/html/report';

const MIME = 'application/vnd.vegalite.v6+json';
const BARS = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  description: 'Loss <b> by model',
  data: {
    values: [
      { model: 'VAE', loss: 2 },
      { model: 'AE', loss: 4 },
    ],
  },
  transform: [{ calculate: 'datum.loss * 10', as: 'scaled' }],
  mark: 'bar',
  encoding: { x: { field: 'model', type: 'nominal' }, y: { field: 'scaled', type: 'quantitative' } },
};

function reportOf(data: Record<string, unknown>): Promise<string> {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [
      {
        cell_type: 'code',
        execution_count: null,
        metadata: {},
        outputs: [{ output_type: 'display_data', metadata: {}, data: { 'text/plain': 'its text', ...data } }],
        source: '',
      },
    ],
  };
  return renderReport(notebook, { path: 'a.ipynb', folder: '.', scriptFile: 'none' });
}

function svgIn(html: string): string {
  const [, base64] = /<img src="data:image\/svg\+xml;base64,([^"]+)"/.exec(html)!;
  return Buffer.from(base64!, 'base64').toString();
}

const heights = (svg: string) =>
  [...svg.matchAll(/<path aria-label="[^"]*" role="graphics-symbol" aria-roledescription="bar" d="([^"]+)"/g)].map(
    ([, path]) => Number(/v([\d.]+)/.exec(path!)![1]),
  );

it('a chart of Vega-Lite’s is a picture with its data and its description', async () => {
  const html = await reportOf({ [MIME]: BARS });
  expect(html).toContain('alt="Loss &lt;b&gt; by model"');
  expect(html).not.toContain('its text');
  const svg = svgIn(html);
  expect(svg).toContain('>VAE</text>');
  const [vae, ae] = heights(svg);
  expect(vae).toBeGreaterThan(10);
  expect(ae! / vae!).toBeCloseTo(2, 5);
});

it('a chart as wide as its page has a width', async () => {
  const svg = svgIn(await reportOf({ [MIME]: { ...BARS, width: 'container' } }));
  expect(Number(/ width="([\d.]+)"/.exec(svg)![1])).toBeGreaterThan(700);
});

it('what a chart would load is not asked for, and the report says so', async () => {
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    response.end('[]');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const data = await reportOf({ [MIME]: { ...BARS, data: { url: `${address}/rows.json` } } });
    expect(data).toContain(`${address}/rows.json is not loaded: a report needs the data inside the chart`);
    const image = { ...BARS, mark: { type: 'image', url: `${address}/a.png`, width: 9, height: 9 } };
    expect(await reportOf({ [MIME]: image })).toContain(`${address}/a.png is not loaded: a report needs pictures`);
    const file = await reportOf({ [MIME]: { ...BARS, data: { url: 'package.json' } } });
    expect(file).toContain('package.json is not loaded');
    expect(asked).toEqual([]);
  } finally {
    server.close();
  }
});

it('no code is built from expressions, and code in one is not run', async () => {
  const built = vi.fn();
  vi.stubGlobal('Function', built);
  try {
    expect(heights(svgIn(await reportOf({ [MIME]: BARS })))).toHaveLength(2);
  } finally {
    vi.unstubAllGlobals();
  }
  expect(built).not.toHaveBeenCalled();
  const code = 'constructor.constructor("globalThis.taken = 1")()';
  for (const calculate of [code, `datum.${code}`, `[].${code}`]) {
    await reportOf({ [MIME]: { ...BARS, transform: [{ calculate, as: 'scaled' }] } });
  }
  expect(globalThis).not.toHaveProperty('taken');
});

it.each([
  ['no mark', { $schema: BARS.$schema, mark: 'no such mark', data: { values: [1] } }],
  ['no specification', 'text'],
  ['nothing', null],
])('%s has its text, and why it is not drawn', async (_, spec) => {
  const html = await reportOf({ [MIME]: spec });
  expect(html).toMatch(/its text[^]*<p class="missing">Vega-Lite does not take it: /);
});

it('a figure of Plotly’s has its text, and the report says how to see it', async () => {
  const html = await reportOf({ 'application/vnd.plotly.v1+json': { data: [], layout: {} } });
  expect(html).toMatch(/its text[^]*a Plotly figure: open the notebook in VS Code/);
});
