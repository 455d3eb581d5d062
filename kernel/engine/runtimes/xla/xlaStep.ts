import type * as tf from '@tensorflow/tfjs';
import { partsOf, type Part } from '../../optimizers/parts';
import type { BatchOfUpdate, OptimizerState, StepDefinition, StepInputs, StepReport, TrainingStep } from '../../step';
import { traceUpdate, type TracedUpdate, type UpdateRole } from '../../trace/traceStep';
import { changedBy, reportsOf, scalarsAt, slotPlaces, stateIn, writeState } from '../carried';
import { elementsGiven, signatureOf } from '../given';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { RowTable } from '../residence';
import { StepVariables } from '../sharedVariables';
import { BatchProgram } from './batchProgram';
import { Cell } from './cell';
import type { XlaDevice } from './device';
import { givenToStep, seriesSignature, tablesGiven, type TablesGiven } from './given';
import { Pace } from './pace';
import type { Held } from './seriesProgram';
import { ShapePrograms } from './shapePrograms';

/** Signatures whose programs are kept: the batches of an epoch, its last one, and some for whoever tries sizes. */
const KEPT = 8;
/** The last batch of an epoch, which may be of another shape, has none of its own. */
const RUNS_BEFORE_SERIES = 2;

/**
 * Runs steps with their optimizer by an XLA plugin. Weights, slots and states stay on the device; a run takes as many steps
 * as its time allows, in one loop there ({@link Pace}), or one by one without a loop ({@link ShapePrograms}). All runs have
 * the same loop, or none, so that it does not matter to a training's numbers where one ends.
 */
export class XlaStep implements TrainingStep, Held {
  private readonly parts: readonly Part<tf.Variable>[];
  private readonly slots: ReadonlyMap<string, Cell>;
  private readonly shapes = new Map<string, ShapePrograms>();
  private readonly batches = new Map<string, BatchProgram>();
  /** What the batches of the update under way gave. */
  private readonly gathered = new Map<string, DeviceBuffer>();
  private readonly pace = new Pace();
  private device: XlaDevice | undefined;
  /** There since the device is. */
  private variables: StepVariables<Cell> | undefined;
  /** Those of the last run. */
  private last: ShapePrograms | undefined;
  /** Runs of these, one after the other. */
  private runs = 0;
  /** The data sets of the last run. */
  private tables: readonly RowTable[] = [];
  private steps = 0;

  constructor(
    private readonly definition: StepDefinition,
    private readonly start: () => Promise<XlaDevice>,
  ) {
    this.parts = partsOf(definition.optimizer, definition.trainable);
    this.slots = slotPlaces(this.parts, (type) => new Cell(type));
  }

  get series(): TrainingStep['series'] {
    const length = Math.min(this.last?.capacity ?? 1, this.pace.length);
    return length > 1 ? { length, run: (inputs) => this.runSteps(inputs) } : undefined;
  }

  async run(inputs: StepInputs, of?: BatchOfUpdate): Promise<StepReport> {
    if (of) return this.runBatch(inputs, of);
    this.abandon();
    return (await this.runSteps([inputs]))[0]!;
  }

  abandon(): void {
    for (const buffer of this.gathered.values()) buffer.dispose();
    this.gathered.clear();
  }

  async rehearse(inputs: StepInputs): Promise<number> {
    const { capacity, length } = this.pace;
    const steps = Math.min(capacity, length, this.last?.most ?? 1);
    await this.compute(
      Array.from({ length: steps }, () => inputs),
      false,
    );
    return steps;
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
    this.keepTables([]);
    this.variables?.dispose();
    for (const program of [...this.shapes.values(), ...this.batches.values()]) program.dispose();
    this.shapes.clear();
    this.batches.clear();
    for (const slot of this.slots.values()) slot.dispose();
  }

  // --- values on the device ---------------------------------------------------------------------------------------

  held(name: string): DeviceBuffer {
    return this.place(name).input(this.device!.client);
  }

  /** That of a variable, or of a slot. */
  private place(name: string): Cell {
    return (this.variables!.place(name) ?? this.slots.get(name))!;
  }

  /** From here on the variables have what a run has made. */
  private commit(next: Readonly<Record<string, DeviceBuffer>>): void {
    // The values that others have read are those of before: their tensors must not follow this change.
    this.variables!.arrive();
    for (const [name, buffer] of Object.entries(next)) this.place(name).commit(buffer);
  }

