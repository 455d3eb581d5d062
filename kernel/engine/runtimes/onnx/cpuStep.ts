import type * as tf from '@tensorflow/tfjs';
import { FusedOptimizer } from '../../optimizers/fused';
import { trainedOf } from '../../optimizers/parts';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../../step';
import { finiteReport } from '../../terms';
import { elementsOf, type Dtype, type Elements } from '../../trace/program';
import { traceStep, type TracedStep } from '../../trace/traceStep';
import { Residence } from '../residence';
import { compileTraced } from '../compileTraced';
import { elementsGiven, signatureOf } from '../given';
import { GatheredGradient } from './gatheredGradient';
import { ReadVariable } from './readVariable';
import { takesSharedMemory } from './inPlaceSession';
import { StepProgram, type StepMemory } from './stepProgram';
import { threadCount } from '../../variation';

/** Programs that are kept: one for the batches of an epoch, one for its last, and some for whoever tries sizes. */
const PROGRAMS = 8;

/**
 * Runs a step as one ONNX graph on the CPU, then updates all weights in one pass.
 *
 * The weights lie in one memory that ONNX Runtime reads and the optimizer changes; the model's variables stand for them
 * ({@link Residence}).
 */
export class CpuStep implements TrainingStep, StepMemory {
  private readonly optimizer: FusedOptimizer;
  private readonly trained: Readonly<Record<string, tf.Variable>>;
  /** What the batches of the update under way gave. */
  private readonly gathered: GatheredGradient;
  private readonly states = new Map<string, StateBuffers>();
  /** Variables that a step changes. */
  private readonly changed: readonly Residence[];
  /** Variables that it reads alone. */
  private readonly readOnly = new Map<tf.Variable, ReadVariable>();
  private readonly programs = new Map<string, StepProgram>();

  constructor(
    private readonly definition: StepDefinition,
    private readonly threads = threadCount(),
  ) {
    const { trainable, state, optimizer } = definition;
    this.optimizer = new FusedOptimizer(optimizer, trainable, threads > 1 && takesSharedMemory());
    this.trained = trainedOf(optimizer, trainable);
    this.gathered = new GatheredGradient(Object.keys(this.trained), (name) => this.optimizer.gradient(name));
    const trained = Object.entries(this.trained).map(
      ([name, variable]) =>
        new Residence(variable, {
          read: () => this.optimizer.weights(name).slice(),
          view: () => this.optimizer.weights(name),
          write: (elements) => this.optimizer.weights(name).set(elements),
        }),
    );
    const set = Object.entries(state).map(([name, variable]) => {
      const buffers = new StateBuffers(variable);
      this.states.set(name, buffers);
      return new Residence(variable, {
        read: () => buffers.present.slice(),
        view: () => buffers.present,
        write: (elements) => buffers.present.set(elements),
      });
    });
    this.changed = [...trained, ...set];
  }

  /** @throws {TraceRefusal} when the step cannot be traced; nothing has changed then */
  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (!of) this.abandon();
    const { program, report } = await this.compute(inputs, of);
    if (of && !of.last) {
      for (const name of program.updates) this.states.get(name)!.gather();
      return report;
    }
    // Nothing waits until the step is whole, so that nobody sees half of it.
    for (const residence of this.changed) residence.arrive();
    this.optimizer.apply(inputs, report.gradientNorm);
    for (const name of program.updates) this.states.get(name)!.set();
    return report;
  }

  abandon(): void {
    this.gathered.forget();
    for (const state of this.states.values()) state.abandon();
  }

  async rehearse(inputs: StepInputs): Promise<number> {
    await this.compute(inputs);
    return 1;
  }

  optimizerState(): OptimizerState {
    return this.optimizer.state();
  }

  restoreOptimizer(state: OptimizerState): void {
    this.optimizer.restore(state);
  }

  /** The variables stay, with their values. */
  dispose(): void {
    for (const residence of this.changed) residence.leave();
    for (const program of this.programs.values()) program.dispose();
    this.programs.clear();
  }

  // --- memory -----------------------------------------------------------------------------------------------------

  variable(name: string, variable: tf.Variable): Elements {
    if (this.trained[name] === variable) return this.optimizer.weights(name);
    const state = this.definition.state[name] === variable && this.states.get(name);
    return state ? state.read : this.readOnly.get(variable)!.elements;
  }

  gradient(name: string): Float32Array {
    return this.optimizer.gradient(name);
  }

  update(name: string): Elements {
    return this.states.get(name)!.next;
  }

  // --- programs ---------------------------------------------------------------------------------------------------

  /** Losses, gradients and the states' next values, at the present weights. */
  private async compute(inputs: StepInputs, of?: BatchOfUpdate): Promise<{ program: StepProgram; report: StepReport }> {
    const program = this.programFor(inputs);
    const given = await elementsGiven(inputs);
    for (const read of this.readOnly.values()) read.bringIn();
    for (const residence of this.changed) residence.bringIn();
    for (const name of program.withoutGradient) this.optimizer.gradient(name).fill(0);
    const losses = program.run(given);
    if (of) this.gathered.add(of.share, of.last);
    try {
      return { program, report: finiteReport(losses, this.optimizer.gradientNorm()) };
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  private programFor(inputs: StepInputs): StepProgram {
    const key = signatureOf(inputs);
    const known = this.programs.get(key);
    if (known) return known;
    const program = compileTraced(
      (places) => traceStep(this.definition, inputs, places),
      (traced) => this.stepProgram(traced),
    );
    if (this.programs.size >= PROGRAMS) {
      const [oldest, first] = this.programs.entries().next().value!;
      first.dispose();
      this.programs.delete(oldest);
    }
    this.programs.set(key, program);
    return program;
  }

  private stepProgram(traced: TracedStep): StepProgram {
    const { state } = this.definition;
    for (const input of traced.program.inputs) {
      if (input.kind === 'argument') continue;
      const { name, variable } = input;
      if (this.trained[name] === variable || state[name] === variable || this.readOnly.has(variable)) continue;
      this.readOnly.set(variable, new ReadVariable(variable));
    }
    return new StepProgram(traced, this, this.threads);
  }
}

/** The present values of a state, those that batches of the update under way have set, and room for the next ones. */
class StateBuffers {
  present: Elements;
  /** What a step reads: the present ones, or those of the update under way. */
  read: Elements;
  next: Elements;
  private spare: Elements | undefined;

  constructor({ dtype, size }: tf.Variable) {
    // `traceStep` has refused any other type by the time a step runs.
    this.present = elementsOf(dtype as Dtype, size);
    this.read = this.present;
    this.next = elementsOf(dtype as Dtype, size);
  }

  /** The next values are read from now on, and nobody else sees them. */
  gather(): void {
    const { present, read, next, spare } = this;
    this.read = next;
    this.next = read === present ? (spare ?? present.slice()) : read;
    this.spare = undefined;
  }

  /** The next values are the present ones from now on. */
  set(): void {
    const { present, read, next } = this;
    if (read !== present) this.spare = read;
    this.present = this.read = next;
    this.next = present;
  }

  abandon(): void {
    if (this.read !== this.present) this.spare = this.read;
    this.read = this.present;
  }
}
