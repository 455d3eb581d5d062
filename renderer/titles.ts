/** The title of a figure that others write: a text, lines of it, or an object with one; undefined if there is none. */
export function titleText(title: unknown): string | undefined {
  const isObject = typeof title === 'object' && title !== null && !Array.isArray(title);
  const text = isObject ? (title as { text?: unknown }).text : title;
  const joined = Array.isArray(text) ? text.join(' ') : text;
  return typeof joined === 'string' && joined !== '' ? joined : undefined;
}
