import { describe, expect, it } from 'vitest';
import { containedHtml } from '../../../kernel/notebook/html/contained';

describe('HTML of an output', () => {
  it.each([
    ['<table><tbody><tr><td style="text-align:right">1</td></tr></tbody></table>'],
    ['<p class="a" id="b" title="&quot;">x &lt; y &amp; z</p>'],
    ['<style>p { color: red }</style><svg viewBox="0 0 1 1"><path d="M0 0"></path></svg>'],
    ['<a href="https://example.org/">link</a><img src="data:image/png;base64,AAAA" alt="">'],
  ])('stays as it is where there is nothing to mend: %s', (html) => {
    expect(containedHtml(html)).toBe(html);
  });

  it.each([
    ['<b>bold', '<b>bold</b>'],
    ['<textarea>rest', '<textarea>rest</textarea>'],
    ['<style>p { }', '<style>p { }</style>'],
    ['a<!-- rest', 'a'],
    ['</div></template></main></body>out', 'out'],
    ['<select><option>1', '<select><option>1</option></select>'],
    ['<svg><g>', '<svg><g></g></svg>'],
    ['<p title="open', ''],
  ])('ends what it began: %s', (html, expected) => {
    expect(containedHtml(html)).toBe(expected);
  });

  it.each([
    ['<script>alert(1)</script>x'],
    ['<svg><script>alert(1)</script></svg>x'],
    ['<meta http-equiv="refresh" content="0;url=https://example.org">x'],
    ['<base href="https://example.org">x'],
    ['<link rel="stylesheet" href="https://example.org">x'],
    ['<iframe src="https://example.org"></iframe>x'],
    ['<object data="https://example.org"></object><embed src="https://example.org">x'],
    ['<plaintext>x'],
    ['<xmp>x'],
    ['<noscript><meta http-equiv="refresh" content="0;url=https://example.org"></noscript>x'],
    ['<template shadowrootmode="open"><script></script></template>x'],
    ['<p onclick="alert(1)" ONLOAD="alert(1)" autofocus>x</p>'],
    ['<a href=" java\tscript:alert(1)">x</a><svg><a xlink:href="javascript:alert(1)">x</a></svg>'],
  ])('reaches nothing outside: %s', (html) => {
    const contained = containedHtml(html)!;
    expect(contained).not.toMatch(
      /alert|example|<(script|meta|base|link|iframe|object|embed|plaintext|xmp|noscript|template)/,
    );
  });

  it('reads as it is written, or is refused', () => {
    const pieces = ['<svg>', '<math>', '<style>', '</style>', '<p>', '<table>', '<td>', '<form>', '</form>', '<mtext>'];
    pieces.push(
      '<mglyph>',
      '<textarea>',
      '</p>',
      '<!--',
      '-->',
      '<a title="</style>">',
      '<select>',
      '<title>',
      '<br/>',
    );
    let seed = 1;
    const next = () => (seed = (seed * 48271) % 2147483647);
    const texts = Array.from({ length: 1000 }, () =>
      Array.from({ length: 1 + (next() % 9) }, () => pieces[next() % pieces.length]).join('x'),
    );
    for (const text of texts) {
      const contained = containedHtml(text);
      if (contained !== undefined) expect(containedHtml(contained)).toBe(contained);
    }
  });

  it('that is nested without end is refused', () => {
    expect(containedHtml('<div>'.repeat(50_000)) === undefined).toBe(true);
  });
});
