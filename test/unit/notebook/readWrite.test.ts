import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNotebook, readNotebook } from '../../../kernel/notebook/read';
import { formatNotebook, writeNotebook } from '../../../kernel/notebook/write';
import { temporaryFolder } from './files';

const folder = temporaryFolder();
// Written by Jupyter's own library (nbformat 5.11).
const jupyter = readFileSync(new URL('./fixtures/jupyter.ipynb', import.meta.url), 'utf8');

const minimal = (cells: unknown[], rest: object = {}) =>
  JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5, ...rest });

describe('a notebook that nothing has changed', () => {
  const roundTrip = (text: string) => {
    const { notebook, layout } = parseNotebook(text, 'a.ipynb');
    return formatNotebook(notebook, layout);
  };

  it('is written as Jupyter wrote it, byte for byte, unknown fields included', () => {
    const path = join(folder, 'copy.ipynb');
    const { notebook, layout } = readNotebook(new URL('./fixtures/jupyter.ipynb', import.meta.url).pathname);
    writeNotebook(path, notebook, layout);
    expect(readFileSync(path, 'utf8')).toBe(jupyter);
  });

  it.each([
    ['four spaces, as black or prettier lay it out', JSON.stringify(JSON.parse(jupyter), null, 4)],
    ['tabs', `${JSON.stringify(JSON.parse(jupyter), null, '\t')}\n`],
    ['one line', JSON.stringify(JSON.parse(jupyter))],
    ['Windows line breaks', jupyter.replaceAll('\n', '\r\n')],
  ])('keeps its layout: %s', (_, text) => {
    expect(roundTrip(text)).toBe(text);
  });

  it('may have any order of keys', () => {
    const text = '{"nbformat":4,"nbformat_minor":2,"x":{"b":1,"a":2},"metadata":{},"cells":[]}';
    expect(roundTrip(text)).toBe(text);
  });
});

describe('writing', () => {
  it('leaves nothing but the whole file', () => {
    const place = join(folder, 'deep', 'er');
    const { notebook } = parseNotebook(minimal([]), 'a.ipynb');
    writeNotebook(join(place, 'new.ipynb'), notebook);
    expect(readdirSync(place)).toEqual(['new.ipynb']);
    expect(readFileSync(join(place, 'new.ipynb'), 'utf8')).toBe(
      '{\n "cells": [],\n "metadata": {},\n "nbformat": 4,\n "nbformat_minor": 5\n}\n',
    );
  });

  it('that fails leaves what was there, and no half-written file', () => {
    const place = join(folder, 'taken');
    mkdirSync(join(place, 'out.ipynb', 'inside'), { recursive: true });
    const { notebook } = parseNotebook(minimal([]), 'a.ipynb');
    expect(() => writeNotebook(join(place, 'out.ipynb'), notebook)).toThrow();
    expect(readdirSync(place)).toEqual(['out.ipynb']);
  });
});

describe('a file that is no notebook', () => {
  const errorOf = (content: string) => {
    const path = join(folder, 'bad.ipynb');
    writeFileSync(path, content);
    let message = '';
    try {
      readNotebook(path);
    } catch (error) {
      message = (error as Error).message;
    }
    return message.replace(folder, '');
  };

  it('is named when it does not exist, is a folder, or is empty', () => {
    expect(() => readNotebook(join(folder, 'none.ipynb'))).toThrow(/none\.ipynb: there is no such file/);
    expect(() => readNotebook(folder)).toThrow(/is a folder/);
    expect(errorOf('  \n')).toBe('/bad.ipynb is empty; expected a notebook (JSON)');
  });

  it('is not JSON: the error has line and column', () => {
    expect(errorOf('{\n "cells": [\n  {} {}\n ]\n}')).toBe(
      '/bad.ipynb is not JSON, as notebooks are: line 3, column 6: comma expected',
    );
    expect(errorOf('print("hello")')).toContain('line 1, column 1: invalid symbol');
    expect(errorOf(jupyter.slice(0, 300))).toMatch(/is not JSON, as notebooks are: line \d+, column \d+: /);
  });

  it('is JSON of another kind', () => {
    expect(errorOf('[1, 2]')).toBe(
      '/bad.ipynb is not a notebook: the file: expected a value of type object, found [1,2]',
    );
    expect(errorOf('{"name": "latentlab"}')).toContain('is not a notebook: nbformat: expected 4, found nothing');
  });

  it('has another notebook format', () => {
    expect(errorOf('{"nbformat": 3, "worksheets": []}')).toContain(
      'has notebook format 3, expected 4. Convert it first: jupyter nbconvert --to notebook --inplace',
    );
    expect(errorOf('{"nbformat": 5}')).toBe('/bad.ipynb has notebook format 5, expected 4');
  });

  it.each([
    [
      { cell_type: 'heading', metadata: {}, source: '' },
      'cells[0].cell_type: expected "markdown", "code" or "raw", found "heading"',
    ],
    [{ cell_type: 'markdown', metadata: {}, source: 3 }, 'cells[0].source: expected text or a list of lines, found 3'],
    [
      { cell_type: 'code', metadata: {}, source: '', outputs: [] },
      'cells[0].execution_count: expected a value of type number, found nothing',
    ],
    [
      { cell_type: 'code', metadata: {}, source: '', execution_count: 1, outputs: [{ output_type: 'pyout' }] },
      'cells[0].outputs[0].output_type: expected "stream", "display_data", "execute_result" or "error", found "pyout"',
    ],
  ])('has a field that is wrong: %#', (cell, problem) => {
    expect(errorOf(minimal([cell]))).toBe(`/bad.ipynb is not a notebook: ${problem}`);
  });
});
