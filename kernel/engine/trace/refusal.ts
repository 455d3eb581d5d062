let asWritten = (place: string): string => place;

/** For whoever runs code that is not as the user has written it: turns places of V8's stacks into the user's. */
export function describePlacesBy(describe: (place: string) => string): void {
  asWritten = describe;
}

interface RefusalOptions extends ErrorOptions {
  excerpt?: string;
  /** Where it happened, if that is not where it is found. */
  where?: string | undefined;
}

/** Why something cannot be traced, and where in the user's code. */
export class TraceRefusal extends Error {
  override readonly name = 'TraceRefusal';
  /** The line that it happened at: `cell:line:column`; empty when it is not known. */
  readonly where: string;
  /** The operation that is the reason with its neighbours, a line each; empty when it is none. */
  readonly excerpt: string;

  constructor(reason: string, { excerpt = '', where, ...options }: RefusalOptions = {}) {
    super(reason, options);
    this.where = where || placeIn(this.stack ?? '');
    this.excerpt = excerpt;
  }

  /** The reason with its place. */
  get sentence(): string {
    return this.where ? `${this.message} (at ${this.where})` : this.message;
  }

  /** The same with the operation that is the reason, on separate lines. */
  get explanation(): string {
    return this.excerpt ? `${this.sentence}\n${this.excerpt}` : this.sentence;
  }
}

/** The user's frames on the stack, the innermost first. */
export function userFrames(): string[] {
  return framesIn(new Error().stack ?? '');
}

/** The user's line that runs now; empty when there is none inside of what these frames call. */
export function placeWithin(callers: ReadonlySet<string>): string {
  const [frame] = userFrames();
  return frame === undefined || callers.has(frame) ? '' : placeOf(frame);
}

/** Frames of Node, of packages and of this folder; in a bundle, of its chunks. */
const NOT_THE_USERS = /node:|node_modules|[\\/]kernel[\\/]engine[\\/]|[\\/]dist[\\/](kernel|library)[\\/]|<anonymous>/;

function framesIn(stack: string): string[] {
  return stack.split('\n').filter((line) => /^\s+at /.test(line) && !NOT_THE_USERS.test(line));
}

function placeIn(stack: string): string {
  const [frame] = framesIn(stack);
  return frame === undefined ? '' : placeOf(frame);
}

function placeOf(frame: string): string {
  return asWritten(frame.replace(/^\s+at (?:.*\()?/, '').replace(/\)$/, ''));
}
