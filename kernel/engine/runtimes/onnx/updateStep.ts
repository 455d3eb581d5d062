import type * as tf from '@tensorflow/tfjs';
import type { Tensor } from 'onnxruntime-node';
import { partsOf, type Part } from '../../optimizers/parts';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../../step';
import { elementsOf, sizeOf, type TensorType } from '../../trace/program';
import { traceUpdate, type TracedUpdate, type UpdateRole } from '../../trace/traceStep';
import { Captured, carriedTypes, changedBy, reportsOf, scalarsAt, stateIn, writeState } from '../carried';
import { compileTraced } from '../compileTraced';
import { elementsGiven, signatureOf } from '../given';
import { Residence } from '../residence';
import { DeviceStore } from './deviceStore';
import { hostTensor, Session, type Provider } from './session';
import { updateGraph } from './updateGraph';

export interface UpdateOptions {
  readonly provider: Provider;
  /** As in {@link SessionOptions}. */
  readonly cpuFallback?: boolean;
}

interface Compiled {
  readonly traced: TracedUpdate;
  readonly session: Session;
}

/** Runs a step and its optimizer as one ONNX graph, so that weights need not leave the device. */
export class UpdateStep implements TrainingStep {
  private readonly parts: readonly Part<tf.Variable>[];
  private readonly types: Readonly<Record<string, TensorType>>;
  private readonly store: DeviceStore;
  private readonly residences: readonly Residence[];
  private readonly captured = new Captured();
  private readonly compiled = new Map<string, Compiled>();
  /** What the batches of the update under way gave: sums of gradients and states, by their names in the graph. */
  private readonly gathered = new Map<string, Tensor>();
  private steps = 0;

  constructor(
    private readonly definition: StepDefinition,
    private readonly options: UpdateOptions,
  ) {
    this.parts = partsOf(definition.optimizer, definition.trainable);
    this.types = carriedTypes(definition, this.parts);
    this.store = new DeviceStore(this.types, options.provider);
    this.residences = Object.entries(changedBy(definition)).map(
      ([name, variable]) =>
        new Residence(variable, {
          read: () => this.store.read(name),
          write: (elements) => this.store.write(name, elements),
        }),
    );
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (!of) this.abandon();
    const role = of === undefined ? 'whole' : of.last ? 'last' : 'gathering';
    const { report, next } = await this.compute(inputs, role, of?.share);
    if (role === 'gathering') {
      this.abandon();
      for (const [name, tensor] of Object.entries(next)) this.gathered.set(name, tensor);
      return report;
    }
    // The values that others have read are those of before: their tensors must not follow this change.
    for (const residence of this.residences) residence.arrive();
    this.store.commit(next);
    this.steps += 1;
    this.abandon();
    return report;
  }

  abandon(): void {
    for (const tensor of this.gathered.values()) if (tensor.location !== 'cpu') tensor.dispose();
    this.gathered.clear();
  }

  async rehearse(inputs: StepInputs): Promise<number> {
    this.store.discard((await this.compute(inputs, 'whole')).next);
    return 1;
  }

  optimizerState(): OptimizerState {
    return stateIn(this.store, this.definition, this.parts, this.steps);
  }

  restoreOptimizer(state: OptimizerState): void {
    writeState(this.store, this.definition, this.parts, state);
    this.steps = state.step;
  }

  dispose(): void {
    this.abandon();
    for (const residence of this.residences) residence.leave();
    for (const { session } of this.compiled.values()) session.dispose();
    this.compiled.clear();
    this.store.dispose();
  }

  /** Report and new values, by the names that they are carried by; once the inputs are there, nothing waits. */
  private async compute(
    inputs: StepInputs,
    role: UpdateRole,
    share = 1,
  ): Promise<{ report: StepReport; next: Record<string, Tensor> }> {
    const { traced, session } = this.programFor(inputs, role);
    const given = await elementsGiven(inputs);
    this.captured.bringIn();
    for (const residence of this.residences) residence.bringIn();
    const numbers: Record<string, number> = {
      ...scalarsAt(this.parts, this.steps + 1, inputs),
      'scalar/share': share,
    };
    const feeds: Record<string, Tensor> = {};
    for (const { name, value } of traced.program.inputs) {
      const { dtype, shape } = value;
      const elements =
        name in numbers ? Float32Array.of(numbers[name]!) : (given[name] ?? this.captured.get(name)?.elements);
      if (elements) feeds[name] = hostTensor(elements, dtype, shape);
      else if (this.gathered.has(name)) feeds[name] = this.gathered.get(name)!;
      else if (name.startsWith('sum/')) feeds[name] = hostTensor(elementsOf(dtype, sizeOf(value)), dtype, shape);
      else feeds[name] = this.store.input(name);
    }
    const outputs = Object.keys(traced.program.outputs);
    const results = session.run(feeds, Object.fromEntries(outputs.map((name) => [name, null])));
    const next = Object.fromEntries(Object.keys(traced.carried).map((name) => [name, results[`next/${name}`]!]));
    const told = outputs.filter((name) => !name.startsWith('next/'));
    const { reports, failure } = reportsOf(
      Object.fromEntries(told.map((name) => [name, results[name]!.data as Float32Array])),
    );
    if (!failure) return { report: reports[0]!, next };
    this.store.discard(next);
    this.abandon();
    throw failure;
  }

  private programFor(inputs: StepInputs, role: UpdateRole): Compiled {
    const key = `${role} ${signatureOf(inputs)}`;
    const known = this.compiled.get(key);
    if (known) return known;
    const program = compileTraced(
      (places) => traceUpdate(this.definition, inputs, role, places),
      (traced) => this.compile(traced),
    );
    this.compiled.set(key, program);
    return program;
  }

  private compile(traced: TracedUpdate): Compiled {
    for (const input of traced.program.inputs) {
      if (input.kind === 'variable' && !(input.name in this.types)) this.captured.add(input.name, input.variable);
    }
    const { provider, cpuFallback = true } = this.options;
    const onDevice = provider === 'cpu' ? [] : Object.keys(traced.carried).map((name) => `next/${name}`);
    return { traced, session: new Session(updateGraph(traced, provider), { provider, onDevice, cpuFallback }) };
  }
}
