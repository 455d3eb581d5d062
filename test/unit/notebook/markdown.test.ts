import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cell } from '../../../kernel/notebook/format';
import { MarkdownRenderer } from '../../../kernel/notebook/html/markdown';
import { temporaryFolder } from './files';

const folder = temporaryFolder();

function render(...sources: string[]): string[] {
  const cells = sources.map((source): Cell => ({ cell_type: 'markdown', metadata: {}, source }));
  const renderer = new MarkdownRenderer(folder);
  renderer.prepare(cells);
  return cells.map((cell) => renderer.renderCell(cell));
}

describe('markdown of a report', () => {
  it('draws formulas with KaTeX, inline, as blocks, and bare', () => {
    const [html] = render('Let $z \\sim p$.\n\n$$\nx^2\n$$\n\n\\begin{align*}\na &= b\n\\end{align*}');
    expect(html!.match(/class="katex"/g)).toHaveLength(3);
    expect(html).not.toContain('katex-error');
  });

  it('links references to numbered equations, also forwards and across cells', () => {
    const [first, second] = render('See \\eqref{eq:elbo}.', '$$ a \\label{eq:elbo} $$\n\nand $\\eqref{eq:elbo}$');
    expect(first).toContain('<a href="#eq-eq-elbo">(1)</a>');
    expect(second).toContain('<a id="eq-eq-elbo"></a>');
    expect(second).toContain('href="#eq-eq-elbo"');
    expect(second).not.toContain('katex-error');
  });

  it('marks a reference to nothing', () => {
    expect(render('\\eqref{gone}')[0]).toContain('title="no equation is labelled gone">(??)');
  });

  it('reads what lecture notes write: text after a formula on its line, aligned rows, Chinese within', () => {
    const [html] = render('$$ \\begin{aligned} a &= b \\\\ &= \\text{误差}² \\end{aligned} $$其中$x$是\n\n$$ c $$');
    expect(html).not.toContain('katex-error');
    expect(html!.match(/class="equation"/g)).toHaveLength(2);
    expect(html).toContain('其中');
  });

  it('leaves dollars in code alone', () => {
    expect(render('```sh\necho $$PID$$x\n```\n\n`$x$`').join()).not.toContain('katex');
  });

  it('shows the source of a formula that KaTeX cannot read, in a quiet colour', () => {
    const [html] = render('$\\frobnicate{x}$');
    expect(html).toContain('\\frobnicate');
    expect(html).not.toMatch(/#c00|red/);
  });

  it('keeps macros from one cell to the next', () => {
    expect(render('$\\newcommand{\\E}{\\mathbb{E}}$', '$\\E[x]$')[1]).not.toContain('katex-error');
  });

  it('lets no HTML of a cell through', () => {
    expect(render('<img src=x onerror=alert(1)> <script>alert(1)</script>')[0]).not.toMatch(/<(img|script)/);
  });

  it('takes pictures into the file and names those it cannot', () => {
    writeFileSync(join(folder, 'dot.gif'), 'GIF89a');
    const [html] = render('![dot](dot.gif) ![gone](gone.png) ![far](https://example.com/a.png)');
    expect(html).toContain(`<img src="data:image/gif;base64,${Buffer.from('GIF89a').toString('base64')}" alt="dot">`);
    expect(html).toContain('[image: gone]');
    expect(html).toContain('[image: <a href="https://example.com/a.png">far</a>]');
    expect(html!.match(/<img/g)).toHaveLength(1);
  });

  it('says of each picture that it cannot show what is wrong with it', () => {
    mkdirSync(join(folder, 'folder.png'));
    symlinkSync('nowhere.png', join(folder, 'broken.png'));
    symlinkSync('circle.png', join(folder, 'circle.png'));
    symlinkSync('/dev/zero', join(folder, 'endless.png'));
    execFileSync('mkfifo', [join(folder, 'pipe.png')]);
    writeFileSync(join(folder, 'file.txt'), '');
    const reasons = {
      'gone.png': 'there is no such file',
      'file.txt/a.png': 'there is no such file',
      'caf%E9.png': 'there is no such file',
      '%.png': 'there is no such file',
      'folder.png': 'it is a folder',
      'broken.png': 'there is no such file',
      'circle.png': 'its links lead in a circle',
      'endless.png': 'it is no file',
      'pipe.png': 'it is no file',
      'a%00b.png': 'no file can have that name',
      [`${'n'.repeat(300)}.png`]: 'its name is too long',
      'file.txt': 'it has none of the endings',
      'attachment:gone.png': 'the cell has no such attachment',
      'attachment:caf%E9.png': 'the cell has no such attachment',
      'attachment:__proto__': 'the cell has no such attachment',
      'http://example.com/a.png': 'it is not part of this report',
    };
    for (const [source, reason] of Object.entries(reasons)) {
      const [html] = render(`![seen](${source})`);
      expect(html, source).toMatch(new RegExp(`class="missing" title="[^"]*${reason}[^"]*">\\[image: .*seen`));
    }
  });

  it('takes a picture whose name has signs that addresses escape', () => {
    for (const name of ['100%.png', 'a b.png', 'caf\u00e9.png', '%41.png']) writeFileSync(join(folder, name), name);
    const of = (name: string) => `src="data:image/png;base64,${Buffer.from(name).toString('base64')}"`;
    expect(render('![](100%.png)')[0]).toContain(of('100%.png'));
    expect(render('![](<a b.png>)')[0]).toContain(of('a b.png'));
    expect(render('![](caf\u00e9.png)')[0]).toContain(of('caf\u00e9.png'));
    expect(render('![](%2541.png)')[0]).toContain(of('%41.png'));
  });

  it('shows the source of a formula that is nested too deeply', () => {
    const [html] = render(`$${'{'.repeat(20_000)}x${'}'.repeat(20_000)}$ and after`);
    expect(html).toContain('katex-error');
    expect(html).toContain('and after');
  });

  it('takes pictures that the cell carries', () => {
    const cell: Cell = {
      cell_type: 'markdown',
      metadata: {},
      source: '![a](attachment:a.png)',
      attachments: { 'a.png': { 'image/png': 'AAAA' } },
    };
    const renderer = new MarkdownRenderer(folder);
    renderer.prepare([cell]);
    expect(renderer.renderCell(cell)).toContain('src="data:image/png;base64,AAAA"');
  });

  it.each([
    [{ 'image/png': 'AA\nAA' }, 'src="data:image/png;base64,AAAA"'],
    [{ 'image/png': ['AA\n', 'AA'] }, 'src="data:image/png;base64,AAAA"'],
    [{ 'text/plain': 'a', 'image/gif': 'AAAA' }, 'src="data:image/gif;base64,AAAA"'],
    [{ 'image/png': '"><meta http-equiv=refresh content=0>' }, 'its attachment holds no picture'],
    [{ 'image/png"><meta http-equiv=refresh content=0>': 'AAAA' }, 'its attachment holds no picture'],
    [{ 'image/png': 5 }, 'its attachment holds no picture'],
    [{ 'text/html': '<meta>' }, 'the cell has no such attachment'],
  ])('takes of what it carries pictures alone: %j', (bundle, expected) => {
    const attachments = { 'a.png': bundle as Record<string, unknown> };
    const cell: Cell = { cell_type: 'markdown', metadata: {}, source: '![a](attachment:a.png)', attachments };
    const renderer = new MarkdownRenderer(folder);
    renderer.prepare([cell]);
    expect(renderer.renderCell(cell)).toContain(expected);
    expect(renderer.renderCell(cell)).not.toContain('<meta');
  });

  it('gives each heading an id of its own', () => {
    expect(render('# The bound', '# The bound')).toEqual([
      '<h1 id="the-bound">The bound</h1>\n',
      '<h1 id="the-bound-1">The bound</h1>\n',
    ]);
  });
});
