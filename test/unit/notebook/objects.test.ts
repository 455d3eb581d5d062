import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { objectHtml } from '../../../kernel/notebook/html/objects';
import { MarkdownRenderer } from '../../../kernel/notebook/html/markdown';
import { hasView, renderOutput } from '../../../kernel/notebook/html/outputs';
import { treeBundle, treeOf } from '../../../kernel/session/show/values/tree';
import type { Output } from '../../../kernel/notebook/format';

const hostile = '"><script>alert(1)</script>';
const value = { [hostile]: hostile, list: Array.from({ length: 300 }, (_, i) => ({ i, of: 300 })) };

describe('the tree of a value in a report', () => {
  it('opens without a script, level by level, and says what is left out', () => {
    const html = objectHtml(treeOf(value))!;
    expect(html.match(/<details/g)).toHaveLength(102);
    expect(html).toMatch(/^<div class="tree"><details open><summary>/);
    expect(html).toContain('<span class="name">of</span>: <span class="number">300</span>');
    expect(html).toContain('… 200 more');
  });

  it('lets in no markup of the value’s', () => {
    const html = objectHtml(treeOf(value))!;
    expect(html).not.toContain('<script');
    expect(parseFragment(html).childNodes.map(({ nodeName }) => nodeName)).toEqual(['div']);
  });

  it('stands in the place of the text, and needs no script of the report', () => {
    const output: Output = { output_type: 'display_data', metadata: {}, data: treeBundle(value, 'as text') };
    expect(hasView(output)).toBe(false);
    expect(renderOutput(output, new MarkdownRenderer('.'), new Map())).toMatch(/^<div class="tree">/);
  });

  it.each([[{ version: 99, root: {} }], [{ version: 1 }], [null], ['text'], [{ version: 1, root: { kind: 'x' } }]])(
    'is its text where the tree is %j',
    (view) => {
      const data = { 'application/vnd.latentlab.object+json': view, 'text/plain': 'as text' };
      const html = renderOutput(
        { output_type: 'display_data', metadata: {}, data },
        new MarkdownRenderer('.'),
        new Map(),
      );
      expect(html).toBe('<pre class="value" tabindex="0">as text</pre>');
    },
  );
});
