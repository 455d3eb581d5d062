/** Runs a program once: host values in, host values out. */
import { stableHlo, type LoweringOptions } from '../../lower/stablehlo/lower';
import type { Elements, Program } from '../../trace/program';
import type { Client } from './client';
import type { Executable } from './executable';

/** A program that is compiled and may be run many times. */
export class CompiledProgram {
  private constructor(
    private readonly client: Client,
    private readonly program: Program,
    private readonly executable: Executable,
    private readonly outputs: readonly string[],
  ) {}

  static async compile(client: Client, program: Program, options: LoweringOptions = {}): Promise<CompiledProgram> {
    const { text, outputs } = stableHlo(program, options);
    const types = outputs.map((name) => program.outputs[name]!);
    return new CompiledProgram(client, program, await client.compile(text, types), outputs);
  }

  /** The same, and the event loop waits for it; so it does for {@link runNow}. */
  static compileNow(client: Client, program: Program, options: LoweringOptions = {}): CompiledProgram {
    const { text, outputs } = stableHlo(program, options);
    const types = outputs.map((name) => program.outputs[name]!);
    return new CompiledProgram(client, program, client.compileNow(text, types), outputs);
  }

  /** @param inputs elements of each of the program's inputs, in their order */
  async run(inputs: readonly Elements[]): Promise<Record<string, Elements>> {
    const given = this.program.inputs.map(({ value }, i) => this.client.upload(inputs[i]!, value));
    try {
      const results = await this.executable.execute(given);
      const elements = await Promise.all(results.map((result) => result.read()));
      results.forEach((result) => result.dispose());
      return Object.fromEntries(this.outputs.map((name, i) => [name, elements[i]!]));
    } finally {
      given.forEach((buffer) => buffer.dispose());
    }
  }

  runNow(inputs: readonly Elements[]): Record<string, Elements> {
    const given = this.program.inputs.map(({ value }, i) => this.client.upload(inputs[i]!, value));
    try {
      const results = this.executable.executeNow(given);
      const elements = results.map((result) => result.readNow());
      results.forEach((result) => result.dispose());
      return Object.fromEntries(this.outputs.map((name, i) => [name, elements[i]!]));
    } finally {
      given.forEach((buffer) => buffer.dispose());
    }
  }

  dispose(): void {
    this.executable.dispose();
  }
}
