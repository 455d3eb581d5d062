/** What is new of a training, put behind what is known of it. */
import * as z from '../../schema';
import { lastTrainingValue } from '../../../kernel/views/epochs';
import type { EncodedTail, LossCurvesChange, SeriesChange } from '../../../kernel/views/types';
import { encodedTail, extended } from '../../tails';
import { curveOf, figuresOf, stretchesFrom, withEnds } from '../../../kernel/figures/training/curves';
import type {
  Curve,
  DecodedStretches,
  LossData,
  NamedCurve,
  Term,
  TrainingCurve,
} from '../../../kernel/figures/training/curves';
import { progressSchema } from './curves';

const curve = { steps: encodedTail, values: encodedTail };

const named = z.object({ name: z.string(), ...curve });

export const lossCurvesChangeSchema: z.Schema<LossCurvesChange> = z.object({
  revision: z.number(),
  summary: z.string(),
  progress: progressSchema,
  notes: z.array(z.string()),
  series: z.array(
    z.object({
      name: z.string(),
      split: z.enum(['train', 'validation']),
      ...curve,
      stretches: z.optional(z.object({ steps: encodedTail, means: encodedTail, sizes: encodedTail })),
      lastEpoch: z.optional(z.number()),
    }),
  ),
  schedules: z.array(named),
  measures: z.optional(z.array(named)),
  figures: z.optional(z.array(named)),
});

/** @throws RangeError when the change does not fit what is known */
export function changedCurves(data: LossData, change: LossCurvesChange): LossData {
  const { progress } = change;
  const terms = data.terms.map((term): Term => {
    const news = change.series.filter(({ name }) => name === term.name);
    if (news.length === 0) return term;
    const [train, validation] = (['train', 'validation'] as const).map((split) =>
      news.find((one) => one.split === split),
    );
    return {
      name: term.name,
      train: train ? changedTraining(train, term.train, data) : term.train,
      validation: validation ? changedCurve(validation, term.validation) : term.validation,
    };
  });
  const schedules = changedNamed(data.schedules, change.schedules);
  const measures = changedNamed(data.measures, change.measures);
  const figures = data.figures.map((known) => {
    const news = change.figures?.find(({ name }) => name === known.name);
    const { name, dimensions } = known;
    return news
      ? figuresOf(name, dimensions, extended(known.steps, news.steps), extended(known.values, news.values))
      : known;
  });
  return withEnds({ ...data, terms, schedules, measures, figures, progress });
}

function changedNamed(known: readonly NamedCurve[], changes: readonly CurveNews[] = []): NamedCurve[] {
  return known.map((one) => {
    const news = changes.find(({ name }) => name === one.name);
    return news ? { name: one.name, ...changedCurve(news, one) } : one;
  });
}

type CurveNews = { name: string } & Record<'steps' | 'values', EncodedTail>;

function changedCurve(news: CurveNews, known: Curve | undefined): Curve {
  return curveOf(news.name, extended(known?.steps, news.steps), extended(known?.values, news.values));
}

function changedTraining(news: SeriesChange, known: TrainingCurve | undefined, data: LossData): TrainingCurve {
  const { steps, values } = changedCurve(news, known);
  const stretches = news.stretches && changedStretches(news.name, news.stretches, known?.stretches);
  return { steps, values, stretches, last: lastTrainingValue(news, steps, values, data) };
}

function changedStretches(
  name: string,
  news: NonNullable<SeriesChange['stretches']>,
  known: DecodedStretches | undefined,
): DecodedStretches {
  const { steps, means, sizes } = news;
  return stretchesFrom(
    name,
    extended(known?.steps, steps),
    extended(known?.means, means),
    extended(known?.sizes, sizes),
  );
}
