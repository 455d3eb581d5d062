import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Formulas } from '../../../extension/language/service/formulas';
import { NotebookTypes } from '../../../extension/language/service/service';

const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-untyped-'));
const URI = 'file:///notebook.ipynb';
const CELLS = [
  "import digits from 'untyped'; const own = 1;",
  'digits.rows.map(({ input }) => input); const twice = (x) => 2 * x;',
  'const wrong: string = own;',
];

/** `cell: code`, of the notebook in its folder. */
function errorsIn(place: string): string[] {
  const types = new NotebookTypes(path.resolve(__dirname, '../../..'), new Formulas(() => () => ''), () => undefined);
  const cells = CELLS.map((text, i) => ({ id: String(i + 1), language: 'typescript' as const, text }));
  types.open(URI, place, cells);
  return cells.flatMap(({ id }) =>
    types
      .problems({ notebook: URI, cell: id })
      .flatMap((one) => (one.severity === 'error' ? [`${id}: ${one.code}`] : [])),
  );
}

describe('cells without types', () => {
  beforeAll(() => {
    const place = path.join(folder, 'node_modules', 'untyped');
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'index.js'), 'module.exports = { rows: [{ input: [1] }] };');
    writeFileSync(path.join(place, 'package.json'), '{ "name": "untyped", "main": "index.js" }');
    mkdirSync(path.join(folder, 'strict'));
    writeFileSync(path.join(folder, 'strict', 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are no errors in a folder without a tsconfig, others are', () => {
    expect(errorsIn(folder)).toEqual(['3: 2322']);
  });

  it('are those that the folder’s tsconfig asks for', () => {
    expect(errorsIn(path.join(folder, 'strict'))).toEqual(
      expect.arrayContaining(['1: 7016', '2: 7031', '2: 7006', '3: 2322']),
    );
  });
});
