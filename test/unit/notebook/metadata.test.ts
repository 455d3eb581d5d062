import { describe, expect, it } from 'vitest';
import type { Cell, Notebook } from '../../../kernel/notebook/format';
import { setField, tags } from '../../../kernel/notebook/format';
import { cellLanguage, completeMetadata, requireLanguage } from '../../../kernel/notebook/metadata';

const notebook = (metadata: object, minor = 5, cells: Cell[] = []): Notebook => ({
  cells,
  metadata: { ...metadata },
  nbformat: 4,
  nbformat_minor: minor,
});
const markdown = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source });

describe('the language of a notebook', () => {
  it('is typescript unless it says otherwise', () => {
    expect(requireLanguage(notebook({}), 'a')).toBe('typescript');
    expect(requireLanguage(notebook({ language_info: { name: 'JavaScript' } }), 'a')).toBe('javascript');
  });

  it('must be one that the kernel runs', () => {
    expect(() => requireLanguage(notebook({ kernelspec: { language: 'python' } }), 'x.ipynb')).toThrow(
      'x.ipynb is a notebook in python; LatentLab runs typescript and javascript',
    );
  });

  it('may differ by cell, as VS Code notes it', () => {
    const cell = { ...markdown(''), metadata: { vscode: { languageId: 'javascript' } } };
    expect(cellLanguage(cell, 'typescript')).toBe('javascript');
    expect(
      cellLanguage({ ...cell, metadata: { vscode: { languageId: 'shellscript' } } }, 'typescript'),
    ).toBeUndefined();
    expect(cellLanguage(markdown(''), 'typescript')).toBe('typescript');
  });
});

describe('metadata of an executed notebook', () => {
  it('names kernel and language, and leaves those that are there', () => {
    const bare = notebook({});
    completeMetadata(bare);
    expect(bare.metadata).toMatchObject({ kernelspec: { name: 'latentlab' }, language_info: { name: 'typescript' } });
    const own = notebook({ kernelspec: { name: 'deno', language: 'typescript' } });
    completeMetadata(own);
    expect(own.metadata.kernelspec).toEqual({ name: 'deno', language: 'typescript' });
  });

  it('gives cells ids from format 4.5 on, always the same ones, never one twice', () => {
    const ids = (minor: number) => {
      const one = notebook({}, minor, [markdown('a'), { ...markdown('b'), id: 'mine' }, markdown('a')]);
      completeMetadata(one);
      return one.cells.map((cell) => cell.id);
    };
    expect(ids(4)).toEqual([undefined, 'mine', undefined]);
    expect(ids(5)).toEqual(ids(5));
    expect(new Set(ids(5)).size).toBe(3);
    expect(ids(5)[0]).toMatch(/^[0-9a-f]{8}$/);
  });
});

describe('setting a field', () => {
  const keys = (target: Record<string, unknown>, key: string) => {
    setField(target, key, 0);
    return Object.keys(target).join('');
  };

  it('puts a new key in its alphabetical place', () => {
    expect(keys({ a: 1, c: 2, d: 3 }, 'b')).toBe('abcd');
  });

  it('keeps any other order, and the place of an existing key', () => {
    expect(keys({ c: 1, a: 2 }, 'b')).toBe('cab');
    expect(keys({ a: 1, b: 2, c: 3 }, 'b')).toBe('abc');
  });
});

describe('tags', () => {
  it('are the strings among what the metadata hold', () => {
    expect(tags({ ...markdown(''), metadata: { tags: ['raises-exception', 3] } })).toEqual(['raises-exception']);
    expect(tags(markdown(''))).toEqual([]);
  });
});
