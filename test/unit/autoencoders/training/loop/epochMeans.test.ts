/** Means over an epoch: each step counts by its samples, wherever the mean is shown. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { VAE } from '../../../../../kernel/autoencoders/index';
import type { StepRecord, TrainingDiagnostics } from '../../../../../kernel/autoencoders/index';
import { Curve } from '../../../../../kernel/autoencoders/training/logs/curve';
import { finalLosses } from '../../../../../kernel/notebook/losses';
import type { Notebook } from '../../../../../kernel/notebook/format';
import { textWidth } from '../../../../../kernel/figures/marks';
import { trainingPicture } from '../../../../../kernel/figures/training/picture';
import { decode } from '../../../../../kernel/views/encoding';
import { lossCurves, MIME } from '../../../../../kernel/views/index';
import { useWasm } from '../../../engine/backends';
import { binarySamples } from '../../data';
import { streamOf, temporaryFolder } from '../support';

beforeAll(useWasm);
const path = temporaryFolder();

describe.each(['in memory', 'as a stream'])('an epoch of 129 samples %s, 128 of them in its first step,', (kind) => {
  it('has one mean: in the history, the caption, the figure, the table and the log', async () => {
    const samples = binarySamples(129, 12);
    const model = new VAE({ input: 12, latent: 2, hidden: [8], likelihood: 'gaussian', seed: 1 });
    const steps: StepRecord[] = [];
    let diagnostics: TrainingDiagnostics | undefined;
    const callbacks = {
      stepEnded: (step: StepRecord) => void steps.push(step),
      epochEnded: (epoch: { diagnostics: TrainingDiagnostics }) => void (diagnostics = epoch.diagnostics),
    };
    const log = path(`${kind}.jsonl`);
    const data = kind === 'in memory' ? samples : streamOf(samples, 50);
    const history = await model.fit(data, { epochs: 2, learningRate: 0.01, callbacks, log });
    const [first, last] = steps.slice(-2) as [StepRecord, StepRecord];
    const mean = (of: (step: StepRecord) => number) => (128 * of(first) + of(last)) / 129;
    const expected = mean(({ losses }) => losses['total']!);
    expect(Math.abs(first.losses['total']! - last.losses['total']!)).toBeGreaterThan(0.1);

    expect(history.final.train['total']).toBeCloseTo(expected, 5);
    const view = lossCurves(history, { id: 'a' });
    expect(view.series.find(({ name, split }) => name === 'total' && split === 'train')!.lastEpoch).toBeCloseTo(
      expected,
      5,
    );
    expect(view.summary).toContain(`to ${Number(expected.toPrecision(4))} nats`);
    const { marks } = trainingPicture(view, { decode, width: 860, widthOf: textWidth });
    const texts = marks.flatMap((mark) => (mark.kind === 'text' ? [mark.text] : []));
    expect(texts[texts.indexOf('total') + 1]).toBe(`${expected.toPrecision(4)} last epoch`);
    const output = { output_type: 'display_data', data: { [MIME.lossCurves]: view }, metadata: {} };
    const notebook = { cells: [{ cell_type: 'code', outputs: [output] }] } as unknown as Notebook;
    expect(finalLosses(notebook)[0]!.terms.find(({ name }) => name === 'total')!.train).toBeCloseTo(expected, 5);
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    const epoch = lines.map((line) => JSON.parse(line) as { type: string; train: Record<string, number> });
    expect(epoch.filter(({ type }) => type === 'epoch').at(-1)!.train['total']).toBeCloseTo(expected, 5);
    expect(diagnostics!.gradientNorm.mean).toBeCloseTo(
      mean(({ gradientNorm }) => gradientNorm),
      5,
    );
    model.dispose();
  });
});

describe('a point that stands for several steps', () => {
  it('is their mean by samples, however often points were merged', () => {
    const [steps, values]: [number[], number[]] = [[], []];
    const curve = new Curve(steps, values, 4);
    const weights = [128, 1, 128, 1, 128, 1, 128, 1];
    weights.forEach((weight, i) => curve.push(i + 1, i, weight));
    curve.flush();
    const of = (from: number, to: number) => {
      const range = weights.slice(from, to);
      return range.reduce((sum, w, i) => sum + w * (from + i), 0) / range.reduce((sum, w) => sum + w, 0);
    };
    expect(steps).toEqual([4, 8]);
    expect(values[0]).toBeCloseTo(of(0, 4), 10);
    expect(values[1]).toBeCloseTo(of(4, 8), 10);
  });
});
