/** A device that is ready to compute. */
export interface Loaded {
  /** Name of the tfjs backend. */
  backend: string;
  /** For people: `CPU, WebAssembly (SIMD)`. */
  description: string;
  /** Why `auto` should pass it by although it works; absent for most. */
  reservation?: string;
}

export interface RungDefinition {
  /** What users call it. */
  name: string;
  /** Whether native code runs that could take the process with it. */
  native: boolean;
  /** The npm package that it needs and that may be missing, and what to know before installing it. */
  optionalPackage?: { name: string; note: string };
  /** Largest error of the self-test's new weights, which are of order 1: float32, or TF32 on GPUs. */
  tolerance: number;
  /** Loads it into this process. @throws with the reason when that fails or there is no hardware */
  load(): Promise<Loaded>;
}
