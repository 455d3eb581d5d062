/** What feeds what in a function of tensors: its arguments, named regions, groups of variables and results. */
import * as tf from '@tensorflow/tfjs';
import type { Call, Program, TensorType, Value } from './program';
import { pruned } from './program';
import { withRegions, type Region } from './regions';
import { trace } from './tracer';

export interface FlowNode {
  readonly kind: 'argument' | 'region' | 'variables' | 'result';
  readonly name: string;
}

/** A value that reaches a node, and the nearest nodes that it is made of. */
export interface Use {
  readonly to: FlowNode;
  /** Among them `to` itself, where the value is made of what it gave. */
  readonly from: readonly FlowNode[];
  /** The shape of the value. */
  readonly shape: readonly number[];
}

export interface FlowRequest {
  readonly arguments: Readonly<Record<string, TensorType>>;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  /** The group of a variable that belongs to no region, by its name. */
  groupOf(variable: string): string;
  /** Results that are nodes for other results too: what uses them has them as its source, not what they are made of. */
  readonly ends?: ReadonlySet<string>;
}

/** Kernels in which a variable weighs a value, as a layer does; others put the two side by side. */
const WEIGHING = new Set<string>([
  ...[tf.BatchMatMul, tf._FusedMatMul, tf.Conv2D, tf.FusedConv2D, tf.Conv2DBackpropInput],
  ...[tf.DepthwiseConv2dNative, tf.FusedDepthwiseConv2D, tf.Einsum],
]);

/**
 * Records a function and follows its values. A region is what {@link named} ran; variables outside of regions are
 * together with those of their group.
 *
 * @returns every use of a value by a region, by variables that weigh it, and by the results
 * @throws {TraceRefusal} for a function that cannot be recorded
 */
export function dataflow(
  f: (tensors: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
  request: FlowRequest,
): Use[] {
  const { result, regions } = withRegions(() => trace(f, request));
  return new Following(result, regions, request).uses();
}

class Following {
  private readonly nodes = new Map<string, FlowNode>();
  private readonly sources = new Map<Value, ReadonlySet<FlowNode>>();
  /** Values that no argument reaches: variables, and what is made of them and of constants alone. */
  private readonly fixed = new Set<Value>();
  private readonly regionNames: readonly string[];
  private readonly inners = new Map<string, ReadonlySet<Value>>();
  private readonly found: Use[] = [];

  constructor(
    private readonly program: Program,
    private readonly regions: readonly Region[],
    private readonly request: FlowRequest,
  ) {
    this.regionNames = [...new Set(regions.map(({ name }) => name))].sort((a, b) => b.length - a.length);
  }

  uses(): Use[] {
    const { inputs, calls, outputs } = this.program;
    const needed = new Set(pruned(this.program).calls);
    for (const input of inputs) {
      const node = input.kind === 'argument' ? this.node('argument', input.name) : this.ofVariable(input.name);
      this.sources.set(input.value, new Set([node]));
      if (input.kind === 'variable') this.fixed.add(input.value);
    }
    for (const { value } of this.program.constants) this.fixed.add(value);
    for (const [i, call] of calls.entries()) {
      const region = this.regions.find(({ from, to }) => i >= from && i < to);
      const inputs = Object.values(call.inputs);
      if (inputs.every((value) => this.fixed.has(value))) for (const output of call.outputs) this.fixed.add(output);
      if (region && !this.isView(call, region)) this.inRegion(call, region, needed.has(call));
      else if (needed.has(call)) this.outside(call);
      else this.passOn(call);
      for (const output of call.outputs) this.endAt(output);
    }
    for (const [name, value] of Object.entries(outputs)) this.use(this.node('result', name), value);
    return this.found;
  }

  /** A result that others are made of stands in place of its own sources there. */
  private endAt(value: Value): void {
    const { outputs } = this.program;
    const [name] = Object.entries(outputs).find(([name, one]) => one === value && this.request.ends?.has(name)) ?? [];
    if (name === undefined) return;
    const node = this.node('result', name);
    this.use(node, value);
    this.sources.set(value, new Set([node]));
  }

  private inRegion(call: Call, { name, from, to }: Region, isNeeded: boolean): void {
    const region = this.node('region', name);
    for (const value of isNeeded ? Object.values(call.inputs) : []) {
      if (!this.inner(from, to).has(value) && !this.isOf(value, region)) this.use(region, value);
    }
    for (const output of call.outputs) this.sources.set(output, new Set([region]));
  }

  /** Whether a call gives a value from before the region in another shape, which others may use as well. */
  private isView(call: Call, { from, to }: Region): boolean {
    const [x] = Object.values(call.inputs);
    return call.kernel === tf.Reshape && x !== undefined && !this.inner(from, to).has(x);
  }

  private outside(call: Call): void {
    const inputs = Object.values(call.inputs);
    const weights = WEIGHING.has(call.kernel) ? inputs.map((value) => this.weightsIn(value)).find(Boolean) : undefined;
    const others = inputs.filter((value) => !this.fixed.has(value) && this.of(value).size > 0);
    if (!weights || others.length === 0) return this.passOn(call);
    for (const value of others) this.use(weights, value);
    for (const output of call.outputs) this.sources.set(output, new Set([weights]));
  }

  private passOn(call: Call): void {
    const together = new Set(Object.values(call.inputs).flatMap((value) => [...this.of(value)]));
    for (const output of call.outputs) this.sources.set(output, together);
  }

  /** The variables, where a value is made of those of one group alone. */
  private weightsIn(value: Value): FlowNode | undefined {
    const [one, ...more] = this.fixed.has(value) ? this.of(value) : [];
    return more.length === 0 ? one : undefined;
  }

  /** What the calls of a region give, but for views of what is from before it. */
  private inner(from: number, to: number): ReadonlySet<Value> {
    const key = `${from} ${to}`;
    const known = this.inners.get(key);
    if (known) return known;
    const produced = new Set<Value>();
    for (const call of this.program.calls.slice(from, to)) {
      const [x] = Object.values(call.inputs);
      if (call.kernel === tf.Reshape && x && !produced.has(x)) continue;
      for (const output of call.outputs) produced.add(output);
    }
    this.inners.set(key, produced);
    return produced;
  }

  private use(to: FlowNode, value: Value): void {
    const from = [...this.of(value)];
    if (from.some((node) => node !== to)) this.found.push({ to, from, shape: value.shape });
  }

  private isOf(value: Value, node: FlowNode): boolean {
    const sources = this.of(value);
    return sources.size === 1 && sources.has(node);
  }

  private of(value: Value): ReadonlySet<FlowNode> {
    return this.sources.get(value) ?? new Set();
  }

  private ofVariable(name: string): FlowNode {
    const region = this.regionNames.find((one) => name === one || name.startsWith(`${one}.`));
    return region === undefined ? this.node('variables', this.request.groupOf(name)) : this.node('region', region);
  }

  private node(kind: FlowNode['kind'], name: string): FlowNode {
    const key = `${kind} ${name}`;
    const known = this.nodes.get(key) ?? { kind, name };
    this.nodes.set(key, known);
    return known;
  }
}
