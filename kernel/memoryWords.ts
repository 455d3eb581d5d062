/** What takes memory, in words: for errors of cells and of kernels that ended for want of it. */
import type { TensorMemory } from './protocol';

/** `196 kB`, of a thousand bytes each. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** How many are named at most. */
const NAMED = 5;

/** The tensors that take most: by what a cell calls them, with shape, type and size. */
export function largestTensors({ tensors, bytes, largest, unnamed, unnamedBytes }: TensorMemory): string {
  const one = ({ expression, shape, dtype, bytes: size }: TensorMemory['largest'][number]) =>
    `  ${expression}  [${shape.join(', ')}] ${dtype}, ${bytesText(size)}`;
  const head = `${tensors} tensors hold ${bytesText(bytes)}`;
  const lines = largest.slice(0, NAMED).map(one);
  if (unnamed > 0) lines.push(`  ${unnamed} that belong to no variable, ${bytesText(unnamedBytes)}`);
  return lines.length === 0 ? `${head}.` : `${head}; the largest:\n${lines.join('\n')}`;
}
