import { describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import { bundleOf, inspectValue, latex, svg } from '../../../../kernel/session/show/display';
import { image } from '../../../../kernel/session/show/figures/images';
import { tableOf } from '../../../../kernel/session/show/values/table';
import { treeOf } from '../../../../kernel/session/show/values/tree';
import { VALUE_MIME, type ObjectView, type ValueNode } from '../../../../kernel/views/types';

class Point {
  #secret = 3;
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}

  get sum(): number {
    return this.x + this.y + this.#secret;
  }
}

/** `label: text` of each child of the value. */
function lines(value: object): string[] {
  return linesOf(treeOf(value).root);
}

function linesOf({ children = [], more }: ValueNode): string[] {
  return [...children.map(({ label, value }) => `${label}: ${value.text}`), ...(more ? [`… ${more}`] : [])];
}

function at({ root }: ObjectView, ...labels: string[]): ValueNode {
  return labels.reduce((node, label) => node.children!.find((child) => child.label === label)!.value, root);
}

const LONG = { first: 'a'.repeat(60), second: 'b'.repeat(60), third: { deep: { deeper: [1, 2] } } };

describe('the value of a cell', () => {
  it('is a tree beside its text when it takes more than a line', async () => {
    const bundle = await bundleOf(LONG);
    expect(Object.keys(bundle!)).toEqual([VALUE_MIME.object, 'text/plain']);
    expect(bundle!['text/plain']).toBe(inspectValue(LONG));
    expect(bundle![VALUE_MIME.object]).toMatchObject({ version: 1, root: { kind: 'object' } });
  });

  it.each([
    ['small', { a: 1 }],
    ['a list of numbers', Array.from({ length: 300 }, (_, i) => i)],
    ['numbers in a typed array', new Float32Array(300)],
    ['an error', new Error('several\nlines')],
    ['a text', 'a\nb'],
    ['a function', () => LONG],
    ['a proxy', new Proxy(LONG, {})],
    ['shown in its own way', { ...LONG, [Symbol.for('nodejs.util.inspect.custom')]: () => 'mine\nalone' }],
  ])('that is %s stays text', async (_, value) => {
    expect(await bundleOf(value)).toEqual({ 'text/plain': inspectValue(value) });
  });
});

