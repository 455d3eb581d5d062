import * as tf from '@tensorflow/tfjs';
import type { Tensor } from 'onnxruntime-node';
import { partsOf, rateOf, trainedOf, type Part, type Rates } from '../../optimizers/parts';
import { checkState, slotsOf } from '../../optimizers/state';
import { NonFiniteError } from '../../step';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../../step';
import { finiteReport } from '../../terms';
import { elementsOf, sizeOf, type Dtype, type Elements, type Program, type TensorType } from '../../trace/program';
import { traceUpdate, type TracedUpdate, type UpdateRole } from '../../trace/traceStep';
import { Residence } from '../residence';
import { compileTraced } from './compileTraced';
import { elementsGiven, signatureOf } from './given';
import { countTensor, hostTensor, Session, type Provider } from './session';
import { DeviceStore, HostStore, type Store } from './stores';
import { COUNT, seriesGraph, singleGraph } from './updateGraph';

export interface UpdateOptions {
  readonly provider: Provider;
  /** Steps that one run takes; 1: weights stay on the device between runs, more: inside of a run. */
  readonly seriesLength: number;
  /** As in {@link SessionOptions}. */
  readonly cpuFallback?: boolean;
}

interface Compiled {
  readonly traced: TracedUpdate;
  readonly session: Session;
}

/**
 * Runs a step and its optimizer as one ONNX graph, so that weights need not leave the device. The provider decides how:
 * one whose tensors can stay there is given step after step, another a series of steps in one loop.
 */
export class UpdateStep implements TrainingStep {
  readonly series: TrainingStep['series'];
  private readonly parts: readonly Part<tf.Variable>[];
  private readonly store: Store;
  private readonly types: Readonly<Record<string, TensorType>>;
  private readonly residences: readonly Residence[];
  private readonly captured = new Map<string, { residence: Residence; elements: Elements }>();
  private readonly compiled = new Map<string, Compiled>();
  /** What the batches of the update under way gave: sums of gradients and states, by their names in the graph. */
  private readonly gathered = new Map<string, Tensor>();
  private steps = 0;

  constructor(
    private readonly definition: StepDefinition,
    private readonly options: UpdateOptions,
  ) {
    const { trainable, state, optimizer } = definition;
    this.parts = partsOf(optimizer, trainable);
    const variables = { ...state, ...trainedOf(optimizer, trainable) };
    const slots = slotsOf(this.parts).map(({ name, shape }): [string, TensorType] => [
      `slot/${name}`,
      { shape, dtype: 'float32' },
    ]);
    const held = Object.entries(variables).map(([name, { shape, dtype }]): [string, TensorType] => [
      name,
      { shape, dtype: dtype as Dtype },
    ]);
    this.types = Object.fromEntries([...held, ...slots]);
    const single = options.seriesLength === 1;
    this.store = single ? new DeviceStore(this.types, options.provider) : new HostStore(this.types);
    this.residences = Object.entries(variables).map(
      ([name, variable]) =>
        new Residence(variable, {
          read: () => this.store.read(name),
          write: (elements) => this.store.write(name, elements),
        }),
    );
    if (!single) this.series = { length: options.seriesLength, run: (inputs) => this.runSeries(inputs, true) };
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (of) return this.runBatch(inputs, of);
    this.abandon();
    return (await this.runSeries([inputs], true))[0]!;
  }

  abandon(): void {
    for (const tensor of this.gathered.values()) if (tensor.location !== 'cpu') tensor.dispose();
    this.gathered.clear();
  }

  async rehearse(inputs: StepInputs): Promise<void> {
    await this.runSeries([inputs], false);
  }

  optimizerState(): OptimizerState {
    const tensors: Record<string, tf.Tensor> = {};
    for (const { name, shape } of slotsOf(this.parts)) {
      tensors[name] = tf.tensor(this.store.read(`slot/${name}`), [...shape]);
    }
    return { name: this.definition.optimizer.name, step: this.steps, tensors };
  }

  restoreOptimizer(state: OptimizerState): void {
    checkState(state, this.definition.optimizer.name, this.parts);
    for (const { name } of slotsOf(this.parts)) {
      this.store.write(`slot/${name}`, state.tensors[name]!.dataSync() as Float32Array);
    }
    this.steps = state.step;
  }

