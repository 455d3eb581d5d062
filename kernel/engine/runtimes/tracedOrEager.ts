import * as tf from '@tensorflow/tfjs';
import { UpdateRestart } from '../step';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../step';
import { TraceRefusal } from '../trace/refusal';
import { EagerStep } from './eager';
import { inOrder } from './inOrder';
import { noteRefusal } from './refusals';

/** Runs a step traced, or eagerly once tracing it has been refused. */
export class TracedOrEagerStep implements TrainingStep {
  private step: TrainingStep;
  private reason: string | undefined;
  /** Whether an update has had batches, and not its last. */
  private underWay = false;

  constructor(
    private readonly definition: StepDefinition,
    traced: TrainingStep,
  ) {
    this.step = traced;
  }

  get eagerBecause(): string | undefined {
    return this.reason;
  }

  get series(): TrainingStep['series'] {
    const { series } = this.step;
    return series && { length: series.length, run: (inputs) => this.orEagerly(() => inOrder(this.step, inputs)) };
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    const { step, underWay } = this;
    this.underWay = false;
    const report = await this.orEagerly(async () => {
      // What the traced step has gathered went with it.
      if (underWay && this.step !== step) throw new UpdateRestart();
      return this.step.run(inputs, of);
    });
    this.underWay = of?.last === false;
    return report;
  }

  abandon(): void {
    this.underWay = false;
    this.step.abandon();
  }

  rehearse(inputs: StepInputs): Promise<number> {
    return this.orEagerly(() => this.step.rehearse(inputs));
  }

  optimizerState(): OptimizerState {
    return this.step.optimizerState();
  }

  restoreOptimizer(state: OptimizerState): void {
    this.step.restoreOptimizer(state);
  }

  dispose(): void {
    this.step.dispose();
  }

  private async orEagerly<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TraceRefusal)) throw error;
      this.goEager(error);
      return await work();
    }
  }

  /** With the optimizer as it stands: a refusal may come late, at the first batch of another shape. */
  private goEager(refusal: TraceRefusal): void {
    this.reason = refusal.sentence;
    noteRefusal(refusal);
    const eager = new EagerStep(this.definition);
    const state = this.step.optimizerState();
    eager.restoreOptimizer(state);
    tf.dispose(state.tensors);
    this.step.dispose();
    this.step = eager;
  }
}
