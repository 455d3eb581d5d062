import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { notes } from '../../../../kernel/notebook/markdown/notes';

const md = new MarkdownIt().use(notes);
/** Line breaks between tags say nothing. */
const render = (...lines: string[]) =>
  md
    .render(lines.join('\n'))
    .replace(/>\n(?=<)/g, '>')
    .trimEnd();

describe('folds in notes', () => {
  it('are details of HTML too, which GitHub folds: with Markdown and formulas inside, one in another', () => {
    const inner = '<details><summary>In</summary>\n\nDeep.\n\n</details>';
    expect(render(`<details><summary>A *hint*</summary>\n\nLook at $x$.\n\n${inner}\n\n</details>\n\nAfter.`)).toBe(
      '<details class="latentlab-fold latentlab-fold-details"><summary>A <em>hint</em></summary><p>Look at $x$.</p>' +
        '<details class="latentlab-fold latentlab-fold-details"><summary>In</summary><p>Deep.</p></details></details>' +
        '<p>After.</p>',
    );
    expect(render('<details>\n<summary>Two lines</summary>\nText.\n</details>')).toContain(
      '<summary>Two lines</summary><p>Text.',
    );
    expect(render('<details onclick="x()">\n\nText.')).not.toContain('<details');
  });

  it('are containers of details, closed at first, with Markdown inside', () => {
    expect(render('::: details The *proof*', '', '# Steps', '', '```ts', ':::', '```', '', ':::', 'after')).toBe(
      '<details class="latentlab-fold latentlab-fold-details"><summary>The <em>proof</em></summary>' +
        '<h1>Steps</h1><pre><code class="language-ts">:::\n</code></pre></details><p>after</p>',
    );
  });

  it('are containers of other kinds, open at first, with their kind for a title', () => {
    expect(render('::: warning', 'Beware.', ':::')).toBe(
      '<details class="latentlab-fold latentlab-fold-warning" open=""><summary>Warning</summary><p>Beware.</p></details>',
    );
  });

  it('can lie in one another and in lists', () => {
    const html = render(
      ':::: tip',
      '::: details',
      'x',
      ':::',
      'y',
      '::::',
      '',
      '- item',
      '',
      '  ::: note',
      '  z',
      '  :::',
    );
    expect(html.match(/<details/g)).toHaveLength(3);
    expect(html.match(/<\/details>/g)).toHaveLength(3);
    expect(html).toMatch(/<details[^>]*tip[^>]*><summary>Tip<\/summary><details[^]*<\/details><p>y<\/p><\/details>/);
    expect(html).not.toContain(':::');
  });

  it('are no containers where nothing closes them', () => {
    expect(render('::: details', 'text')).toBe('<p>::: details\ntext</p>');
  });

  it('are quotations that begin with their kind', () => {
    expect(render('> [!note] About $x$', '> Text.', '>', '> More.')).toBe(
      '<details class="latentlab-fold latentlab-fold-note" open=""><summary>About $x$</summary><p>Text.</p><p>More.</p></details>',
    );
    expect(render('> [!WARNING]-', '>', '> Text.')).toBe(
      '<details class="latentlab-fold latentlab-fold-warning"><summary>Warning</summary><p>Text.</p></details>',
    );
  });

  it('leave other quotations, also around and inside', () => {
    expect(render('> [link](a)')).toContain('<blockquote>');
    const html = render('> before', '>', '> > [!tip]', '> > inside', '>', '> > plain');
    expect(html.match(/<blockquote>/g)).toHaveLength(2);
    expect(html.match(/<\/blockquote>/g)).toHaveLength(2);
    expect(html.match(/<details/g)).toHaveLength(1);
  });
});

describe('a formula that is not closed', () => {
  it('is shown as its source with the reason, and takes nothing with it', () => {
    const html = render('$$ \\log p(x_t|x_{', '', 'Text.', '', '$$ a $$');
    expect(html).toContain('<code>$$ \\log p(x_t|x_{</code>');
    expect(html).toContain('no $$ closes this formula');
    expect(html).toContain('<p>Text.</p>');
    expect(html).toContain('$$ a $$');
  });

  it('is none where it is closed in the same paragraph, or stands on lines of its own', () => {
    for (const text of ['$$ a\nb $$', '$$a$$ and $$b$$']) expect(render(text)).not.toContain('not drawn');
    expect(render('$$', 'a', '', 'b', '$$')).not.toContain('not drawn');
  });
});
