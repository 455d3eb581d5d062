import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name.split(path.sep).join('/'))),
];

const markdown = new MarkdownIt({ html: true });
const textOf = (page: string) => readFileSync(path.join(ROOT, page), 'utf8');
const every = (tokens: readonly Token[]): Token[] => tokens.flatMap((one) => [one, ...every(one.children ?? [])]);

/** Addresses of a page's links and pictures. */
function addressesIn(page: string): string[] {
  return every(markdown.parse(textOf(page), {})).flatMap((token) => {
    const address = token.attrGet(token.type === 'image' ? 'src' : 'href');
    return typeof address === 'string' ? [address] : [];
  });
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): Set<string> {
  const tokens = markdown.parse(textOf(page), {});
  const seen = new Map<string, number>();
  const anchors = tokens.flatMap((token, i) => {
    if (token.type !== 'heading_open') return [];
    const words = every(tokens[i + 1]?.children ?? [])
      .filter(({ type }) => type === 'text' || type === 'code_inline')
      .map(({ content }) => content)
      .join('');
    const base = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const again = seen.get(base) ?? 0;
    seen.set(base, again + 1);
    return [again === 0 ? base : `${base}-${again}`];
  });
  return new Set(anchors);
}

describe('the documentation', () => {
  it.each(PAGES)('%s leads to existing files and headings', (page) => {
    const broken = addressesIn(page).filter((address) => {
      if (/^[a-z][a-z0-9+.-]*:/i.test(address)) return false;
      const [file = '', anchor] = decodeURI(address).split('#');
      const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('has every page in its index', () => {
    const listed = new Set(addressesIn('docs/README.md').map((address) => address.split('#')[0]));
    const pages = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');
    expect(pages.filter((name) => !listed.has(name))).toEqual([]);
  });
});
