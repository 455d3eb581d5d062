/** What of a wheel is unpacked, and where it lies then. */

/** Shared libraries, and what they read: NVIDIA's device library and assembler, Apple's and Intel's device code. */
const LIBRARIES = [
  /\.(so|dylib|dll)(\.[\d.]+)?$/,
  /\.metallib$/,
  /(^|\/)libdevice\.10\.bc$/,
  /(^|\/)bin\/(ptxas|nvlink)(\.exe)?$/,
  /(^|\/)libsycl-[\w.-]+\.(spv|bc)$/,
];

/** The terms of each wheel: it names them in its METADATA. */
const TERMS = [
  /\.dist-info\/(METADATA|licen[cs]es\/.+|(LICEN[CS]E|NOTICE|COPYING|THIRD)[^/]*)$/i,
  /\/licensing\/[^/]+$/,
];

export function isKept(entry: string): boolean {
  return [...LIBRARIES, ...TERMS].some((pattern) => pattern.test(entry));
}

/**
 * Where pip lays a file, relative to the folder that takes the place of Python's.
 *
 * @param site the folder for modules in it
 */
export function placeOf(entry: string, site: string): string {
  const [, kind, rest] = /^[^/]+\.data\/([^/]+)\/(.+)$/.exec(entry) ?? [];
  if (kind === 'data') return rest!;
  return [site, kind === 'purelib' || kind === 'platlib' ? rest! : entry].filter(Boolean).join('/');
}
