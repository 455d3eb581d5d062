/** Tensors that names lead to, and those that nothing does. */
import { types } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import type { TensorMemory, TensorsPileUp } from '../../protocol';
import { itemOf, tensorFacts, type TensorFacts } from './numbers';
import { childrenOf, joined } from './paths';
import { isObject, ownKeys, ownProperty } from './safely';

/** Objects that are looked through; what lies beyond counts as unnamed. */
const MOST_OBJECTS = 20_000;
/** Items of one list, and keys of one object, that are looked at. */
const MOST_ITEMS = 10_000;
const LARGEST = 10;

interface Named extends TensorFacts {
  expression: string;
}

export function tensorMemory(values: readonly [name: string, value: unknown][]): TensorMemory {
  const named = namedTensors(values);
  const { numTensors, numBytes } = tf.memory();
  const data = new Map(named.map((facts) => [facts.tensor.dataId, facts.bytes]));
  const namedBytes = [...data.values()].reduce((sum, bytes) => sum + bytes, 0);
  const largest = [...named].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST);
  return {
    tensors: numTensors,
    bytes: numBytes,
    largest: largest.map(({ expression, shape, dtype, bytes }) => ({ expression, shape, dtype, bytes })),
    unnamed: Math.max(0, numTensors - named.length),
    unnamedBytes: Math.max(0, numBytes - namedBytes),
  };
}

/** Breadth first, so that a tensor is called by a short way to it. Closures and private fields hide what they hold. */
function namedTensors(values: readonly [name: string, value: unknown][]): Named[] {
  const waiting: [expression: string, value: object][] = [];
  const seen = new Set<object>();
  const add = (expression: string, value: unknown) => {
    if (!isObject(value) || seen.has(value) || seen.size >= MOST_OBJECTS || isDull(value)) return;
    seen.add(value);
    waiting.push([expression, value]);
  };
  for (const [name, value] of values) add(name, value);
  const found: Named[] = [];
  for (let next = 0; next < waiting.length; next++) {
    const [expression, value] = waiting[next]!;
    const facts = tensorFacts(value);
    if (facts) {
      if (!facts.disposed) found.push({ ...facts, expression });
    } else {
      for (const [access, item] of itemsOf(value)) add(`${expression}${access}`, item);
    }
  }
  return found;
}

/** What holds no tensors, or is the library itself. */
function isDull(value: object): boolean {
  return types.isProxy(value) || ArrayBuffer.isView(value) || types.isModuleNamespaceObject(value);
}

function itemsOf(value: object): [access: string, item: unknown][] {
  if (Array.isArray(value) || types.isMap(value) || types.isSet(value)) {
    const isFlat = (list: unknown[]) => [0, list.length - 1].every((i) => !isObject(itemOf(list, i)));
    if (Array.isArray(value) && isFlat(value)) return [];
    return childrenOf(value, 0, MOST_ITEMS).map((child) => [
      joined('', child.access) ?? ` (${child.label})`,
      child.value?.value,
    ]);
  }
  return ownKeys(value)
    .slice(0, MOST_ITEMS)
    .map((key) => [`.${key}`, ownProperty(value, key)?.value]);
}

/** Changes by fewer tensors are not looked into: the look takes some milliseconds. */
const WORTH_A_LOOK = 30;
/** As many more than there were, grown at this many cells' ends in a row, or at once. */
const MANY = 100;
const CELLS = 3;
const MANY_AT_ONCE = 1000;

/**
 * When to say that tensors pile up: the unnamed ones have become more at each of three looks in a row, by a hundred in
 * all, or by a thousand between two looks. It is said again when there are twice as many. A look is at the end of a cell
 * that has changed the number of tensors by 30.
 */
export class PileUp {
  private tensors = 0;
  private unnamed = 0;
  /** How many there were before they began to grow. */
  private start = 0;
  private growths = 0;
  private told = 0;

  /**
   * @param look counts the unnamed tensors; called where it is worth it
   * @returns what to tell, or undefined
   */
  cellEnded(
    tensors: number,
    look: () => Pick<TensorMemory, 'unnamed' | 'unnamedBytes'>,
  ): Omit<TensorsPileUp, 'type' | 'cellName'> | undefined {
    if (Math.abs(tensors - this.tensors) < WORTH_A_LOOK) return undefined;
    this.tensors = tensors;
    const { unnamed, unnamedBytes } = look();
    const atOnce = unnamed - this.unnamed;
    if (atOnce <= 0) {
      this.growths = 0;
      this.start = unnamed;
      this.told = Math.min(this.told, unnamed);
    } else this.growths++;
    this.unnamed = unnamed;
    const grown = this.growths >= CELLS && unnamed - this.start >= MANY;
    if (!(grown || atOnce >= MANY_AT_ONCE) || unnamed < 2 * this.told) return undefined;
    this.told = unnamed;
    return { unnamed, bytes: unnamedBytes };
  }
}

/** Tensors that take more than this are reported to the host: a process that ends for want of memory tells nothing. */
const WORTH_TELLING = 256e6;

/** Whether what tensors take has changed so much since the last report that another is worth it. */
export class HeldMemory {
  private told = 0;

  worthTelling(bytes: number): boolean {
    const isMuch = bytes >= WORTH_TELLING;
    const hasChanged = Math.abs(bytes - this.told) >= WORTH_TELLING / 4;
    if (!hasChanged || (!isMuch && this.told === 0)) return false;
    this.told = isMuch ? bytes : 0;
    return true;
  }
}