  /** Every training has a table of its own, and needs that of the one before no more. */
  private keepTables(tables: readonly RowTable[]): void {
    for (const table of this.tables) if (!tables.includes(table)) this.device!.tables.drop(table);
    this.tables = tables;
  }

  private async started(): Promise<XlaDevice> {
    if (this.device) return this.device;
    const device = await this.start();
    this.variables ??= new StepVariables(device.variables, changedBy(this.definition));
    return (this.device = device);
  }

  // --- runs -------------------------------------------------------------------------------------------------------

  private async runSteps(inputs: readonly StepInputs[]): Promise<StepReport[]> {
    const { reports, failure } = await this.compute(inputs, true);
    this.steps += reports.length;
    if (failure) throw failure;
    if (this.runs >= RUNS_BEFORE_SERIES) this.last?.prepare(this.pace.capacity);
    return reports;
  }

  /** @param commit whether the weights change */
  private async compute(inputs: readonly StepInputs[], commit: boolean) {
    const device = await this.started();
    const tables = tablesGiven(inputs[0]!, device.tables);
    this.keepTables([...tables.values()]);
    const shape = this.shapeOf(device, inputs[0]!, tables);
    const program = await shape.for(inputs.length, this.pace.capacity);
    const tensors = await Promise.all(inputs.map((one) => givenToStep(one, tables)));
    this.variables!.bringIn();
    const scalars = inputs.map((one, i) => ({
      ...Object.fromEntries(Object.entries(one.weights).map(([term, weight]) => [`weight/${term}`, weight])),
      ...scalarsAt(this.parts, this.steps + i + 1, one),
    }));
    const began = performance.now();
    // Memory is taken over once a run has shown that there is enough.
    const keep = !commit || !program.hasRun;
    const run = await program.run(this, tables, { tensors, scalars }, keep);
    if (commit) this.commit(run.next);
    const readings = await run.readings();
    if (!commit) for (const buffer of Object.values(run.next)) buffer.dispose();
    this.pace.ran(inputs.length, performance.now() - began);
    this.runs = shape === this.last ? this.runs + 1 : 1;
    this.last = shape;
    const found = reportsOf(readings);
    if (!commit && found.failure) throw found.failure;
    return found;
  }

  /** A batch of an update by several. */
  private async runBatch(inputs: StepInputs, { share, last }: BatchOfUpdate): Promise<StepReport> {
    const device = await this.started();
    const program = await this.batchProgramFor(device, inputs, last ? 'last' : 'gathering');
    const given = await elementsGiven(inputs);
    this.variables!.bringIn();
    const numbers = { ...scalarsAt(this.parts, this.steps + 1, inputs), 'scalar/share': share };
    for (const [name, value] of Object.entries(numbers)) given[name] = Float32Array.of(value);
    const { next, readings } = await program.run(this, given, this.gathered);
    const { reports, failure } = reportsOf(readings);
    this.abandon();
    if (failure) {
      for (const buffer of Object.values(next)) buffer.dispose();
      throw failure;
    }
    if (last) {
      this.commit(next);
      this.steps += 1;
    } else for (const [name, buffer] of Object.entries(next)) this.gathered.set(name, buffer);
    return reports[0]!;
  }

  // --- programs ---------------------------------------------------------------------------------------------------

  private shapeOf(device: XlaDevice, inputs: StepInputs, tables: TablesGiven): ShapePrograms {
    const key = seriesSignature(inputs, tables);
    const known = this.shapes.get(key);
    if (known) return known;
    const trace = (places: boolean) => this.trace(inputs, 'whole', places);
    const programs = new ShapePrograms(device, tables, trace);
    if (this.shapes.size >= KEPT) {
      const [oldest, first] = this.shapes.entries().next().value!;
      first.dispose();
      this.shapes.delete(oldest);
    }
    this.shapes.set(key, programs);
    return programs;
  }

  private async batchProgramFor(device: XlaDevice, inputs: StepInputs, role: UpdateRole): Promise<BatchProgram> {
    const key = `${role} ${signatureOf(inputs)}`;
    const known = this.batches.get(key);
    if (known) return known;
    const program = await BatchProgram.compile(device, (places) => this.trace(inputs, role, places));
    this.batches.set(key, program);
    return program;
  }

  private trace(inputs: StepInputs, role: UpdateRole, places: boolean): TracedUpdate {
    const traced = traceUpdate(this.definition, inputs, role, places);
    for (const input of traced.program.inputs) {
      if (input.kind === 'variable') this.variables!.read(input.name, input.variable);
    }
    return traced;
  }
}
