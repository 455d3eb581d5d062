/** What stands above each sample that is wider than high. */
import { alike, sampleName } from '../../views/wording';

export interface Captioned {
  /** Whether the samples are drawn from a prior. */
  isDrawn: boolean;
  labels: readonly string[];
  methods: readonly { name: string; errors: ArrayLike<number | null> }[];
}

/** `row 3 · left · squared error: VAE 12.31, PCA 20.10`; of one method alone `row 3 · left · squared error 12.31` */
export function stripCaptions({ isDrawn, labels, methods }: Captioned, order: readonly number[]): string[] {
  const measured = methods.filter(({ errors }) => errors.length > 0);
  const written = measured.map(({ errors }) => alike(order.map((sample) => errors[sample] ?? NaN)));
  return order.map((sample, i) => {
    const errors = measured.map(({ name }, m) =>
      methods.length === 1 ? written[m]![i]! : `${name} ${written[m]![i]!}`,
    );
    const error = errors.length === 0 ? [] : [`squared error${methods.length === 1 ? '' : ':'} ${errors.join(', ')}`];
    const label = labels[sample] === undefined ? [] : [labels[sample]];
    return [sampleName(isDrawn, sample), ...label, ...error].join(' · ');
  });
}
