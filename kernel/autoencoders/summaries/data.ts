/** Data sets, histories and explanations in a line. */
import { UNKNOWN } from '../data/classes';
import { Dataset } from '../data/dataset';
import { Sprites } from '../data/sprites';
import { Explanation } from '../models/explanation';
import { TrainingHistory } from '../training/logs/history';
import { classesText, samplesText, streamFacts, unlabelledText } from './samples';
import { bytes, counted, quantity, summarised } from './summary';

summarised(Dataset, 'Dataset', ({ name, values, length, shape, labels, classNames, standardization }) => [
  name === 'data' ? null : name,
  samplesText(length, shape),
  labels && (classNames.length > 0 ? classesText(classNames) : 'classes without names'),
  labels && unlabelledText(labels, UNKNOWN),
  standardization && 'standardized',
  `float32, ${bytes(values.byteLength)}`,
]);

summarised(Sprites, 'Sprites', (sprites) => [
  ...streamFacts(sprites),
  `factors ${sprites.factors.map(({ name }) => name).join(', ')}`,
]);

summarised(TrainingHistory, 'History', ({ title, unit, progress, series, final }) => {
  const { state, step, totalSteps, epochs, secondsElapsed } = progress;
  const { total } = final.train;
  const first = series.find(({ name, split }) => name === 'total' && split === 'train')?.values[0];
  const validation = final.validation?.['total'];
  return [
    title,
    state === 'done'
      ? `${counted(epochs, 'epoch')}, ${counted(step, 'step')}`
      : `${IN_WORDS[state]} after ${counted(step, 'step')} of ${counted(totalSteps, 'step')}`,
    first !== undefined && total !== undefined
      ? `total ${quantity(first)} → ${quantity(total)} ${unit}${validation === undefined ? '' : `, ${quantity(validation)} on validation data`}`
      : null,
    `${quantity(Math.round(secondsElapsed * 10) / 10)} s`,
  ];
});

const IN_WORDS = { running: 'running', cancelled: 'stopped', failed: 'failed' };

summarised(
  Explanation,
  ({ model }) => `Explanation of ${model}`,
  ({ formula, terms }) => [`minimises ${formula}`, `terms ${terms.map(({ name }) => name).join(', ')}`],
);
