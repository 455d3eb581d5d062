import { readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VALUE_MIME } from '../../kernel/views/types';
import { render, show } from './support/figures';
import { Lab } from './support/page';
import { checksView, codebookView, lossView, MIME, reconstructionView, scatterView } from './support/sampleViews';
import { sweepView } from './support/sweepViews';
import { plotlyFigure } from './support/values';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

const files = () =>
  Object.entries(lab.built.metafile.outputs).map(([path, output]) => ({
    path: relative(lab.built.folder, path),
    file: join(lab.built.folder, relative(lab.built.folder, path)),
    inputs: Object.keys(output.inputs),
  }));
const isPlotly = (inputs: string[]) => inputs.some((input) => input.endsWith('node_modules/plotly.js/src/core.js'));

describe('the built renderer', () => {
  it('starts with a small script, whatever it imports at once included', () => {
    const byPath = new Map(Object.entries(lab.built.metafile.outputs));
    const start = [...byPath.keys()].find((path) => path.endsWith('/index.js'))!;
    const atOnce = new Set<string>();
    const collect = (path: string) => {
      if (atOnce.has(path)) return;
      atOnce.add(path);
      for (const { path: next, kind } of byPath.get(path)!.imports) if (kind === 'import-statement') collect(next);
    };
    collect(start);
    const bytes = [...atOnce].reduce((sum, path) => sum + byPath.get(path)!.bytes, 0);
    expect(bytes).toBeLessThan(40_000);
  });

  it.each([
    ['loss curves', 60, MIME.lossCurves, lossView],
    ['the latent scatter', 60, MIME.latentScatter, scatterView],
    ['reconstructions', 60, MIME.reconstructions, reconstructionView],
    ['derivation checks', 60, MIME.derivationChecks, checksView],
    ['a sweep', 60, MIME.sweep, sweepView],
  ] as const)('draws %s with less than %i kB of code, packed by gzip', async (_, most, mime, view) => {
    const { page, loaded, close } = await lab.notebook();
    await show(page, mime, view());
    await close();
    const ours = loaded.filter((path) => path !== '/host.js');
    expect(ours.length).toBeGreaterThan(2);
    const packed = ours.map((path) => gzipSync(readFileSync(join(lab.built.folder, path))).length);
    expect(packed.reduce((sum, bytes) => sum + bytes)).toBeLessThan(most * 1000);
  });

  it('keeps plotly’s core in one chunk', () => {
    expect(files().filter(({ inputs }) => isPlotly(inputs))).toHaveLength(1);
  });

  it('builds no code from text', () => {
    const scripts = [...files().map(({ file }) => file), join(lab.built.folder, 'report.js')];
    const built = scripts.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/.{0,60}(?<![\w$.])(?:Function|eval)\((?![^()]*\)\{).{0,60}/g)].map(
        ([text]) => text,
      ),
    );
    expect(built).toEqual([]);
  });

  it('is a report script of less than one and a half megabytes', () => {
    expect(statSync(join(lab.built.folder, 'report.js')).size).toBeLessThan(1.5e6);
  });

  it('loads plotly with the first figure of it, and once', async () => {
    const { page, loaded, close } = await lab.notebook();
    const plotly = `/${files().find(({ inputs }) => isPlotly(inputs))!.path}`;
    await show(page, MIME.latentScatter, scatterView());
    await show(page, MIME.reconstructions, reconstructionView());
    await show(page, MIME.lossCurves, lossView());
    await show(page, MIME.codebookHistogram, codebookView(64, 4, 'one'));
    expect(loaded).not.toContain(plotly);
    for (const id of ['two', 'three']) expect(await render(page, id, VALUE_MIME.plotly, plotlyFigure())).toBeNull();
    expect(loaded.filter((path) => path === plotly)).toHaveLength(1);
    await close();
  });
});
