import type * as tf from '@tensorflow/tfjs';
import type { Tensor } from 'onnxruntime-node';
import { partsOf, type Part } from '../../optimizers/parts';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../../step';
import { elementsOf, sizeOf } from '../../trace/program';
import { traceUpdate, type TracedUpdate, type UpdateRole } from '../../trace/traceStep';
import { changedBy, reportsOf, scalarsAt, slotPlaces, stateIn, writeState } from '../carried';
import { compileTraced } from '../compileTraced';
import { elementsGiven, signatureOf } from '../given';
import { StepVariables } from '../sharedVariables';
import { cellsOn, type Cell } from './cell';
import { deviceTensor, hostTensor, Session, type Provider } from './session';
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
  private readonly slots: ReadonlyMap<string, Cell>;
  private readonly variables: StepVariables<Cell>;
  private readonly compiled = new Map<string, Compiled>();
  /** What the batches of the update under way gave: sums of gradients and states, by their names in the graph. */
  private readonly gathered = new Map<string, Tensor>();
  private steps = 0;

  constructor(
    private readonly definition: StepDefinition,
    private readonly options: UpdateOptions,
  ) {
    this.parts = partsOf(definition.optimizer, definition.trainable);
    const { cell, variables } = cellsOn(options.provider);
    this.slots = slotPlaces(this.parts, cell);
    this.variables = new StepVariables(variables, changedBy(definition));
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
    this.variables.arrive();
    for (const [name, tensor] of Object.entries(next)) this.place(name).commit(tensor);
    this.steps += 1;
    this.abandon();
    return report;
  }

  abandon(): void {
    for (const tensor of this.gathered.values()) if (tensor.location !== 'cpu') tensor.dispose();
    this.gathered.clear();
  }

  async rehearse(inputs: StepInputs): Promise<number> {
    discard((await this.compute(inputs, 'whole')).next);
    return 1;
  }

  optimizerState(): OptimizerState {
    return stateIn(this.slots, this.definition, this.parts, this.steps);
  }

  restoreOptimizer(state: OptimizerState): void {
    writeState(this.slots, this.definition, this.parts, state);
    this.steps = state.step;
  }

  dispose(): void {
    this.abandon();
    this.variables.dispose();
    for (const { session } of this.compiled.values()) session.dispose();
    this.compiled.clear();
    for (const slot of this.slots.values()) slot.dispose();
  }

  /** Report and new values, by the names that they are carried by; once the inputs are there, nothing waits. */
  private async compute(
    inputs: StepInputs,
    role: UpdateRole,
    share = 1,
  ): Promise<{ report: StepReport; next: Record<string, Tensor> }> {
    const { traced, session } = this.programFor(inputs, role);
    const given = await elementsGiven(inputs);
    this.variables.bringIn();
    const numbers: Record<string, number> = {
      ...scalarsAt(this.parts, this.steps + 1, inputs),
      'scalar/share': share,
    };
    const feeds: Record<string, Tensor> = {};
    for (const { name, value } of traced.program.inputs) {
      const { dtype, shape } = value;
      const elements = name in numbers ? Float32Array.of(numbers[name]!) : given[name];
      if (elements) feeds[name] = deviceTensor(elements, dtype, shape);
      else if (this.gathered.has(name)) feeds[name] = this.gathered.get(name)!;
      else if (name.startsWith('sum/')) feeds[name] = hostTensor(elementsOf(dtype, sizeOf(value)), dtype, shape);
      else feeds[name] = this.place(name).input();
    }
    const outputs = Object.keys(traced.program.outputs);
    const results = session.run(feeds, Object.fromEntries(outputs.map((name) => [name, null])));
    const next = Object.fromEntries(Object.keys(traced.carried).map((name) => [name, results[`next/${name}`]!]));
    const told = outputs.filter((name) => !name.startsWith('next/'));
    const { reports, failure } = reportsOf(
      Object.fromEntries(told.map((name) => [name, results[name]!.data as Float32Array])),
    );
    if (!failure) return { report: reports[0]!, next };
    discard(next);
    this.abandon();
    throw failure;
  }

  /** That of a variable, or of a slot. */
  private place(name: string): Cell {
    return (this.variables.place(name) ?? this.slots.get(name))!;
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
      if (input.kind === 'variable') this.variables.read(input.name, input.variable);
    }
    const { provider, cpuFallback = true } = this.options;
    const onDevice = provider === 'cpu' ? [] : Object.keys(traced.carried).map((name) => `next/${name}`);
    return { traced, session: new Session(updateGraph(traced, provider), { provider, onDevice, cpuFallback }) };
  }
}

/** Drops what a run has written. */
function discard(results: Readonly<Record<string, Tensor>>): void {
  for (const tensor of Object.values(results)) tensor.dispose();
}
