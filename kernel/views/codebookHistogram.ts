import { encode } from './encoding';
import { VIEW_VERSION } from './types';
import { plainFigures, type ReportedFigures } from './figures';
import type { CodebookHistogramView, CodeMaps, CodePatches, CodePlane } from './types';
import { count, counted, quantity } from './wording';

export interface CodebookHistogramInput {
  id: string;
  title?: string;
  /** [K] how often each code was the nearest. */
  counts: ArrayLike<number>;
  /** What was counted, for example `2,000 held-out images × 8 codes`. */
  window: string;
  plane?: CodePlane | undefined;
  patches?: CodePatches | undefined;
  maps?: CodeMaps | undefined;
  /** What a training's history reports by epoch. */
  course?: ReportedFigures | undefined;
}

/** How a codebook is used, with the perplexity exp(−Σ p log p) of p = counts / Σ counts (0 when nothing was counted). */
export function codebookHistogram(input: CodebookHistogramInput): CodebookHistogramView {
  const counts = Array.from(input.counts);
  const wrong = counts.findIndex((value) => !Number.isInteger(value) || value < 0);
  if (wrong >= 0) throw new RangeError(`codebook histogram: code ${wrong} was counted ${counts[wrong]} times`);
  const perplexity = usagePerplexity(counts);
  const deadCodes = counts.filter((value) => value === 0).length;
  const title = input.title ?? 'Codebook usage';
  return {
    version: VIEW_VERSION,
    id: input.id,
    title,
    summary:
      `${title}: ${count(counts.length - deadCodes)} of ${counted(counts.length, 'code')} used in ${input.window}; ` +
      `perplexity ${quantity(perplexity)}; ${counted(deadCodes, 'dead code')}.`,
    counts: encode('int32', counts),
    perplexity,
    deadCodes,
    window: input.window,
    ...(input.plane && { plane: input.plane }),
    ...(input.patches && { patches: input.patches }),
    ...(input.maps && { maps: input.maps }),
    ...courseOf(input.course),
  };
}

const COURSE = ['codebookUsage', 'codebookPerplexity', 'deadCodes', 'codeCounts'];

function courseOf(reported: ReportedFigures | undefined): Pick<CodebookHistogramView, 'course'> {
  const course = plainFigures(reported).filter(({ name }) => COURSE.includes(name));
  if (course.length === 0) return {};
  return {
    course: course.map(({ name, dimensions, steps, values }) => ({
      ...{ name, dimensions, steps: encode('float32', steps), values: encode('float32', values) },
    })),
  };
}

function usagePerplexity(counts: number[]): number {
  const total = counts.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const entropy = counts.reduce(
    (sum, value) => (value === 0 ? sum : sum - (value / total) * Math.log(value / total)),
    0,
  );
  return Math.exp(entropy);
}
