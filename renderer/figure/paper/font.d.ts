declare module 'figure-font:*' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