  dispose(): void {
    this.abandon();
    for (const residence of this.residences) residence.leave();
    for (const { session } of this.compiled.values()) session.dispose();
    this.compiled.clear();
    this.store.dispose();
  }

  private async runSeries(inputs: readonly StepInputs[], commit: boolean): Promise<StepReport[]> {
    const { traced, session } = this.programFor(inputs[0]!);
    const feeds = this.feedsOf(traced, await Promise.all(inputs.map(elementsGiven)), inputs);
    for (const { residence } of this.captured.values()) residence.bringIn();
    for (const residence of this.residences) residence.bringIn();
    // Nothing waits until the step is whole, so that nobody sees half of it.
    for (const name of this.inputNames(traced)) feeds[name] = this.store.input(name);
    this.feedCaptured(traced, feeds);
    const results = session.run(feeds, this.outputsOf(traced));
    const next = nextOf(traced, results);
    const { reports, failure } = reportsOf(traced, results);
    const done = commit && (this.series !== undefined || !failure);
    if (!done) {
      this.store.discard(next);
    } else {
      // The values that others have read are those of before: their tensors must not follow this change.
      for (const residence of this.residences) residence.arrive();
      this.store.commit(next);
      this.steps += reports.length;
    }
    if (failure) throw failure;
    return reports;
  }

  /** A batch of an update by several: also where others run as a series, in a graph of one step. */
  private async runBatch(inputs: StepInputs, { share, last }: BatchOfUpdate): Promise<StepReport> {
    const { traced, session } = this.programFor(inputs, last ? 'last' : 'gathering');
    const given = await elementsGiven(inputs);
    for (const { residence } of this.captured.values()) residence.bringIn();
    for (const residence of this.residences) residence.bringIn();
    const numbers: Record<string, number> = {
      ...this.scalarsAt(this.steps + 1, inputs),
      'scalar/share': share,
    };
    const feeds: Record<string, Tensor> = {};
    for (const { name, value } of traced.program.inputs) {
      const { dtype, shape } = value;
      if (name in numbers) feeds[name] = hostTensor(Float32Array.of(numbers[name]!), dtype, shape);
      else if (name in given) feeds[name] = hostTensor(given[name]!, dtype, shape);
      else if (this.gathered.has(name)) feeds[name] = this.gathered.get(name)!;
      else if (name.startsWith('sum/')) feeds[name] = hostTensor(elementsOf(dtype, sizeOf(value)), dtype, shape);
      else if (name in this.types) feeds[name] = this.store.input(name);
    }
    this.feedCaptured(traced, feeds);
    const outputs = Object.keys(traced.program.outputs).map((name) => [name, null] as const);
    const results = session.run(feeds, last ? this.outputsOf(traced) : Object.fromEntries(outputs));
    const next = nextOf(traced, results);
    const { reports, failure } = reportsOf(traced, results);
    if (failure) {
      this.store.discard(next);
      this.abandon();
      throw failure;
    }
    if (last) {
      for (const residence of this.residences) residence.arrive();
      this.store.commit(next);
      this.steps += 1;
    }
    this.abandon();
    if (!last) for (const [name, tensor] of Object.entries(next)) this.gathered.set(name, tensor);
    return reports[0]!;
  }

  // --- inputs and outputs of a run --------------------------------------------------------------------------------

  private feedsOf(
    { program, carried }: TracedUpdate,
    given: readonly Record<string, Elements>[],
    inputs: readonly StepInputs[],
  ): Record<string, Tensor> {
    const feeds: Record<string, Tensor> = {};
    const series = this.series !== undefined;
    const scalars = inputs.map((rates, i) => this.scalarsAt(this.steps + i + 1, rates));
    for (const { kind, name, value } of program.inputs) {
      if (kind !== 'argument' || name in carried) continue;
      const perStep = name.startsWith('scalar/')
        ? scalars.map((numbers) => Float32Array.of(numbers[name]!))
        : given.map((elements) => elements[name]!);
      const shape = series ? [inputs.length, ...value.shape] : value.shape;
      feeds[name] = hostTensor(series ? joined(perStep, value) : perStep[0]!, value.dtype, shape);
    }
    if (series) feeds[COUNT] = countTensor(inputs.length);
    return feeds;
  }

