declare module 'figure-font:*?letters' {
  /** First and last code point of each range that the font has glyphs for. */
  const letters: readonly (readonly [number, number])[];
  export default letters;
}
declare module 'figure-font:*' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
