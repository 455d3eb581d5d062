import { convolutions, type Convolution, type Describe } from './convolution';
import { sizeOf, type TensorType } from '../types';

/** A kernel that a program runs, as far as its work depends on it. */
export interface CountedCall {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

type Shape = readonly number[];
type Count = (call: CountedCall) => number;

const COUNTS = convolutions<Count>({ forward, fused: forward, backToInput, backToFilter });

/** Multiply-adds of the convolutions among these calls, and of their gradients. */
export function convolutionWork(calls: readonly CountedCall[]): number {
  return calls.reduce((sum, call) => sum + (COUNTS[call.kernel]?.(call) ?? 0), 0);
}

function forward<A extends object>(describe: Describe<A>): Count {
  return ({ inputs: { x, filter }, attrs }) => work(describe(x!.shape, filter!.shape, attrs as A), filter!.shape);
}

function backToInput<A extends { inputShape: Shape }>(describe: Describe<A>): Count {
  return ({ inputs: { filter }, attrs }) =>
    work(describe((attrs as A).inputShape, filter!.shape, attrs as A), filter!.shape);
}

function backToFilter<A extends { filterShape: Shape }>(describe: Describe<A>): Count {
  return ({ inputs: { x }, attrs }) => {
    const { filterShape } = attrs as A;
    return work(describe(x!.shape, filterShape, attrs as A), filterShape);
  };
}

/** Each element of the result is a sum over the places of its window, and each gradient takes as many products. */
function work({ outShape, outChannels }: Convolution, filterShape: Shape): number {
  return sizeOf({ shape: outShape }) * (sizeOf({ shape: filterShape }) / outChannels);
}
