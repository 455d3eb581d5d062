import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportNotebook, exportTarget } from '../../../../kernel/notebook/export/index';
import { findBrowser } from '../../../../kernel/notebook/export/pdf';
import type { Cell, Notebook, Output } from '../../../../kernel/notebook/format';
import { readDerivation } from '../../../../kernel/notebook/derivations/derivation';
import { requireChromium } from '../../../host/chromium.mjs';
import { temporaryFolder } from '../files';

const folder = temporaryFolder();
const scriptFile = join(folder, 'report.js');
/** A pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const display = (data: Record<string, unknown>): Output => ({ output_type: 'display_data', metadata: {}, data });
const code = (source: string, ...outputs: Output[]): Cell => ({
  cell_type: 'code',
  execution_count: 1,
  metadata: {},
  outputs,
  source,
});
const text = (source: string, attachments = {}): Cell => ({ cell_type: 'markdown', metadata: {}, source, attachments });

const notebook: Notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    text(
      '# A bound\n\n$$\n\\log p(x) \\ge \\mathcal L\n$$\n\n![own](attachment:own%20picture.png) ![beside](figures/a.png)',
      {
        'own picture.png': { 'image/png': PNG },
      },
    ),
    code('const a = `\n```\n`;\na', display({ 'image/png': PNG, 'text/plain': 'Losses fall [to 1].' })),
    code('print', { output_type: 'stream', name: 'stdout', text: 'one\rtwo\n\u001b[31mred\u001b[0m\n' }),
    code('table', display({ 'text/html': '<table><tr><td>1</td></tr></table><script>no()</script>' })),
  ],
};

const options = (format: 'md' | 'html' | 'pdf' | 'ts', target: string) =>
  ({ format, path: join(folder, 'bound.ipynb'), target, scriptFile }) as const;

describe('a notebook as Markdown', () => {
  it('has its text, code and outputs, and pictures in a folder beside it', async () => {
    const target = join(folder, 'out', 'bound.md');
    const files = await exportNotebook(notebook, options('md', target));
    expect(files).toEqual([
      target,
      join(folder, 'out', 'bound-pictures', 'text-1-own-picture.png'),
      join(folder, 'out', 'bound-pictures', 'cell-1-1.png'),
    ]);
    for (const picture of files.slice(1)) expect(readFileSync(picture).toString('base64')).toBe(PNG);
    const written = readFileSync(target, 'utf8');
    expect(written).toContain('![own](bound-pictures/text-1-own-picture.png) ![beside](../figures/a.png)');
    // A fence that the code does not close.
    expect(written).toContain(
      '````ts\nconst a = `\n```\n`;\na\n````\n\n![Losses fall to 1.](bound-pictures/cell-1-1.png)',
    );
    expect(written).toContain('```text\ntwo\nred\n```');
    expect(written).toContain('<table>');
    expect(written).not.toContain('<script>');
  });

  it('opens as a derivation with the same cells', async () => {
    const target = join(folder, 'again.md');
    await exportNotebook(notebook, options('md', target));
    const cells = readDerivation(readFileSync(target)).filter(({ kind }) => kind === 'code');
    expect(cells.map((cell) => cell.text)).toEqual(['const a = `\n```\n`;\na', 'print', 'table']);
  });
});

describe('a PDF', () => {
  it('is printed by an installed browser', async () => {
    process.env['LATENTLAB_BROWSER'] = requireChromium();
    const target = join(folder, 'bound.pdf');
    try {
      await exportNotebook(notebook, options('pdf', target));
    } finally {
      delete process.env['LATENTLAB_BROWSER'];
    }
    const bytes = readFileSync(target);
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.length).toBeGreaterThan(5000);
  });

  it('is refused by name where the browser that is named is not there', async () => {
    process.env['LATENTLAB_BROWSER'] = join(folder, 'none');
    try {
      await expect(exportNotebook(notebook, options('pdf', join(folder, 'no.pdf')))).rejects.toThrow(
        /LATENTLAB_BROWSER names .*none, and there is no such file/,
      );
    } finally {
      delete process.env['LATENTLAB_BROWSER'];
    }
    expect(existsSync(join(folder, 'no.pdf'))).toBe(false);
  });

  it('takes the browser on the PATH', () => {
    const browser = join(folder, 'google-chrome');
    writeFileSync(browser, '');
    expect(findBrowser({ PATH: folder })).toBe(process.platform === 'win32' ? undefined : browser);
  });
});

describe('the place of an export', () => {
  it('is beside the notebook, and never the notebook', async () => {
    expect(exportTarget('/a/notes.ipynb', 'md')).toBe('/a/notes.md');
    expect(exportTarget('/a/notes.md', 'md')).toBe('/a/notes-with-outputs.md');
    expect(exportTarget('/a/notes.md', 'ts', '/b')).toBe('/b/notes.ts');
    const path = join(folder, 'itself.md');
    writeFileSync(path, '# Notes\n');
    await expect(exportNotebook(notebook, { format: 'md', path, target: path, scriptFile })).rejects.toThrow(
      /is the notebook itself/,
    );
    expect(readFileSync(path, 'utf8')).toBe('# Notes\n');
  });
});
