/** Answers what somebody wants to know of the notebook's variables, also while a cell trains or awaits. */
import * as tf from '@tensorflow/tfjs';
import type { Findings, Inspection, TensorMemory, TensorsPileUp, ValuePath, Variable } from '../../protocol';
import type { DeclaredName } from '../compile/compile';
import { jsonOf, textOf } from './copies';
import { describe, GETTER, shortText, type Place } from './describe';
import { isDataset, LibraryClasses } from './libraryValues';
import { membersOf } from './members';
import { HeldMemory, PileUp, tensorMemory } from './memory';
import { UserNames } from './names';
import { deviceOf, numbersIn, placesIn } from './numbers';
import { childCount, childrenOf, joined, valueAt } from './paths';
import { pictureOf } from './picture';
import { Plots } from './plots';
import { property } from './safely';
import { statisticsOf } from './sparkline';

/** Names that are listed, and children that are given at once. */
const MOST_NAMES = 1000;
const MOST_CHILDREN = 100;
/** Numbers that statistics are taken of. */
const MOST_COUNTED = 65_536;

export class Variables {
  private readonly names = new UserNames();
  private readonly library: LibraryClasses;
  private readonly pileUp = new PileUp();
  private readonly heldMemory = new HeldMemory();

  /**
   * @param namespace what cells import as `latentlab`
   * @param device what computes: where tensors lie that a runtime of the engine keeps
   */
  constructor(
    namespace: object,
    private readonly device: string,
  ) {
    this.library = new LibraryClasses(namespace);
  }

  /** A cell that declares these begins to run. */
  declare(names: readonly DeclaredName[]): void {
    this.names.declare(names);
  }

  /** Whether a cell, or a view, has declared the name. */
  isDeclared(name: string): boolean {
    return this.names.has(name);
  }

  /** @throws Error when there is no such value (any more), or it cannot be had in that way */
  async answer(inspection: Inspection): Promise<Findings[Inspection['kind']]> {
    switch (inspection.kind) {
      case 'variables':
        return this.list();
      case 'children':
        return this.children(inspection.path, inspection.start, Math.min(MOST_CHILDREN, inspection.count));
      case 'details':
        return this.details(inspection.path);
      case 'value': {
        const { value } = valueAt(this.names, inspection.path);
        return { text: await (inspection.as === 'json' ? jsonOf(value) : textOf(value)) };
      }
      case 'members':
        return membersOf(this.names, inspection.expression);
      case 'memory':
        return this.memory();
    }
  }

  /** @returns what to tell when tensors pile up that nothing names */
  cellEnded(): Omit<TensorsPileUp, 'type' | 'cellName'> | undefined {
    return this.pileUp.cellEnded(tf.memory().numTensors, () => this.memory());
  }

  /** What tensors hold, where that is much and has changed since the last report. */
  muchHeld(): TensorMemory | undefined {
    return this.heldMemory.worthTelling(tf.memory().numBytes) ? this.memory() : undefined;
  }

  /** The tensors that are alive, and those that names lead to. */
  memory(): TensorMemory {
    return tensorMemory(this.names.values({ imports: true }));
  }

  private async list(): Promise<Findings['variables']> {
    const values = this.names.values();
    const plots = new Plots(this.names, values);
    const variables: Variable[] = [];
    for (const [name, value] of values.slice(0, MOST_NAMES)) {
      variables.push(await this.variable({ name, path: [name], expression: name }, { value }, plots));
    }
    return { variables, total: values.length };
  }

  private async children(path: ValuePath, start: number, count: number): Promise<Findings['children']> {
    const { value, expression } = valueAt(this.names, path);
    const plots = new Plots(this.names, this.names.values());
    const variables: Variable[] = [];
    for (const { step, label, access, value: child } of childrenOf(value, start, count)) {
      const place = { name: label, path: [...path, step] as const, expression: joined(expression, access) };
      variables.push(await this.variable(place, child, plots));
    }
    return { variables, total: childCount(value) };
  }

  private async variable(place: Place, found: { value: unknown } | undefined, plots: Plots): Promise<Variable> {
    if (!found) return { ...place, ...GETTER, plots: [] };
    const { value } = found;
    const described = await describe(value, this.library);
    const device = deviceOf(value, this.device);
    return { ...place, ...described, ...(device && { device }), plots: plots.of(value, described, place.expression) };
  }

  private async details(path: ValuePath): Promise<Findings['details']> {
    const { value } = valueAt(this.names, path);
    const numbers = numbersIn(isDataset(value) ? property(value, 'values') : value);
    if (!numbers || numbers.size === 0) return { text: shortText(value) };
    const values = await numbers.at(placesIn(numbers.size, MOST_COUNTED));
    const described = await describe(value, this.library);
    const picture = described.hasPicture ? await pictureOf(numbers, described.shape!) : undefined;
    return { text: described.text, picture, statistics: values && statisticsOf(values, numbers.size) };
  }
}
