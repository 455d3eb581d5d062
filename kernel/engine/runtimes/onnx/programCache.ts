import type { Elements, Program } from '../../trace/program';
import { ProgramCache } from '../programCache';
import { CompiledProgram } from './compute';

const compiled = new ProgramCache<CompiledProgram>();

/**
 * Runs a program on the CPU; programs of the same structure are compiled once.
 *
 * @param inputs elements of each of its inputs, in their order
 * @param threads of a program that is new; one starts soonest
 */
export function computeOnCpu(
  program: Program,
  inputs: readonly Elements[],
  threads?: number,
): Record<string, Elements> {
  return compiled.get(program, (one) => new CompiledProgram(one, 'cpu', threads)).run(inputs);
}
