let asWritten = (place: string): string => place;

/** For whoever runs code that is not as the user has written it: turns places of V8's stacks into the user's. */
export function describePlacesBy(describe: (place: string) => string): void {
  asWritten = describe;
}

/** Why something cannot be traced, and where in the user's code. */
export class TraceRefusal extends Error {
  override readonly name = 'TraceRefusal';
  /** The line that it happened at: `cell:line:column`; empty when it is not known. */
  readonly where: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.where = placeIn(this.stack ?? '');
  }

  /** The reason with its place. */
  get sentence(): string {
    return this.where ? `${this.message} (at ${this.where})` : this.message;
  }
}

/** Frames of Node, of packages and of this folder; in a bundle, of its chunks. */
const NOT_THE_USERS = /node:|node_modules|[\\/]kernel[\\/]engine[\\/]|[\\/]dist[\\/](kernel|library)[\\/]|<anonymous>/;

function placeIn(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const frame = frames.find((line) => !NOT_THE_USERS.test(line));
  return frame ? asWritten(frame.replace(/^\s+at (?:.*\()?/, '').replace(/\)$/, '')) : '';
}
