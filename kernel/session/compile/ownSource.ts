/**
 * What the compiler adds to a cell's text, and how functions are seen without it: `fn.toString()` gives what the user
 * wrote, so that it runs in a worker, in another context, and in whatever else takes functions as text.
 */

/** The global through which compiled cells reach their session. */
export const RUNTIME_NAME = '__latentlab__';

/** Local constant of an async function: what the session says on its entry. */
export const ENTERED = '__latentlab_entered__';

const SUFFIX = '__latentlab';

/** What a cell's binding of a global's name is called in its script. */
export function ownName(name: string): string {
  return name + SUFFIX;
}

/** What {@link ENTERED} is for the top level of a cell; later cells must not replace it, so it has the cell's number. */
export function enteredCell(cell: number): string {
  return `__latentlab_cell_${cell}__`;
}

/** Texts put around a piece of the cell's own. */
export type Wrapping = readonly [before: string, after: string];

const remember = `const ${ENTERED} = ${RUNTIME_NAME}.entered();`;

/** Begins the body of an async function. */
export const REMEMBERING_BLOCK = `{ ${remember} `;
/** Around what an async arrow function returns. */
export const REMEMBERING_VALUE: Wrapping = [`{ ${remember} return (`, `)/*${RUNTIME_NAME}*/; }`];
export const META = `${RUNTIME_NAME}.meta`;
export const DYNAMIC_IMPORT = `${RUNTIME_NAME}.dynamicImport`;

/** Around an awaited expression, with the variable that knows the interrupts before it. */
export function resuming(entered: string): Wrapping {
  return [`${RUNTIME_NAME}.resumed(`, `, ${entered})`];
}

/** Around the body of a loop that awaits. */
export function resumingEachRound(entered: string): Wrapping {
  return [`{ ${RUNTIME_NAME}.resumed(void 0, ${entered}); `, `/*${RUNTIME_NAME}*/ }`];
}

/** A name that is left out of a function, which would otherwise be its own binding. */
export function hiddenName(name: string): string {
  return `/*${RUNTIME_NAME} ${name}*/`;
}

/** Around the name of a constant that is given a value: reads as the constant does, throws when it is written. */
export const CONSTANT: Wrapping = [`${RUNTIME_NAME}.constant(() => `, ').value'];

/** What is left out or put back, in this order. */
const RESTORED: [RegExp, string][] = [
  [/\{ const __latentlab_entered__ = __latentlab__\.entered\(\); return \(/g, ''],
  [/\)\/\*__latentlab__\*\/; \}/g, ''],
  [/\{ const __latentlab_entered__ = __latentlab__\.entered\(\); /g, '{'],
  [/\{ __latentlab__\.resumed\(void 0, __latentlab_(?:entered|cell_\d+)__\); /g, ''],
  [/\/\*__latentlab__\*\/ \}/g, ''],
  [/__latentlab__\.resumed\(/g, ''],
  [/, __latentlab_(?:entered|cell_\d+)__\)/g, ''],
  [/\/\*__latentlab__ ([^*]*)\*\//g, '$1'],
  [/__latentlab__\.constant\(\(\) => ([^)]*)\)\.value/g, '$1'],
  [/__latentlab__\.dynamicImport/g, 'import'],
  [/__latentlab__\.meta/g, 'import.meta'],
  [/__latentlab(?!_)/g, ''],
];

/** A function's text as the user wrote it. */
export function ownSource(text: string): string {
  if (!text.includes('__latentlab')) return text;
  return RESTORED.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** V8's words with the names that the cell wrote. */
export function asWritten(message: string): string {
  return message.includes(SUFFIX) ? message.replace(/__latentlab(?!_)/g, '') : message;
}

/** From now on functions of cells say their own source. */
export function showOwnSource(): void {
  const native = Function.prototype.toString;
  const shown = new Proxy(native, {
    apply: (target, self: unknown, args) => ownSource(Reflect.apply(target, self, args) as string),
  });
  Object.defineProperty(Function.prototype, 'toString', {
    value: shown,
    writable: true,
    enumerable: false,
    configurable: true,
  });
}
