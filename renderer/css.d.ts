/** esbuild's `text` loader: a style sheet imported as its text. */
declare module '*.css' {
  const text: string;
  export default text;
}
