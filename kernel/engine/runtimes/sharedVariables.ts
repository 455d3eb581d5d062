/** Variables that several steps on one device use: the one that trains a variable and all that read it share its place. */
import type * as tf from '@tensorflow/tfjs';
import type { Dtype, TensorType } from '../trace/program';
import { Residence, type Place } from './residence';

/** A place on a device, whose memory is freed when no step uses it any more. */
export interface DevicePlace extends Place {
  dispose(): void;
}

interface Held<P> {
  readonly place: P;
  readonly residence: Residence;
  users: number;
}

/** The places of one device. */
export class SharedVariables<P extends DevicePlace> {
  private readonly held = new WeakMap<tf.Variable, Held<P>>();

  /** @param create a place for a value of this type */
  constructor(private readonly create: (type: TensorType) => P) {}

  /** What the caller has to {@link release}. */
  hold(variable: tf.Variable): { readonly place: P; readonly residence: Residence } {
    const held = this.held.get(variable) ?? this.begin(variable);
    held.users += 1;
    return held;
  }

  /** Whoever was the last to hold it leaves the variable its values, and frees the place. */
  release(variable: tf.Variable): void {
    const held = this.held.get(variable)!;
    held.users -= 1;
    if (held.users > 0) return;
    this.held.delete(variable);
    held.residence.leave();
    held.place.dispose();
  }

  private begin(variable: tf.Variable): Held<P> {
    const place = this.create({ shape: variable.shape, dtype: variable.dtype as Dtype });
    const held = { place, residence: new Residence(variable, place), users: 0 };
    this.held.set(variable, held);
    return held;
  }
}

/** Those that one step uses, by the names of its program's inputs. */
export class StepVariables<P extends DevicePlace> {
  private readonly own = new Map<string, { variable: tf.Variable; place: P; residence: Residence; changes: boolean }>();

  /** @param changed those that the step may change */
  constructor(
    private readonly shared: SharedVariables<P>,
    changed: Readonly<Record<string, tf.Variable>>,
  ) {
    for (const [name, variable] of Object.entries(changed)) this.add(name, variable, true);
  }

  /** One that the step reads alone. */
  read(name: string, variable: tf.Variable): void {
    if (!this.own.has(name)) this.add(name, variable, false);
  }

  place(name: string): P | undefined {
    return this.own.get(name)?.place;
  }

  /** Brings in what has been assigned to them elsewhere. */
  bringIn(): void {
    for (const { residence } of this.own.values()) residence.bringIn();
  }

  /** From here on those that the step changes have the values in their places. */
  arrive(): void {
    for (const { residence, changes } of this.own.values()) if (changes) residence.arrive();
  }

  dispose(): void {
    for (const { variable } of this.own.values()) this.shared.release(variable);
    this.own.clear();
  }

  private add(name: string, variable: tf.Variable, changes: boolean): void {
    this.own.set(name, { variable, changes, ...this.shared.hold(variable) });
  }
}
