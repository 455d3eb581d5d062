/** Types of packages that come without. */

declare module 'ml-cart' {
  import type { Matrix } from 'ml-matrix';

  export interface TreeNode {
    /** Where the values below `splitValue` in column `splitColumn` go; absent at a leaf. */
    left?: TreeNode;
    right?: TreeNode;
    splitColumn?: number;
    splitValue?: number;
  }

  export interface TreeOptions {
    maxDepth?: number;
    /** A node of at most so many samples is a leaf. Default 3. */
    minNumSamples?: number;
    /** For a classifier the least gain of a split, for a regression the least error that is left. */
    gainThreshold?: number;
  }

  export class DecisionTreeClassifier {
    constructor(options?: TreeOptions);
    readonly root: TreeNode;
    train(rows: Matrix | number[][], classes: number[]): void;
    predict(rows: Matrix | number[][]): number[];
  }

  export class DecisionTreeRegression {
    constructor(options?: TreeOptions);
    readonly root: TreeNode;
    train(rows: Matrix | number[][], values: number[]): void;
    predict(rows: Matrix | number[][]): number[];
  }
}

declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  /** One against the rest for each class, by gradient ascent on the sum over the samples; no intercept. */
  export default class LogisticRegression {
    constructor(options?: { numSteps?: number; learningRate?: number });
    train(features: Matrix, classes: Matrix): void;
    predict(features: Matrix): number[];
  }
}
