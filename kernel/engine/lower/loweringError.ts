import { excerpt } from '../trace/print/excerpt';
import type { Call, Program } from '../trace/program';

/** A kernel, or this use of it, cannot be lowered. */
export class LoweringError extends Error {
  override readonly name = 'LoweringError';
}

/** A program cannot be lowered: one of its operations, which the message shows with its neighbours, cannot. */
export class ProgramLoweringError extends Error {
  override readonly name = 'ProgramLoweringError';
  readonly reason: string;
  /** Where in the user's code the operation stands, if the program knows. */
  readonly where: string | undefined;
  readonly excerpt: string;

  constructor(cause: LoweringError, program: Program, call: Call) {
    const reason = `${call.kernel}: ${cause.message}`;
    const lines = excerpt(program, call);
    super(`${reason}\n${lines}`, { cause });
    this.reason = reason;
    this.where = call.place;
    this.excerpt = lines;
  }
}
