/** Cells that show a value: the functions of `latentlab` that take it, called with what the notebook has for them. */
import { widthOf, type SampleShape } from '../../autoencoders/samples';
import type { Plot } from '../../protocol';
import type { Described } from './describe';
import { isDataset, isHistory, isModel } from './libraryValues';
import type { UserNames } from './names';
import { property } from './safely';

/** The functions that look into a model, the methods that each needs, and how it is called with data. */
const OF_MODELS = [
  { name: 'latentScatter', needs: ['encode', 'decode'], args: (model: string, data: string) => `(${model}, ${data})` },
  { name: 'reconstructions', needs: ['reconstruct'], args: (model: string, data: string) => `(${model}, ${data})` },
  {
    name: 'traverse',
    needs: ['encode', 'decode'],
    args: (model: string, data: string) => `(${model}, { data: ${data} })`,
  },
  { name: 'anomalies', needs: ['reconstruct'], args: (model: string, data: string) => `(${model}, ${data})` },
  { name: 'codebookHistogram', needs: ['codes'], args: (model: string, data: string) => `(${model}, ${data})` },
] as const;

export class Plots {
  /** Names of data sets, by the width of their samples; the one declared last counts. */
  private readonly data = new Map<number, string>();
  private readonly taken: (name: string) => boolean;

  constructor(names: UserNames, values: readonly [name: string, value: unknown][]) {
    this.taken = (name) => names.has(name) && !names.isImported(name);
    for (const [name, value] of values) {
      if (isDataset(value)) this.data.set(widthOf(property(value, 'shape') as SampleShape), name);
    }
  }

  of(value: unknown, { kind, hasPicture, shape, dtype, type }: Described, expression: string | undefined): Plot[] {
    if (expression === undefined) return [];
    if (isModel(value)) return this.ofModel(value, expression);
    if (isHistory(value)) return [this.call('lossCurves', `(${expression})`)];
    const plots: Plot[] = [];
    if (hasPicture) plots.push(this.call('image', `(${expression})`));
    const isNumbers = (kind === 'numbers' || kind === 'tensor') && dtype !== 'string' && dtype !== 'complex64';
    const isDrawn = isNumbers && type !== 'disposed' && shape !== undefined && shape.length > 0 && shape.length <= 2;
    if (isDrawn) plots.push(this.call('plot', `(${expression})`));
    return plots;
  }

  private ofModel(value: unknown, expression: string): Plot[] {
    const input = property(property(value, 'config'), 'input') as SampleShape | undefined;
    const data = input && this.data.get(widthOf(input));
    const can = (method: string) => typeof property(value, method) === 'function';
    const plots: Plot[] = [];
    for (const { name, needs, args } of OF_MODELS) {
      if (data !== undefined && needs.every(can)) plots.push(this.call(name, args(expression, data)));
    }
    if (can('sample')) plots.push(this.call('samples', `(${expression})`));
    return plots;
  }

  /** A cell that imports the function, under another name where the notebook has one of its own. */
  private call(name: Plot['name'], args: string): Plot {
    const local = this.taken(name) ? `${name}OfLatentLab` : name;
    const wait = name === 'lossCurves' ? '' : 'await ';
    const imported = local === name ? name : `${name} as ${local}`;
    return { name, code: `import { ${imported} } from 'latentlab';\n${wait}${local}${args}` };
  }
}