describe('a tree', () => {
  it('shows every kind of value for what it is', () => {
    const value = {
      text: "it's",
      number: -0,
      big: 12n,
      none: null,
      gone: undefined,
      sign: Symbol('s'),
      point: new Point(1, 2),
      list: [1, 'two', { a: 1 }],
      long: Array.from({ length: 200 }, (_, i) => i),
      map: new Map<unknown, unknown>([
        ['a', 1],
        [{}, 2],
      ]),
      set: new Set([1, 2]),
      typed: new Float32Array([1, 0.5]),
      tensor: tf.zeros([2, 3]),
      date: new Date(0),
      pattern: /a+/g,
      error: new RangeError('too far'),
      call: function named() {},
      Kind: Point,
      bare: Object.assign(Object.create(null) as object, { a: 1 }),
      bytes: new ArrayBuffer(8),
      promise: Promise.resolve(1),
      empty: {},
    };
    expect(lines(value)).toEqual([
      `text: "it's"`,
      'number: -0',
      'big: 12n',
      'none: null',
      'gone: undefined',
      'sign: Symbol(s)',
      'point: Point { x: 1, y: 2 }',
      "list: [1, 'two', {…}]",
      'long: (200) [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, …]',
      "map: Map(2) { 'a' => 1, Object => 2 }",
      'set: Set(2) { 1, 2 }',
      'typed: Float32Array(2) [1, 0.5]',
      'tensor: Tensor [2, 3] float32',
      'date: 1970-01-01T00:00:00.000Z',
      'pattern: /a+/g',
      'error: RangeError: too far',
      'call: function named',
      'Kind: class Point',
      'bare: Object without prototype { a: 1 }',
      'bytes: ArrayBuffer, 8 bytes',
      'promise: Promise',
      'empty: {}',
    ]);
    value.tensor.dispose();
  });

  it('calls no getter and no trap of a proxy', () => {
    const traps: string[] = [];
    const spy = new Proxy({}, { get: (_, trap) => () => traps.push(String(trap)) });
    const proxy = new Proxy({ a: 1 }, spy);
    const value = {
      get costly(): number {
        throw new Error('asked');
      },
      proxy,
      nested: { get costly() { throw new Error('asked'); } }, // prettier-ignore
    };
    expect(lines(value)).toEqual(['costly: (getter)', 'proxy: Proxy, not looked into', 'nested: { costly: (…) }']);
    expect(linesOf(at(treeOf(value), 'nested'))).toEqual(['costly: (getter)']);
    expect(traps).toEqual([]);
  });

  it('says where a value holds itself, and shows what stands in two places in both', () => {
    const twice = { a: 1 };
    const value: Record<string, unknown> = { twice, again: twice, inner: {} };
    value['self'] = value;
    (value['inner'] as Record<string, unknown>)['outer'] = value;
    const tree = treeOf(value);
    expect(at(tree, 'self')).toEqual({ kind: 'cycle', text: '↑ the value that holds it', whole: true });
    expect(at(tree, 'inner', 'outer').text).toBe('↑ the value 2 levels up');
    expect([at(tree, 'twice', 'a').text, at(tree, 'again', 'a').text]).toEqual(['1', '1']);
  });

  it('has symbols as keys, and of an error its stack and cause', () => {
    const error = new Error('outer', { cause: new Error('inner') });
    const value = { [Symbol('key')]: 1, error };
    expect(lines(value)[0]).toMatch(/^error: Error: outer$/);
    expect(lines(value)[1]).toBe('[Symbol(key)]: 1');
    expect(treeOf(value).root.text).toBe('{ error: Error }');
    const held = linesOf(at(treeOf(value), 'error'));
    expect(held[0]).toMatch(/^stack: at .*values\.test\.ts/);
    expect(held[1]).toBe('cause: Error: inner');
  });

  it('gives with each value the JavaScript that leads there', () => {
    const root: unknown = { layers: [{ 'odd name': new Map([['k', { units: 5 }]]) }] };
    let { root: node } = treeOf(root as object);
    let path = 'value';
    while (node.children) {
      path += node.children[0]!.access;
      node = node.children[0]!.value;
    }
    expect(path).toBe('value.layers[0]["odd name"].get("k").units');
    expect(new Function('value', `return ${path}`)(root)).toBe(5);
  });

  it('is bounded in children, in depth and in bytes, and counts what is left out', () => {
    const wide = Array.from({ length: 5000 }, (_, i) => ({ i, name: `row ${i}`, tags: ['a', 'b'] }));
    const wideTree = treeOf(wide).root;
    expect(wideTree.children).toHaveLength(100);
    expect(wideTree.more).toBe(4900);
    let deep: object = {};
    for (let i = 0; i < 1000; i++) deep = { deep };
    let node = treeOf(deep).root;
    let levels = 0;
    while (node.children?.[0]) [node, levels] = [node.children[0].value, levels + 1];
    expect([levels, node.more]).toEqual([10, 1]);
    const broad = Object.fromEntries(wide.slice(0, 100).map((_, i) => [`k${i}`, wide.map((row) => ({ ...row }))]));
    const texts = { texts: Array.from({ length: 100 }, () => 'x'.repeat(100_000)) };
    for (const value of [wide, deep, broad, texts, { ['\n'.repeat(1e6)]: ['\u0000'.repeat(1e6)] }]) {
      expect(JSON.stringify(treeOf(value)).length).toBeLessThan(100_000);
    }
  });
});

describe('a table', () => {
  const records = [
    { name: 'a', loss: 1.23456789, steps: 5n, done: true },
    { name: 'b', loss: NaN, call: () => 1 },
  ];

  it('may have dates, which stand as ISO 8601 has them', async () => {
    const records = [{ at: new Date(0), loss: 2 }, { at: new Date(NaN), loss: 1 }]; // prettier-ignore
    const bundle = await bundleOf(records);
    expect(bundle![VALUE_MIME.table]).toMatchObject({
      rows: [
        ['1970-01-01T00:00:00.000Z', 2],
        ['Invalid Date', 1],
      ],
    });
  });

  it('is what a list of flat records is shown as, beside HTML and text', async () => {
    const bundle = await bundleOf(records);
    expect(Object.keys(bundle!)).toEqual([VALUE_MIME.table, 'text/html', 'text/plain']);
    expect(bundle![VALUE_MIME.table]).toMatchObject({
      columns: [
        { name: 'name', numeric: false },
        { name: 'loss', numeric: true },
        { name: 'steps', numeric: false },
        { name: 'done', numeric: false },
        { name: 'call', numeric: false },
      ],
      rows: [
        ['a', 1.23456789, '5', true, null],
        ['b', 'NaN', null, null, '() => 1'],
      ],
      total: 2,
    });
    expect(bundle!['text/plain']).toContain('1.234568');
  });

  it('holds thousands of rows, and says of how many, within its bytes', () => {
    const rows = (n: number, text: string) => Array.from({ length: n }, (_, i) => ({ i, text }));
    expect(tableOf(rows(20_000, 'x'))).toMatchObject({ total: 20_000, rows: { length: 5000 } });
    const wide = tableOf(rows(20_000, '"'.repeat(10_000)));
    expect(JSON.stringify(wide).length).toBeLessThan(520_000);
    expect([wide.total, wide.rows.length > 300]).toEqual([20_000, true]);
  });
});

