/**
 * What cells have without an import, for the editor's types. A program of our own must not see these: tsconfig.json
 * leaves this file out, and a test holds its names against those that a session installs.
 */

/**
 * Shows a value in the cell's output: tensors with shape and statistics, records as a table, objects as a tree, figures, views, images, HTML, and
 * whatever has a `Symbol.for('Jupyter.display')` method.
 *
 * @returns settles when the value is shown, which for a tensor is when the device has computed it
 */
declare function display(value: unknown): Promise<void>;

/** HTML as a value that a cell shows: `` html`<b>${x}</b>` `` escapes what is put in, and `html(text)` nothing. */
declare const html: typeof import('./show/display').html;

/** Markdown, with formulas between `$…$`, as a value that a cell shows: `` markdown`**${x}**` `` or `markdown(text)`. */
declare const markdown: typeof import('./show/display').markdown;

/** A formula as a value that a cell shows, without dollars: `` latex`\beta = ${x}` `` or `latex(text)`. */
declare const latex: typeof import('./show/display').latex;

/** A drawing as a value that a cell shows: `` svg`<svg …>${x}</svg>` `` escapes what is put in, `svg(text)` nothing. */
declare const svg: typeof import('./show/display').svg;

/**
 * Asks for a text in VS Code's input box and waits for the answer, which also stands in the output.
 *
 * @param proposal what the answer is unless the user changes it
 * @returns null when the user cancels
 */
declare function prompt(message?: unknown, proposal?: unknown): string | null;

/** Asks for yes or no, and waits for the answer. Cancelled means no. */
declare function confirm(message?: unknown): boolean;

/** Shows a message and waits until the user has read it. */
declare function alert(message?: unknown): void;
