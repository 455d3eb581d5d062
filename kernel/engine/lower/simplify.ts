import { pruned, type Program } from '../trace/program';
import { biases, rectifierGradients, rectifiers } from './fuse';
import { narrowed } from './narrow';

/** In this order: relu's gradient must let go of what relu was given before relu can become part of a product. */
const PASSES: readonly ((program: Program) => Program)[] = [narrowed, rectifierGradients, biases, rectifiers];

/** The same results by fewer passes over memory. What nobody needs is dropped before each pass, for it counts as a use. */
export function simplified(program: Program): Program {
  return pruned(PASSES.reduce((before, pass) => pass(pruned(before)), program));
}
