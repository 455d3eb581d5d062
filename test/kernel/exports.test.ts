import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const cli = path.resolve('dist/kernel/cli.js');
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-exports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latentlab = (...args: string[]) => promisify(execFile)(process.execPath, [cli, ...args], { cwd: folder });

describe('exports', () => {
  it('are written from a notebook as it is saved, and nothing of it runs', async () => {
    const ran = path.join(folder, 'it-ran');
    const source = `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`;
    const cells = [
      { cell_type: 'markdown', metadata: {}, source: '# Saved' },
      { cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] },
    ];
    writeFileSync(
      path.join(folder, 'saved.ipynb'),
      JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }),
    );
    const { stdout } = await latentlab('export', 'saved.ipynb', '--to', 'md,ts,html', '--output', 'exports');
    const files = ['saved.md', 'saved.ts', 'saved.html'].map((name) => path.join(folder, 'exports', name));
    expect(stdout.trim().split('\n')).toEqual(files);
    for (const file of files) expect(readFileSync(file, 'utf8')).toContain('Saved');
    expect(existsSync(ran)).toBe(false);
    await expect(latentlab('export', 'saved.ipynb', '--to', 'docx')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--to knows html, md, ts, pdf; found "docx"'),
    });
  });
});
