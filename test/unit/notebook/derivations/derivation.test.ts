import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDerivation, writeDerivation, DerivationError } from '../../../../kernel/notebook/derivations/derivation';
import type { DerivationCell } from '../../../../kernel/notebook/derivations/derivation';
import { randomMarkdown } from './randomMarkdown';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (found: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(found);
const cellsOf = (file: string) => readDerivation(bytes(file));
const fileOf = (cells: readonly DerivationCell[]) => text(writeDerivation(cells));
const brief = (file: string) => cellsOf(file).map(({ kind, text: shown }) => `${kind}: ${shown}`);

/** The cells with one text replaced. */
function edited(cells: readonly DerivationCell[], at: number, change: (shown: string) => string): DerivationCell[] {
  return cells.map((cell, i) => (i === at ? { ...cell, text: change(cell.text) } : cell));
}

describe('the cells of a Markdown file', () => {
  it('are prose by its headings, and blocks of TypeScript', () => {
    const file =
      'Before.\n\n# One\n\nText.\n\n```ts\nconst a = 1;\n```\n\nMore.\n\nTwo\n---\n\n~~~typescript\na\n~~~\n';
    expect(brief(file)).toEqual([
      'markdown: Before.',
      'markdown: # One\n\nText.',
      'code: const a = 1;',
      'markdown: More.',
      'markdown: Two\n---',
      'code: a',
    ]);
  });

  it('leave other languages in the text', () => {
    const file = 'Text.\n\n```python\n# no heading\n```\n\n```\nplain\n```\n\n```tsx\n<a/>\n```\n';
    expect(brief(file)).toEqual([`markdown: ${file.trimEnd()}`]);
  });

  it.each([
    ['a list', '- item\n\n  ```ts\n  a\n  ```\n\n  # inside\n'],
    ['a quotation', '> # heading\n>\n> ```ts\n> a\n> ```\n'],
    ['a note', '> [!NOTE]\n> ```ts\n> a\n> ```\n'],
    ['a container', '::: details Proof\n\n# heading\n\n```ts\na\n```\n\n:::\n'],
    ['containers in one another', ':::: tip\n\n::: details Proof\n\n```ts\na\n```\n\n:::\n\n# still inside\n\n::::\n'],
    ['HTML that folds', '<details>\n<summary>Proof</summary>\n\n```ts\na\n```\n\n# heading\n\n</details>\n'],
    ['a comment', '<!--\n# no heading\n```ts\na\n```\n-->\n'],
    ['a formula', '$$\na\n=\nb\n# c\n---\n$$\n'],
    ['an environment', '\\begin{align}\na\n=\nb\n\\end{align}\n'],
  ])('keep %s whole', (_, file) => {
    expect(brief(file)).toEqual([`markdown: ${file.trimEnd()}`]);
  });

  it.each([
    ['a container that is never closed', '::: details Proof\n\n```ts\na\n```\n', 2],
    ['a formula that is never closed', '$$\na\n\n# Heading\n', 2],
    ['a formula that its paragraph does not close, before another one', '$$ a_{\n\n# Heading\n\n$$ b $$\n', 2],
    ['a container that is closed', '::: details\n# inside\n:::\n\n# Heading\n', 2],
    ['HTML that folds, in one line', '<details>a</details>\n\n# Heading\n', 2],
    ['a formula in one line, and another one later', '$$a$$\n\n# Heading\n\n$$\nb\n$$\n', 2],
  ])('are cut after %s', (_, file, count) => {
    expect(cellsOf(file)).toHaveLength(count);
  });

  it.each([
    ['YAML', '---\ntitle: VAE\n# no heading\n---\n', 'yaml'],
    ['YAML that ends with dots', '---\ntitle: VAE\n...\n', 'yaml'],
    ['TOML', '+++\ntitle = "VAE"\n+++\n', 'toml'],
  ])('begin with front matter in %s', (_, front, language) => {
    const [first, second] = cellsOf(`${front}\n# Title\n`);
    expect(first).toMatchObject({ kind: 'code', language, text: front.trimEnd().split('\n').slice(1, -1).join('\n') });
    expect(second).toMatchObject({ kind: 'markdown', text: '# Title' });
  });

  it('take no line in the middle for front matter', () => {
    expect(brief('# Title\n\n---\n\nText.\n\n---\n')).toEqual(['markdown: # Title\n\n---\n\nText.\n\n---']);
  });

  it('show indented code without its indent', () => {
    expect(brief('   ```ts\n   if (a) {\n     b();\n   }\n   ```\n')).toEqual(['code: if (a) {\n  b();\n}']);
  });

  it('show every line break as \\n', () => {
    expect(brief('# A\r\n\r\nText\r\nmore.\r\n\r\n```ts\r\na\r\nb\r\n```\r\n')).toEqual([
      'markdown: # A\n\nText\nmore.',
      'code: a\nb',
    ]);
  });

  it('are refused where the file is no text', () => {
    expect(() => readDerivation(Uint8Array.of(0x23, 0x20, 0xe9, 0x0a))).toThrow(DerivationError);
    expect(() => readDerivation(Uint8Array.of(0x23, 0x20, 0xe9, 0x0a))).toThrow(/not UTF-8 text.*iconv/);
  });
});

describe('a derivation that nobody edited', () => {
  it.each([
    ['nothing', ''],
    ['a byte order mark alone', '\uFEFF'],
    ['blank lines', '\n\r\n  \n'],
    ['a byte order mark', '\uFEFF# Title\n'],
    ['a byte order mark before front matter', '\uFEFF---\na: 1\n---\n# Title'],
    ['no line break at its end', '# Title\n\n```ts\na\n```'],
    ['an empty block of code', '```ts\n```\n'],
    ['a block of one empty line', '```ts\n\n```\n'],
    ['blank lines at the ends of a block', '```ts\n\n\na\n\n\n```\n\n\n'],
    ['a block that is never closed', 'Text\n\n```ts\na\n\nb\n'],
    ['a block whose fence is longer', '````ts\n```\n````   \n'],
    ['code between blocks of code', '```ts\na\n```\n```ts\nb\n```\n\n\n```ts\nc\n```\n'],
    ['mixed line ends and trailing spaces', '# A  \r\n\nText  \n\r\n```ts \r\na\t\nb\r\n``` \n\rend\r'],
    ['old line ends', '# A\r\rText\r\r```ts\ra\r```\r'],
    ['unusual line separators', 'a\u2028b\n\n# A\u0085\n\u000C\n'],
    ['tabs', '\t# code\n\n\t```ts\n\ta\n\t```\n'],
    ['kramdown', '# A {#a}\n{: .no_toc }\n\n* TOC\n{:toc}\n\n```ts\na\n```\n{: .line-numbers }\n'],
    ['Liquid', '{% raw %}\n```ts\na\n```\n{% endraw %}\n\n{{ page.title }}\n\n# A\n'],
    ['Hexo', '{% note info %}\n# A\n{% endnote %}\n<!-- more -->\n\n```ts\na\n```\n'],
    ['lone surrogates written as characters', '# \uFFFD\n'],
  ])('is written as it was: %s', (_, file) => {
    expect(fileOf(cellsOf(file))).toBe(file);
  });

  it.each(Array.from({ length: 500 }, (_, seed) => [seed]))('is written as it was: random file %i', (seed) => {
    const file = randomMarkdown(seed);
    const cells = cellsOf(file);
    expect(fileOf(cells)).toBe(file);
    // As an editor has it that makes all line ends of a cell alike.
    const windows = cells.map((cell) => ({ ...cell, text: cell.text.replaceAll('\n', '\r\n') }));
    expect(fileOf(windows)).toBe(file);
  });

  const documents = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync('docs').map((name) => `docs/${name}`),
  ];
  it.each(documents.filter((name) => name.endsWith('.md')))('is written as it was: %s', (name) => {
    const file = readFileSync(path.resolve(name));
    expect(Buffer.from(writeDerivation(readDerivation(file)))).toEqual(file);
  });
});

