import type { Command } from '../commandLine';
import type { Runtime } from '../runtime';

/** How products are computed: TF32 rounds their factors to 10 bits of mantissa, float32 has 23. */
export type Precision = 'float32' | 'TF32';

/** A device that is ready to compute. */
export interface Loaded {
  /** Name of the tfjs backend. */
  backend: string;
  /** What runs training steps; `eager`, on the backend, unless told. */
  runtime?: Runtime;
  /** For people: `CPU, WebAssembly (SIMD)`. */
  description: string;
  /** Default: float32. */
  precision?: Precision;
  /** Why `auto` should pass it by although it works; absent for most. */
  reservation?: string;
}

export interface RungDefinition {
  /** What users call it. */
  name: string;
  /** What it is, on any machine: a phrase for people. */
  about: string;
  /** Whether native code runs that could take the process with it. */
  native: boolean;
  /** Whether it is for a GPU. */
  gpu: boolean;
  /**
   * The npm package that it needs and that may be missing, what to know before installing it, and what installs it for
   * the extension.
   */
  optionalPackage?: { name: string; note: string; setUp?: Command };
  /** Why it cannot work on this machine, if that shows without running it. */
  absent?(): string | undefined;
  /** Makes its runtime one that steps can be raced on, without loading it; the others need nothing. */
  offer?(): void;
  /** All that its working depends on; only for rungs that no driver can change. */
  identity?(): string;
  /** Largest error of the self-test's new weights, which are of order 1: float32, or TF32 on GPUs. */
  tolerance: number;
  /** Loads it into this process. @throws with the reason when that fails or there is no hardware */
  load(): Promise<Loaded>;
}
