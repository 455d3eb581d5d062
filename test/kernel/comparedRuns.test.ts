/** Trainings beside each other: one that continues, and the one that a cell ran before. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../kernel/views/encoding';
import { MIME } from '../../kernel/views/types';
import type { ComparisonChange, ComparisonView, LossCurvesView } from '../../kernel/views/types';
import { KernelUnderTest, toldOf } from './kernelUnderTest';

const MODEL = `
import { compare, Dataset, VAE } from 'latentlab';
const data = Dataset.from(Array.from({ length: 1024 }, (_, i) => [Math.sin(i), Math.cos(i), i % 2]));
const vae = (beta: number) => new VAE({ input: 3, latent: 1, hidden: [8], likelihood: 'gaussian', seed: 1, beta });`;

let kernel: KernelUnderTest;
beforeAll(async () => {
  kernel = await KernelUnderTest.start();
  expect((await kernel.run(MODEL)).error).toBeUndefined();
});
afterAll(() => kernel.stop());

describe('a comparison with a training that goes on', () => {
  it('tells what is new of it, and is whole in the document once it has ended', async () => {
    const { id, finished } = kernel.begin(`
const first = await vae(1).fit(data, { epochs: 20 });
const started = ({ history }) => void display(compare({ first, second: history }));
const second = await vae(4).fit(data, { epochs: 300, callbacks: { started } });
[first, second].map(({ final }) => final.train.total)`);
    const { displays, error } = await finished;
    expect(error).toBeUndefined();
    const shown = kernel.messages.filter((message) => message.type === 'display' && message.id === id);
    const views = shown.flatMap((message) => {
      const view = message.type === 'display' ? message.bundle[MIME.comparison] : undefined;
      return view ? [view as ComparisonView] : [];
    });
    const [begun, ended] = [views[0]!, views.at(-1)!];
    expect(begun.runs.map(({ running }) => running ?? false)).toEqual([false, true]);
    expect(begun.notes[0]).toMatch(/^Settings that differ: objective\.beta 1 → 4; epochs 20 → 300\.$/);
    expect(ended.runs.map(({ running }) => running ?? false)).toEqual([false, false]);
    // The document's last state has the numbers of the histories themselves, and a picture.
    const [one, two] = JSON.parse(String(displays.at(-1)!.bundle['text/plain']).replaceAll("'", '"')) as number[];
    const ends = ended.runs.map(({ series }) => series.find(({ name }) => name === 'total')!.last!);
    expect(ends[0]).toBeCloseTo(one!, 6);
    expect(ends[1]).toBeCloseTo(two!, 6);
    const last = shown.findLast((message) => message.type === 'display' && MIME.comparison in message.bundle);
    expect(last?.type === 'display' && last.bundle['image/png']).toBeTruthy();
    const told = toldOf(kernel, begun.id);
    const changes = told.filter(({ type }) => type === 'viewChange').map((frame) => (frame as { change: unknown }).change as ComparisonChange); // prettier-ignore
    expect(changes.length).toBeGreaterThan(3);
    // Nothing more comes of the training that had ended.
    expect(new Set(changes.flatMap(({ runs }) => runs.map(({ run }) => run)))).toEqual(new Set([1]));
    const size = changes.reduce((all, change) => all + JSON.stringify(change).length, 0) / changes.length;
    expect(size).toBeLessThan(JSON.stringify(ended).length / 3);
  });
});

describe('a cell that is run again', () => {
  const run = async (beta: number, epochs: number): Promise<LossCurvesView> => {
    const id = randomUUID();
    const cell = { id, cellName: `cell ${beta}`, source: 'vscode-notebook-cell:/a.ipynb#W1', language: 'typescript' as const }; // prettier-ignore
    await kernel.client.execute({ ...cell, code: `await vae(${beta}).fit(data, { epochs: ${epochs} }); undefined` });
    const last = kernel.messages.findLast((message) => message.type === 'display' && message.id === id);
    return (last as { bundle: Record<string, unknown> }).bundle[MIME.lossCurves] as LossCurvesView;
  };

  it('shows its last run behind, and what has changed since', async () => {
    const first = await run(1, 30);
    expect(first.lastRun).toBeUndefined();
    const again = await run(4, 20);
    expect(again.lastRun!.note).toBe('Changed since the last run of this cell: objective.beta 1 → 4; epochs 30 → 20.');
    const total = again.lastRun!.series.find(({ name, split }) => name === 'total' && split === 'train')!;
    const values = [...decode(first.series[0]!.values)];
    // 240 steps fit into 400 stretches: they are the steps themselves.
    expect([...decode(total.means)]).toEqual(values);
    expect(total.last).toBeCloseTo(first.series[0]!.lastEpoch!, 6);
    expect((await run(4, 20)).lastRun!.note).toBe('The last run of this cell had the same settings.');
  });
});
