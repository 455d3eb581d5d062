/** What is new of a training's curves: told ten times a second, where the whole would be eighty kilobytes. */
import { stretchTails, tailOf } from './encodedTails';
import { decode, encode } from './encoding';
import type { PlainCurve, PlainLossCurves } from './lossCurves';
import { joined } from './tails';
import type {
  CurveChange,
  EncodedArray,
  EncodedStretches,
  EncodedTail,
  LossCurvesChange,
  LossCurvesView,
  NamedCurve,
  Series,
  SeriesChange,
} from './types';

/**
 * From one state of a training to the next.
 *
 * @param revision of the next state
 * @returns undefined if there are other curves than before: only the whole view can tell them
 */
export function changeOf(
  known: PlainLossCurves,
  next: PlainLossCurves,
  revision: number,
): LossCurvesChange | undefined {
  if (namesOf(known) !== namesOf(next)) return undefined;
  const series = next.series.map((one, i): SeriesChange | undefined => {
    const before = known.series[i]!;
    const curve = curveTails(before, one);
    if (!curve && before.lastEpoch === one.lastEpoch) return undefined;
    const { name, split, lastEpoch, stretches } = one;
    return {
      ...{ name, split, ...(curve ?? unchanged(before)) },
      ...(lastEpoch !== undefined && { lastEpoch }),
      ...(stretches && { stretches: stretchTails(before.stretches, stretches) }),
    };
  });
  const { summary, progress, notes } = next;
  const [measures, figures] = [
    namedTails(known.measures, next.measures),
    namedTails(known.figures, next.figures),
  ] as const;
  return {
    ...{ revision, summary, progress, notes, series: series.filter(isThere) },
    schedules: namedTails(known.schedules, next.schedules),
    ...(measures.length > 0 && { measures }),
    ...(figures.length > 0 && { figures }),
  };
}

function namedTails(known: readonly PlainCurve[], next: readonly (PlainCurve & { name: string })[]): CurveChange[] {
  return next.flatMap((one, i) => {
    const curve = curveTails(known[i]!, one);
    return curve ? [{ name: one.name, ...curve }] : [];
  });
}

/**
 * The view after a change.
 *
 * @throws RangeError when it does not follow this view
 */
export function changed(view: LossCurvesView, change: LossCurvesChange): LossCurvesView {
  const { revision, summary, progress, notes } = change;
  if (revision !== (view.revision ?? NaN) + 1) {
    throw new RangeError(`state ${revision} does not follow state ${String(view.revision)}`);
  }
  const series = view.series.map((one): Series => {
    const news = change.series.find(({ name, split }) => name === one.name && split === one.split);
    return news ? changedSeries(one, news) : one;
  });
  const { measures, figures } = view;
  return {
    ...{ ...view, revision, summary, progress, notes, series },
    schedules: changedCurves(view.schedules, change.schedules),
    ...(measures && { measures: changedCurves(measures, change.measures) }),
    ...(figures && { figures: changedCurves(figures, change.figures) }),
  };
}

function changedCurves<T extends NamedCurve>(known: readonly T[], changes: readonly CurveChange[] = []): T[] {
  return known.map((one) => {
    const news = changes.find(({ name }) => name === one.name);
    return news ? { ...one, ...changedCurve(one, news) } : one;
  });
}

const namesOf = ({ series, schedules, measures, figures }: PlainLossCurves) =>
  JSON.stringify([
    series.map(({ name, split }) => [name, split]),
    [schedules, measures].map((curves) => curves.map(({ name }) => name)),
    figures.map(({ name, dimensions }) => [name, dimensions]),
  ]);

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function curveTails(known: PlainCurve, next: PlainCurve) {
  const [steps, values] = [tailOf('float32', known.steps, next.steps), tailOf('float32', known.values, next.values)];
  const isSame = [steps, values].every(({ keep, tail }) => keep === known.steps.length && tail.shape[0] === 0);
  return isSame ? undefined : { steps, values };
}

const unchanged = ({ steps, values }: PlainCurve) => ({
  steps: tailOf('float32', steps, steps),
  values: tailOf('float32', values, values),
});

function changedSeries(one: Series, news: SeriesChange): Series {
  const { name, split } = one;
  return {
    ...{ name, split, ...changedCurve(one, news) },
    ...(news.stretches && { stretches: changedStretches(one.stretches, news.stretches) }),
    ...(news.lastEpoch !== undefined && { lastEpoch: news.lastEpoch }),
  };
}

function changedCurve(one: Pick<Series, 'steps' | 'values'>, news: Record<'steps' | 'values', EncodedTail>) {
  return { steps: extended(one.steps, news.steps), values: extended(one.values, news.values) };
}

function changedStretches(
  known: EncodedStretches | undefined,
  news: Record<keyof EncodedStretches, EncodedTail>,
): EncodedStretches {
  return {
    steps: extended(known?.steps, news.steps),
    means: extended(known?.means, news.means),
    sizes: extended(known?.sizes, news.sizes),
  };
}

function extended(known: EncodedArray | undefined, { keep, tail }: EncodedTail): EncodedArray {
  return known ? encode(tail.dtype, joined(decode(known), keep, decode(tail))) : tail;
}
