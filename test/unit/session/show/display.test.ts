import { describe, expect, it } from 'vitest';
import { html, JUPYTER_DISPLAY, markdown } from '../../../../kernel/session/show/display';
import { plainBundle } from '../../../../kernel/session/show/plainBundle';
import type { MimeBundle } from '../../../../kernel/protocol';

/** Under a name whose templates are not formatted. */
const tag = html;

describe('html', () => {
  it('escapes what is put in, for text and for attributes in either quotes', () => {
    const hostile = `"><img src=x onerror='alert(1)'>&`;
    const bundle = tag`<b title="${hostile}" class='${hostile}'>${hostile}</b>`[JUPYTER_DISPLAY]() as MimeBundle;
    const escaped = '&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;';
    expect(bundle['text/html']).toBe(`<b title="${escaped}" class='${escaped}'>${escaped}</b>`);
  });

  it('takes a whole text as it is', () => {
    expect(html('<b>1 < 2</b>')[JUPYTER_DISPLAY]()).toMatchObject({ 'text/html': '<b>1 < 2</b>' });
    expect(markdown('$\\beta$')[JUPYTER_DISPLAY]()).toMatchObject({ 'text/markdown': '$\\beta$' });
    expect(markdown`$\beta = ${4}$`[JUPYTER_DISPLAY]()).toMatchObject({ 'text/markdown': '$\\beta = 4$' });
  });

  it.each([undefined, 5, {}])('names what it takes when it gets %j', (value) => {
    expect(() => html(value as unknown as string)).toThrow(
      /html takes as "source" a template in backticks or a string/,
    );
  });

  it('reads as text as it is seen', () => {
    const bundle = tag`<p>1 &lt; 2, </p><b>${'a "quoted" <word> & more'}</b>`[JUPYTER_DISPLAY]() as MimeBundle;
    expect(bundle['text/plain']).toBe('1 < 2, a "quoted" <word> & more');
  });
});

describe('a bundle that is sent', () => {
  it('holds of JSON what JSON.stringify keeps', () => {
    class Point {
      x = 1;
      toJSON = (key: string) => ({ at: key, ['x']: this.x });
    }
    const same = { a: 1 };
    const value = {
      text: 'a',
      none: null,
      gone: undefined,
      call: () => 1,
      sign: Symbol('s'),
      list: [1, undefined, () => 1, NaN, Infinity],
      date: new Date(5),
      point: new Point(),
      boxed: [Object(1), Object('b'), Object(true)] as unknown[],
      twice: [same, same],
      map: new Map([[1, 2]]),
      ['__proto__']: 3,
    };
    for (const mime of ['application/json', 'application/vnd.vega.v5+json']) {
      expect(plainBundle({ [mime]: value })).toEqual({ [mime]: JSON.parse(JSON.stringify(value)) as unknown });
    }
  });

  it('holds integers of any size, and typed arrays as lists', () => {
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    const value = { list: [limit, limit + 1n, -limit, -limit - 1n], array: new BigInt64Array([1n, -limit - 1n]) };
    expect(plainBundle({ 'application/json': value })).toEqual({
      'application/json': {
        list: [2 ** 53 - 1, '9007199254740992', 1 - 2 ** 53, '-9007199254740992'],
        array: [1, '-9007199254740992'],
      },
    });
  });

  it('holds of other types text: lines, digits, JSON, bytes as base64', () => {
    const bytes = new Uint8Array([0, 1, 2, 3, 4]).subarray(1, 4);
    const bundle = { 'text/plain': 5n, 'text/html': ['a\n', 'b'], 'text/x': { a: 1 }, 'image/png': bytes };
    expect(plainBundle({ ...bundle, 'text/none': undefined })).toEqual({
      'text/plain': '5',
      'text/html': ['a\n', 'b'],
      'text/x': '{"a":1}',
      'image/png': 'AQID',
    });
  });

  it('that contains itself is refused with its type and place', () => {
    const circle: Record<string, unknown> = {};
    circle['again'] = [circle];
    expect(() => plainBundle({ 'application/json': circle })).toThrow(
      'The "application/json" of a bundle contains itself (at "0")',
    );
  });

  it.each([[undefined], [null], ['<b>'], [5], [[]]])('that is %j is none', (bundle) => {
    expect(() => plainBundle(bundle)).toThrow(/gave .*; expected an object from MIME types to what they show/);
  });
});
