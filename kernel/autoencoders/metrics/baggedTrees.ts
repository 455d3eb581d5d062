/** Ensembles of CART trees on bootstrap samples, and how much each input matters to them (Breiman 1996). */
import { DecisionTreeClassifier, DecisionTreeRegression } from 'ml-cart';
import type { TreeNode } from 'ml-cart';
import type { RandomStream } from '../random';
import { mean, variance } from '../data/factors';

export interface BaggedTrees {
  /** By input, summing to 1: how much the splits on it lower the impurity, over all trees; all 0 without a split. */
  importances: number[];
  /** The mean of the trees, or the class that most of them name. */
  predict(rows: readonly Float64Array[]): number[];
}

interface Options {
  trees: number;
  maxDepth: number;
  stream: RandomStream;
}

/** @param targets numbers, or classes 0, 1, … */
export function baggedTrees(
  kind: 'regression' | 'classification',
  rows: readonly Float64Array[],
  targets: Float64Array,
  { trees: count, maxDepth, stream }: Options,
): BaggedTrees {
  const impurity = kind === 'regression' ? variance : gini;
  const importances = new Array<number>(rows[0]!.length).fill(0);
  const trees = Array.from({ length: count }, () => {
    const drawn = Array.from(rows, () => stream.integer(rows.length));
    // What the package calls the gain of a regression is the error left: at 0 a split is perfect, and to be made.
    const options = { maxDepth, minNumSamples: 3, gainThreshold: -1 };
    const tree = kind === 'regression' ? new DecisionTreeRegression(options) : new DecisionTreeClassifier(options);
    const [x, y] = [drawn.map((row) => Array.from(rows[row]!)), drawn.map((row) => targets[row]!)];
    // The package makes no leaf of a node without a split, which targets that are all equal would need.
    if (new Set(y).size > 1) {
      tree.train(x, y);
      addImportances(tree.root, x, y, impurity, importances);
      return (given: number[][]) => tree.predict(given);
    }
    return (given: number[][]) => given.map(() => y[0]!);
  });
  const total = importances.reduce((sum, value) => sum + value, 0);
  return {
    importances: importances.map((value) => (total > 0 ? value / total : 0)),
    predict: (given) => {
      const arrays = given.map((row) => Array.from(row));
      const votes = trees.map((predict) => predict(arrays));
      return arrays.map((_, i) => {
        const all = votes.map((predicted) => predicted[i]!);
        return kind === 'regression' ? mean(all) : mostFrequent(all);
      });
    },
  };
}

/** n · impurity of a node less that of its children, to the input it splits on; the package's own numbers mix both. */
function addImportances(
  node: TreeNode,
  x: number[][],
  y: number[],
  impurity: (values: number[]) => number,
  importances: number[],
): void {
  const { left, right, splitColumn, splitValue } = node;
  if (!left || !right || splitColumn === undefined || splitValue === undefined) return;
  const below = [...x.keys()].filter((i) => x[i]![splitColumn]! < splitValue);
  const others = [...x.keys()].filter((i) => !(x[i]![splitColumn]! < splitValue));
  const of = <T>(values: T[], rows: number[]) => rows.map((row) => values[row]!);
  const weighed = (values: number[]) => (values.length > 0 ? values.length * impurity(values) : 0);
  importances[splitColumn]! += weighed(y) - weighed(of(y, below)) - weighed(of(y, others));
  addImportances(left, of(x, below), of(y, below), impurity, importances);
  addImportances(right, of(x, others), of(y, others), impurity, importances);
}

/** 1 − Σ p². */
function gini(classes: number[]): number {
  const counts = new Map<number, number>();
  for (const one of classes) counts.set(one, (counts.get(one) ?? 0) + 1);
  return 1 - [...counts.values()].reduce((sum, count) => sum + (count / classes.length) ** 2, 0);
}

function mostFrequent(values: number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
