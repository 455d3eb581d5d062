/** Convolutions and their gradients. */
import { convolutions, type Describe } from '../../ops/images/convolution';
import { isLinear, type Activation } from '../common/activation';
import { activated } from './activation';
import { convolve, filterGradient } from './convolve';
import { asFloat } from './elementwise';
import type { Edge, Graph } from './graph';
import { inputGradient } from './inputGradient';
import { lowering, type Lowering, type Lowerings, type Operand } from './lowering';

type Shape = readonly number[];

interface Forward {
  x: unknown;
  filter: unknown;
}
interface Fused extends Forward {
  bias?: unknown;
  preluActivationWeights?: unknown;
}

export const CONVOLUTION: Lowerings = convolutions({ forward, fused, backToInput, backToFilter });

// --- kernels ------------------------------------------------------------------------------------------------------

function forward<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Forward, A>({
    nodes: (g, { x, filter }, attrs) =>
      convolve(g, describe(x.shape, filter.shape, attrs), asFloat(g, x), asFloat(g, filter)),
  });
}

/** With bias and activation. A bias for each channel and what works element by element go into the convolution. */
function fused<A extends object>(describe: Describe<A>): Lowering {
  return lowering<Fused, A & Activation>({
    nodes(g, { x, filter, bias, preluActivationWeights }, attrs, output) {
      const convolution = describe(x.shape, filter.shape, attrs);
      const { channelsLast, outChannels } = convolution;
      const inside = bias === undefined || (bias.shape.length === 1 && bias.shape[0] === outChannels);
      const last = preluActivationWeights && ofChannels(g, preluActivationWeights, channelsLast);
      const activate = (edge: Edge): Edge => activated(g, { edge, ...output }, attrs, last);
      const early = inside && !last && !isLinear(attrs);
      const y = convolve(g, convolution, asFloat(g, x), asFloat(g, filter), {
        bias: inside && bias ? asFloat(g, bias) : undefined,
        ...(early ? { activate } : {}),
      });
      const biased = bias && !inside ? g.op('Add', [y, asFloat(g, ofChannels(g, bias, channelsLast))]) : y;
      return early ? biased : activate(biased);
    },
  });
}

function backToInput<A extends { inputShape: Shape }>(describe: Describe<A>): Lowering {
  return lowering<{ dy: unknown; filter: unknown }, A>({
    nodes: (g, { dy, filter }, attrs) =>
      inputGradient(g, describe(attrs.inputShape, filter.shape, attrs), asFloat(g, dy), asFloat(g, filter)),
  });
}

function backToFilter<A extends { filterShape: Shape }>(describe: Describe<A>): Lowering {
  return lowering<{ x: unknown; dy: unknown }, A>({
    nodes: (g, { x, dy }, attrs) =>
      filterGradient(g, describe(x.shape, attrs.filterShape, attrs), asFloat(g, x), asFloat(g, dy)),
  });
}

/** One value a channel, so that it broadcasts to a batch in this layout. */
function ofChannels(g: Graph, values: Operand, channelsLast: boolean): Operand {
  if (channelsLast || values.shape.length !== 1) return values;
  const shape = [...values.shape, 1, 1];
  return { ...values, edge: g.reshape(values.edge, shape), shape };
}