describe('a figure', () => {
  it('of Plotly’s is known by its traces and its layout, typed arrays as lists', async () => {
    const figure = { data: [{ y: new Float32Array([1, 2]), type: 'bar' }, { y: [NaN] }], layout: { title: 'Bars' } };
    expect(await bundleOf(figure)).toEqual({
      'application/vnd.plotly.v1+json': {
        data: [{ y: [1, 2], type: 'bar' }, { y: [null] }],
        layout: { title: 'Bars' },
      },
      'text/plain': 'Plotly figure “Bars”: bar, scatter',
    });
  });

  it('of Vega-Lite is known by its schema', async () => {
    const spec = { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar', data: { values: [] } };
    const bundle = await bundleOf(spec);
    expect(bundle!['application/vnd.vegalite.v5+json']).toEqual(spec);
    expect(bundle!['text/plain']).toBe('Vega-Lite chart');
  });

  it.each([
    ['rows of data', { data: [[1, 2]], layout: 'grid' }],
    ['data without a layout', { data: [{ y: [1] }] }],
    ['another schema', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
    ['no own schema', Object.create({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json' }) as object],
  ])('is not %s', async (_, value) => {
    const mimes = Object.keys((await bundleOf(value))!);
    expect(mimes.filter((mime) => /plotly|vega/.test(mime))).toEqual([]);
  });

  it('that is too large for a document says so', async () => {
    const bundle = await bundleOf({ data: [{ y: new Float32Array(2e6) }], layout: {} });
    expect(bundle).toEqual({ 'text/plain': expect.stringMatching(/20 MB as JSON and is not shown/) as string });
  });
});

describe('values that say how they are shown', () => {
  const shown = (value: unknown) => bundleOf(value);

  it('are formulas in LaTeX', async () => {
    const beta = 4;
    expect(await shown(latex`\beta = ${beta}`)).toEqual({
      'text/latex': '$$\\beta = 4$$',
      'text/plain': '\\beta = 4',
    });
    expect(await shown(latex('$x$'))).toMatchObject({ 'text/latex': '$x$' });
  });

  it('are drawings in SVG, escaped and complete', async () => {
    const drawing = svg`<svg width="9"><title>One</title><text>${'<script>'}</text></svg>`;
    expect(await shown(drawing)).toEqual({
      'image/svg+xml':
        '<svg xmlns="http://www.w3.org/2000/svg" width="9"><title>One</title><text>&lt;script&gt;</text></svg>',
      'text/plain': 'One',
    });
    const whole = '<svg xmlns="http://www.w3.org/2000/svg"/>';
    expect(await shown(svg(whole))).toMatchObject({ 'image/svg+xml': whole });
  });

  it.each([
    ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['image/jpeg', [0xff, 0xd8, 0xff, 0xe0]],
    ['image/gif', [...Buffer.from('GIF89a')]],
    ['image/webp', [...Buffer.from('RIFF\0\0\0\0WEBPVP8 ')]],
  ])('are pictures of type %s, from the bytes of a file', async (mime, head) => {
    const bytes = Uint8Array.from([7, ...head, 1, 2, 3]).subarray(1);
    const bundle = await shown(await image(bytes));
    expect(bundle).toMatchObject({ [mime]: Buffer.from([...head, 1, 2, 3]).toString('base64') });
    expect(await shown(await image(Uint8Array.from(bytes).buffer))).toEqual(bundle);
  });

  it('are none where bytes are no picture', async () => {
    await expect(image(new Uint8Array([1, 2, 3]))).rejects.toThrow(/or the bytes of a file/);
  });
});