  /** The numbers of update t by the names of the graph's inputs. */
  private scalarsAt(t: number, rates: Rates): Record<string, number> {
    const named = this.parts.flatMap((part, i) =>
      Object.entries(part.rule.scalars(t, rateOf(part, rates))).map(([name, value]) => [`scalar/${i}/${name}`, value]),
    );
    return Object.fromEntries(named);
  }

  /** Carried values that the graph has as inputs: a single step only those that it reads. */
  private inputNames({ program, carried }: TracedUpdate): string[] {
    if (this.series) return [...new Set([...Object.keys(carried), ...this.readStates(program)])];
    return this.readStates(program);
  }

  private readStates(program: Program): string[] {
    return program.inputs.map(({ name }) => name).filter((name) => name in this.types);
  }

  private feedCaptured({ program }: TracedUpdate, feeds: Record<string, Tensor>): void {
    for (const { name, value } of program.inputs) {
      const captured = this.captured.get(name);
      if (captured) feeds[name] = hostTensor(captured.elements, value.dtype, value.shape);
    }
  }

  private outputsOf({ program }: TracedUpdate): Record<string, Tensor | null> {
    const place = (name: string) => (name.startsWith('next/') ? this.store.output(name.slice('next/'.length)) : null);
    return Object.fromEntries(Object.keys(program.outputs).map((name) => [name, place(name)]));
  }

  // --- programs ---------------------------------------------------------------------------------------------------

  private programFor(inputs: StepInputs, role: UpdateRole = 'whole'): Compiled {
    const key = `${role} ${signatureOf(inputs)}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const program = compileTraced(
      (places) => traceUpdate(this.definition, inputs, role, places),
      (traced) => this.compile(traced, role),
    );
    this.compiled.set(key, program);
    return program;
  }

  private compile(traced: TracedUpdate, role: UpdateRole): Compiled {
    for (const input of traced.program.inputs) {
      if (input.kind === 'variable' && !(input.name in this.types)) this.capture(input.name, input.variable);
    }
    const { provider, seriesLength, cpuFallback = true } = this.options;
    const model = seriesLength > 1 && role === 'whole' ? seriesGraph(traced, provider) : singleGraph(traced, provider);
    const onDevice =
      this.store.onDevice && provider !== 'cpu' ? Object.keys(traced.carried).map((name) => `next/${name}`) : [];
    return { traced, session: new Session(model, { provider, onDevice, cpuFallback }) };
  }

  private capture(name: string, variable: tf.Variable): void {
    if (this.captured.has(name)) return;
    const elements = elementsOf(variable.dtype as Dtype, variable.size);
    const place = { read: () => elements.slice(), write: (values: Elements) => elements.set(values) };
    this.captured.set(name, { elements, residence: new Residence(variable, place) });
  }
}

/** New values by the names that they are carried by. */
function nextOf({ carried }: TracedUpdate, results: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.keys(carried).map((name) => [name, results[`next/${name}`]!]));
}

function joined(parts: readonly Elements[], type: TensorType): Elements {
  const size = sizeOf(type);
  const all = elementsOf(type.dtype, size * parts.length);
  parts.forEach((part, i) => all.set(part, i * size));
  return all;
}

/** What each step reported, and what ended the series before its end. */
function reportsOf(
  { program }: TracedUpdate,
  results: Readonly<Record<string, Tensor>>,
): { reports: StepReport[]; failure?: NonFiniteError } {
  const terms = Object.keys(program.outputs).filter((name) => name.startsWith('loss/'));
  const norms = results['gradientNorm']!.data as Float32Array;
  const reports: StepReport[] = [];
  for (const [i, norm] of norms.entries()) {
    const losses = Object.fromEntries(
      terms.map((name) => [name.slice('loss/'.length), (results[name]!.data as Float32Array)[i]!]),
    );
    try {
      reports.push(finiteReport(losses, norm));
    } catch (error) {
      if (!(error instanceof NonFiniteError)) throw error;
      return { reports, failure: new NonFiniteError(error.quantity, error.value, losses, reports) };
    }
  }
  return { reports };
}
