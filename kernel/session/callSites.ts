/** V8's hook for writing stacks, shared between the kernel and users who set `Error.prepareStackTrace` themselves. */

type Prepare = (error: Error, sites: NodeJS.CallSite[]) => unknown;

export interface StackWriter {
  /** The stack of an error, or of what `Error.captureStackTrace` was given. */
  write(error: object, sites: NodeJS.CallSite[]): string;
  /** The frames as a user's own function sees them. */
  mapped(sites: NodeJS.CallSite[]): NodeJS.CallSite[];
}

/** From now on a writer says how stacks are written. What a user sets instead is called with the writer's frames. */
export function prepareStacksBy(writer: StackWriter): void {
  const ours: Prepare = (error, sites) => writer.write(error, sites);
  // Code that puts back what it found gives us our own functions.
  const known = new WeakSet<Prepare>([ours]);
  let current = ours;
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: false,
    get: () => current,
    set: (given: unknown) => {
      if (typeof given !== 'function') current = ours;
      else if (known.has(given as Prepare)) current = given as Prepare;
      else {
        const theirs = given as Prepare;
        current = (error, sites) => Reflect.apply(theirs, Error, [error, writer.mapped(sites)]) as unknown;
        known.add(current);
      }
    },
  });
}

/** The files of all frames of a stack, the kernel's and Node's own among them, the innermost first. */
export function filesUnderWay(): string[] {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  const { stackTraceLimit } = Error;
  const value: Prepare = (_error, sites) => sites.map((site) => site.getFileName() ?? '');
  try {
    Error.stackTraceLimit = Infinity;
    Object.defineProperty(Error, 'prepareStackTrace', { configurable: true, value });
    return new Error().stack as unknown as string[];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  }
}

/** A frame that says other places than its own. */
export function mappedSite(
  site: NodeJS.CallSite,
  { file, line, column, text }: { file: string; line: number; column: number; text: string },
): NodeJS.CallSite {
  const said: Record<string, unknown> = {
    getFileName: file,
    getScriptNameOrSourceURL: file,
    getLineNumber: line,
    getColumnNumber: column,
    getEnclosingLineNumber: line,
    getEnclosingColumnNumber: column,
    toString: text,
  };
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(site)).filter((name) => name !== 'constructor');
  const entries = methods.map((name) => {
    const method = (site as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!;
    return [name, name in said ? () => said[name] : (...args: unknown[]) => Reflect.apply(method, site, args)];
  });
  return Object.fromEntries(entries) as NodeJS.CallSite;
}