describe('a derivation that was edited', () => {
  const file =
    '---\r\ntitle: A\r\n---\r\n\r\n# One  \r\n\nText.\n\n   ```ts twoslash\r\n   a\n   b\r\n   ```  \n\n\nMore.';

  it('changes where it was edited alone', () => {
    const cells = cellsOf(file);
    expect(fileOf(edited(cells, 0, () => 'title: B'))).toBe(file.replace('title: A', 'title: B'));
    expect(fileOf(edited(cells, 1, (shown) => shown.replace('Text.', 'Words.')))).toBe(file.replace('Text.', 'Words.'));
    expect(fileOf(edited(cells, 2, () => 'c\nb'))).toBe(file.replace('   a\n', '   c\n'));
    expect(fileOf(edited(cells, 3, () => 'Less.\nAnd more.'))).toBe(file.replace('More.', 'Less.\r\nAnd more.'));
  });

  it('keeps the line ends of the lines around new ones', () => {
    expect(fileOf(edited(cellsOf(file), 2, () => 'a\nnew\nb'))).toBe(file.replace('   a\n', '   a\n   new\r\n'));
  });

  it('keeps the line ends of all its lines in a file of CRLF', () => {
    const windows = '# A\r\n\r\nText.\r\n';
    expect(fileOf(edited(cellsOf(windows), 0, () => '# A\n\nMore\nlines.'))).toBe('# A\r\n\r\nMore\r\nlines.\r\n');
  });

  it('has a longer fence where the code has one', () => {
    const cells = edited(cellsOf('```ts\na\n```\n\nText.\n'), 0, () => 'const s = `\n```\n`;');
    const found = fileOf(cells);
    expect(found).toBe('````ts\nconst s = `\n```\n`;\n````\n\nText.\n');
    expect(cellsOf(found).map((cell) => cell.text)).toEqual(cells.map((cell) => cell.text));
  });

  it('can lose and get the text of a block', () => {
    const empty = cellsOf('```ts\n```\n');
    expect(fileOf(edited(empty, 0, () => 'a'))).toBe('```ts\na\n```\n');
    expect(brief(fileOf(edited(cellsOf('```ts\na\n```\n'), 0, () => '')))).toEqual(['code: ']);
  });

  it('can get cells, lose them, and have them in another order', () => {
    const [front, one, code, more] = cellsOf(file.replace('More.', '## More.')) as [
      DerivationCell,
      DerivationCell,
      DerivationCell,
      DerivationCell,
    ];
    const added: DerivationCell = { kind: 'code', language: 'typescript', text: 'x' };
    const note: DerivationCell = { kind: 'markdown', language: 'markdown', text: 'Note.' };
    for (const cells of [
      [front, one, added, note, code, more],
      [front, one, more],
      [one, code],
      [front, more, code, one],
      [front, one, code, more, added, note],
      [front, one, one, code, code],
      [added, note, added],
    ]) {
      const found = fileOf(cells);
      expect(cellsOf(found).map(({ kind, text: shown }) => ({ kind, shown }))).toEqual(
        cells.map(({ kind, text: shown }) => ({ kind, shown })),
      );
    }
  });

  it('has one cell for prose beside prose that no heading divides', () => {
    const note = (shown: string): DerivationCell => ({ kind: 'markdown', language: 'markdown', text: shown });
    expect(brief(fileOf([note('One.'), note('Two.')]))).toEqual(['markdown: One.\n\nTwo.']);
  });

  it('can have code that becomes text, and text that becomes code', () => {
    const [one, code] = cellsOf('Text.\n\n```ts\na\n```\n') as [DerivationCell, DerivationCell];
    const changed = fileOf([
      { ...one, kind: 'code', language: 'typescript' },
      { ...code, kind: 'markdown', language: 'markdown' },
    ]);
    expect(brief(changed)).toEqual(['code: Text.', 'markdown: a']);
  });
});
