import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AnomalyDetector, Dataset } from '../../../../kernel/autoencoders/index';
import { anomalies } from '../../../../kernel/session/show/anomalies';
import { decode } from '../../../../kernel/views/encoding';
import { caseText, casesOf, decodedAnomalies } from '../../../../kernel/figures/anomalies/data';
import * as views from '../../../../kernel/views/index';
import { bundle, MIME } from '../../../../kernel/views/index';
import { splitSamples } from '../../../../kernel/views/samples';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Makes the first feature again, and nothing of the second: the score is its square. */
const model = {
  name: 'half',
  reconstruct: (x: unknown) => {
    const { values, length } = x as Dataset;
    return tf.tensor2d(values, [length, 2]).mul(tf.tensor1d([1, 0])) as tf.Tensor2D;
  },
};

const offs = [0.1, 0.2, 3, 0.3, 0.15, 2, 0.25, 0.05];
const rows = offs.map((off, i) => [i, off]);
const labels = [0, 0, 1, 0, 0, 1, 1, 0];
const data = Dataset.from(rows, { labels: labels.map((label) => ['fine', 'broken'][label]!) });
const broken = { anomalous: 'broken' };

describe('anomalies', () => {
  it('have the scores of the library, and a threshold from normal data as the detector has it', async () => {
    const normal = Dataset.from(Array.from({ length: 40 }, (_, i) => [0, i / 100]));
    const { view } = await anomalies(model, data, { ...broken, normal, quantile: 0.9 });
    offs.forEach((off, i) => expect(decode(view.scores)[i]).toBeCloseTo(off ** 2, 5));
    const detector = await AnomalyDetector.fit(model as never, normal, { quantile: 0.9 });
    expect(view.threshold).toBe(detector.threshold);
    expect(view.thresholdSource).toBe('the 90 % quantile of 40 normal samples');
    expect(decode(view.reference!)).toHaveLength(40);
  });

  it('know the area under the ROC curve: how often an anomaly scores above a normal sample', async () => {
    const { view } = await anomalies(model, data, broken);
    const pairs = offs.flatMap((a, i) => offs.flatMap((b, j) => (labels[i] === 1 && labels[j] === 0 ? [a > b] : [])));
    expect(view.areaUnderRoc).toBeCloseTo(pairs.filter(Boolean).length / pairs.length, 12);
    expect([...decode(view.anomalous!)]).toEqual(labels);
    expect(view.thresholdSource).toBe('the 95 % quantile of 5 normal samples of the data');
  });

  it('show the cases with what the model makes of them, the highest scores first', async () => {
    const { view } = await anomalies(model, data, broken);
    expect(view.cases.slice(0, 3).map(({ index }) => index)).toEqual([2, 5, 3]);
    expect(view.cases[0]).toMatchObject({ index: 2, label: 'broken', anomalous: true });
    const [inputs, made] = [decode(view.inputs), decode(view.reconstructions!)];
    expect([...inputs.subarray(0, 2)]).toEqual([2, 3]);
    expect([...made.subarray(0, 2)]).toEqual([2, 0]);
  });

  it('take an infinite score for the highest', async () => {
    const view = await views.anomalies({
      ...{ id: 'i', title: 'Scores', score: 'x', unit: '', scores: [1, Infinity, 2, NaN], anomalous: [false, true, false, true] },
      ...{ reference: null, threshold: 1.5, thresholdSource: '', areaUnderRoc: null, labels: [] },
      ...{ sampleShape: { kind: 'vector', features: ['a'] }, values: new Float32Array(4), reconstruct: null },
    }); // prettier-ignore
    const saved = JSON.parse(JSON.stringify(view)) as views.AnomaliesView;
    expect(saved.cases.map(({ index, score }) => [index, score])).toEqual([[1, null], [2, 2], [0, 1]]); // prettier-ignore
    const read = decodedAnomalies(saved, decode, splitSamples);
    expect(casesOf(read, 'highest scores', 1.5)).toEqual([0, 1, 2]);
    expect(casesOf(read, 'missed anomalies', 1.5)).toEqual([]);
    expect(caseText(saved.cases[0]!, 1.5)).toContain('score Infinity · flagged');
  });

  it('say which scores are not finite, and whether their samples count as flagged', async () => {
    const scores = [1, NaN, Infinity, 4, NaN, -Infinity];
    const view = await views.anomalies({
      ...{ id: 'i', title: 'Scores', score: 'x', unit: '', scores, anomalous: null, reference: null, threshold: 2 },
      ...{ thresholdSource: 'as given', areaUnderRoc: null, reconstruct: null, labels: [] },
      ...{ sampleShape: { kind: 'vector', features: ['a'] }, values: new Float32Array(6) },
    });
    expect(view.notes).toEqual([
      '2 scores NaN (the first is that of row 1): NaN is above no threshold, counts as not flagged, and has no place in the histogram.',
      '1 score −∞ (that of row 5): −∞ is above no threshold, counts as not flagged, and has no place in the histogram.',
      '1 score ∞ (that of row 2): ∞ is above every threshold, counts as flagged, and has no place in the histogram.',
    ]);
    expect(view.summary).toContain('33.3 % of 6 samples lie above the threshold 2');
  });

  it('need no labels', async () => {
    const { view } = await anomalies(model, Dataset.from(rows), { threshold: 1 });
    expect(view).toMatchObject({ anomalous: null, areaUnderRoc: null, threshold: 1, thresholdSource: 'as given' });
    expect(view.summary).toBe('Anomalies by half: 25.0 % of 8 samples lie above the threshold 1 (squared error).');
    const bundled = bundle(MIME.anomalies, view);
    expect(Buffer.from(bundled['image/png'] as string, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });

  it.each([
    [{ anomalous: 'odd' }, 'classes of the data ("broken", "fine")'],
    [{ anomalous: [true, false] }, '8 of true and false, one for each sample'],
    [{ anomalous: ['fine', 'broken'] }, 'both anomalies and normal samples'],
    [{ quantile: 1 }, 'a number between 0 and 1'],
    [{ threshold: NaN }, 'a finite number'],
  ])('refuse %j', async (options, message) => {
    await expect(anomalies(model, data, options)).rejects.toThrow(message);
  });
});
