import { decode } from '../views/encoding';
import { lastTrainingValue } from '../views/epochs';
import { MIME } from '../views/types';
import type { LossCurvesView, Series } from '../views/types';
import { isCode } from './format';
import type { Notebook } from './format';

/** Where one training ended: its terms by name, each in the view's unit. */
export interface FinalLosses {
  title: string;
  unit: string;
  terms: { name: string; train?: number; validation?: number }[];
}

/** The last losses of every training that the notebook shows: training as the mean of its last epoch, validation as measured last. */
export function finalLosses(notebook: Notebook): FinalLosses[] {
  return notebook.cells
    .flatMap((cell) => (isCode(cell) ? cell.outputs : []))
    .map((output) => ('data' in output ? (output.data as Record<string, unknown>)[MIME.lossCurves] : undefined))
    .filter((view): view is LossCurvesView => view !== undefined)
    .map(summarize);
}

function summarize(view: LossCurvesView): FinalLosses {
  const names = [...new Set(view.series.map((series) => series.name))];
  const last = (name: string, split: Series['split']) => {
    const series = view.series.find((one) => one.name === name && one.split === split);
    if (!series) return undefined;
    const values = decode(series.values);
    return split === 'validation' ? values.at(-1) : lastTrainingValue(series, decode(series.steps), values, view);
  };
  const terms = names.map((name) => ({ name, train: last(name, 'train'), validation: last(name, 'validation') }));
  return { title: view.title, unit: view.unit, terms };
}
