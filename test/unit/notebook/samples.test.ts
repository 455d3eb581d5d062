/** The samples as they are committed: lessons that can be read, executed, and small enough for GitHub. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { derivationChecks, exercises } from '../../../kernel/notebook/checks';
import { isCode, joined } from '../../../kernel/notebook/format';
import { readNotebook } from '../../../kernel/notebook/read';
import { FLAGSHIP, readSavedShort, ROOM, sampleNames, samplesFolder } from '../../../kernel/notebook/saved/samples';
import { codeDigest } from '../../../kernel/notebook/saved/settle';

const root = path.resolve('.');
const LINES = 25;
const COLUMNS = 100;

const lessons = sampleNames(root);

describe.each(lessons)('the lesson %s', (name) => {
  const file = path.join(samplesFolder(root), `${name}.ipynb`);
  const { notebook } = readNotebook(file);
  const code = notebook.cells.filter(isCode);
  const prose = notebook.cells.filter((cell) => !isCode(cell)).map(({ source }) => joined(source));

  it(`has code cells of at most ${LINES} lines, and no line of more than ${COLUMNS} columns`, () => {
    const long = code.map(({ source }) => joined(source).split('\n').length).filter((length) => length > LINES);
    expect(long).toEqual([]);
    const lines = notebook.cells.flatMap(({ source }) => joined(source).split('\n'));
    // A row of a table cannot be broken.
    expect(lines.filter((line) => line.length > COLUMNS && !line.startsWith('|'))).toEqual([]);
  });

  it('opens with its question and a diagram, and ends with exercises', () => {
    expect(prose[0]).toMatch(/^# [^]*\?/);
    const text = code.map(({ source }) => joined(source));
    expect(text.findIndex((source) => source.includes('diagram('))).toBeGreaterThanOrEqual(0);
    expect(text.findIndex((source) => source.includes('diagram('))).toBeLessThan(4);
    const found = exercises(notebook);
    expect(found.length).toBeGreaterThanOrEqual(2);
    expect(found.every(({ exercise }) => exercise === 'unsolved')).toBe(true);
  });

  it('is committed executed, from its first cell to its last, by the code that it has', () => {
    expect(code.map(({ execution_count }) => execution_count)).toEqual(code.map((_, i) => i + 1));
    const outputs = code.flatMap((cell) => cell.outputs);
    expect(outputs.filter(({ output_type }) => output_type === 'error')).toEqual([]);
    expect(derivationChecks(notebook).length).toBeGreaterThan(3);
    expect(derivationChecks(notebook).filter(({ holds }) => !holds)).toEqual([]);
    if (name !== FLAGSHIP) expect(readSavedShort(root, name)?.code).toBe(codeDigest(code));
  });

  it('shows on GitHub what our views show: each has a picture and a sentence', () => {
    const bundles = code.flatMap(({ outputs }) => outputs.flatMap((one) => ('data' in one ? [one.data] : [])));
    const views = bundles.filter((data) => Object.keys(data as object).some((mime) => /vnd\.latentlab\./.test(mime)));
    expect(views.length).toBeGreaterThan(2);
    for (const view of views as Record<string, unknown>[]) {
      expect(view['text/plain']).toBeDefined();
      expect(Object.keys(view).some((mime) => /^(image\/|text\/html)/.test(mime))).toBe(true);
    }
  });

  it('has no time, device or address of the run in it, and at most 1.5 MB', () => {
    expect(notebook.metadata['latentlab']).toBeUndefined();
    expect(code.filter(({ metadata }) => 'execution' in metadata)).toEqual([]);
    expect(statSync(file).size).toBeLessThanOrEqual(ROOM);
    expect(readFileSync(file, 'utf8')).not.toMatch(/secondsElapsed|"\/(work|home|root|Users)\//);
  });
});

describe('the tour samples/README.md', () => {
  it('names every notebook', () => {
    const readme = path.join(samplesFolder(root), 'README.md');
    expect(existsSync(readme)).toBe(true);
    const text = readFileSync(readme, 'utf8');
    expect(sampleNames(root).filter((name) => !text.includes(`(${name}.ipynb)`))).toEqual([]);
  });
});
