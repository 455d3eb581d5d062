/** Text as HTML, also inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * A picture of a notebook as an address.
 *
 * @param mime as the notebook names it, with parameters or without
 * @returns undefined if the type is none of a picture, or the text no base64
 */
export function dataUrl(mime: string, base64: string): string | undefined {
  const data = base64.replace(/\s+/g, '');
  const isPicture = /^image\/[a-z0-9.+-]+(;[a-z0-9.+=-]+)*$/i.test(mime) && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
  return isPicture && data.length % 4 !== 1 ? `data:${mime};base64,${data}` : undefined;
}

/** JSON for a `<script type="application/json">`: nothing in it can end the element or open a comment. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** The id of a heading: its words in lower case, joined by hyphens. */
export function slug(heading: string): string {
  const words = heading.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words ? words.join('-') : 'section';
}
