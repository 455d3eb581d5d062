import * as tf from '@tensorflow/tfjs';
import type { Samples } from '../../samples';
import type { BatchSource } from '../batches/batches';
import { peakMemory } from '../diagnostics';
import type { TrainingDiagnostics } from '../diagnostics';
import type { StepRecord } from '../logs/records';
import { DIAGNOSTIC_ROWS } from './trainable';
import type { Trainable } from './trainable';

/** Share of the training's time that a model's own figures may take; the first and the last epoch have them anyway. */
const SHARE_OF_TIME = 0.005;

/** Gathers the diagnostics of an epoch. */
export class EpochMeter {
  private readonly norms = { sum: 0, largest: 0 };
  private samples = 0;
  private seconds = 0;
  private last: StepRecord | undefined;
  private examined: Samples | undefined;
  private figures: TrainingDiagnostics['model'] = null;
  private readonly began = performance.now();
  /** On the model's figures, ms. */
  private spent = 0;

  /** @param source what the model's own figures are of */
  constructor(
    private readonly model: Trainable,
    private readonly source: BatchSource,
    private readonly seed: number,
  ) {}

  step(record: StepRecord, samples: number): void {
    const { norms } = this;
    norms.sum += record.gradientNorm * samples;
    norms.largest = Math.max(norms.largest, record.gradientNorm);
    this.samples += samples;
    this.seconds += samples / record.samplesPerSecond;
    this.last = record;
  }

  /** @param last whether no other epoch follows */
  async endEpoch(last: boolean): Promise<TrainingDiagnostics> {
    const { norms, samples, seconds } = this;
    await this.measureModel(last);
    const diagnostics: TrainingDiagnostics = {
      gradientNorm: { mean: samples === 0 ? 0 : norms.sum / samples, largest: norms.largest },
      samplesPerSecond: seconds === 0 ? 0 : samples / seconds,
      tensorsAlive: tf.memory().numTensors,
      peakMemory: peakMemory(),
      effectiveBeta: this.effectiveBeta(),
      model: this.figures,
    };
    Object.assign(norms, { sum: 0, largest: 0 });
    this.samples = 0;
    this.seconds = 0;
    return diagnostics;
  }

  /** Leaves the figures as they were where measuring them after every epoch would slow the training down. */
  private async measureModel(last: boolean): Promise<void> {
    const { model } = this;
    if (!model.diagnostics) return;
    const start = performance.now();
    if (!last && this.spent > SHARE_OF_TIME * (start - this.began)) return;
    this.figures = await model.diagnostics((this.examined ??= await this.source.some(DIAGNOSTIC_ROWS, this.seed)));
    this.spent += performance.now() - start;
  }

  private effectiveBeta(): number | null {
    if (!this.last) return null;
    const { losses, weights } = this.last;
    const weightOf = (term: string) => (term in losses ? (weights[term] ?? 1) : 0);
    // Hierarchies name a divergence for each level, all of one weight: kl1, kl2, …
    const divergence = Object.keys(losses).find((term) => /^kl\d*$/.test(term));
    // One without a symbol is reported and not charged for: the loss holds it at a capacity, or charges for its parts.
    const told = divergence !== undefined && this.model.termWeights[divergence]?.symbol === '';
    if (divergence === undefined || told || weightOf('reconstruction') === 0) return null;
    return weightOf(divergence) / weightOf('reconstruction');
  }
}
