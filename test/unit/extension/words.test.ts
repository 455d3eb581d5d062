import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import words from '../../../package.nls.json' with { type: 'json' };

/** All texts inside, with the keys that lead to them. */
function textsIn(value: unknown, path: string[] = []): { path: string; key: string; text: string }[] {
  if (typeof value === 'string') return [{ path: path.join('.'), key: path.at(-1)!, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => textsIn(inside, [...path, key]));
}

const texts = textsIn(manifest.contributes);
const references = texts.flatMap(({ text }) => /^%(.*)%$/.exec(text)?.[1] ?? []);

describe('the manifest’s words', () => {
  it('stand in package.nls.json, where a translation finds them, and nothing else does', () => {
    expect([...new Set(references)].sort()).toEqual(Object.keys(words).sort());
  });

  it('are none in the manifest itself', () => {
    const keys = /^(title|shortTitle|displayName|description|markdownDescription|altText|label|contents)$/;
    const own = texts.filter(({ key, text }) => keys.test(key) && !text.startsWith('%') && text !== 'LatentLab');
    expect(own).toEqual([]);
  });

  it('say of every setting what it does', () => {
    const { properties } = manifest.contributes.configuration;
    for (const [name, setting] of Object.entries<object>(properties)) {
      const text = Object.entries(setting).find(([key]) => /^(markdownD|d)escription$/.test(key))?.[1] as string;
      expect(text, name).toBe(`%setting.${name.replace('latentlab.', '')}%`);
      expect(setting, name).toHaveProperty('default');
    }
  });
});
