/** Classes of samples as views show them. */
import type { Samples } from '../../autoencoders/index';
import { UNKNOWN } from '../../autoencoders/data/classes';

const WITHOUT_CLASS = 'no class';

/** Samples without a class as their own class, since they belong to none of the others. */
export function shownClasses({ labels = null, classNames = [] }: Pick<Samples, 'labels' | 'classNames'>): {
  labels: Int32Array | null;
  classNames: string[];
} {
  if (!labels?.includes(UNKNOWN)) return { labels, classNames };
  const known = classNames.length || 1 + labels.reduce((most, label) => Math.max(most, label), UNKNOWN);
  const names = classNames.length > 0 ? classNames : Array.from({ length: known }, (_, i) => String(i));
  return { labels: labels.map((label) => (label === UNKNOWN ? known : label)), classNames: [...names, WITHOUT_CLASS] };
}

/** What stands under each sample; nothing where classes are not known. */
export function captions(samples: Pick<Samples, 'labels' | 'classNames'>): string[] {
  const { labels, classNames } = shownClasses(samples);
  return labels ? Array.from(labels, (label) => classNames[label] ?? String(label)) : [];
}
