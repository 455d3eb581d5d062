/** Numbers in binary files, by the names that NumPy and safetensors give their types. */

export interface ElementType {
  /** NumPy's code without the byte order: `f4`. */
  code: string;
  /** Bytes of one. */
  size: number;
  /** Whether a full one is 255: bytes of images become [0, 1]. */
  byte: boolean;
  /** Whether it has no fractions: what a class can be without being asked for. */
  whole: boolean;
  /** The numbers in these bytes, little-endian; whole numbers of 64 bits as the nearest float64. */
  numbers(bytes: ArrayBuffer): Numbers;
}

export type Numbers = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array; // prettier-ignore

/** The float32 of each of the 65,536 numbers of 16 bits. */
function tableOf(float: (bits: number) => number): () => Float32Array {
  let table: Float32Array | undefined;
  return () => (table ??= Float32Array.from({ length: 65536 }, (_, bits) => float(bits)));
}

const float16 = tableOf((bits) => {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
});

/** The upper half of a float32. */
const bfloat16 = tableOf((bits) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!);

function looked(bytes: ArrayBuffer, table: Float32Array): Float32Array {
  return Float32Array.from(new Uint16Array(bytes), (bits) => table[bits]!);
}

/** Whole numbers of 64 bits as upper and lower halves: BigInt would take ten times as long. */
function wide(bytes: ArrayBuffer, upper: Int32Array | Uint32Array): Float64Array {
  const halves = new Uint32Array(bytes);
  const numbers = new Float64Array(halves.length / 2);
  for (let i = 0; i < numbers.length; i++) numbers[i] = upper[2 * i + 1]! * 2 ** 32 + halves[2 * i]!;
  return numbers;
}

const TYPES: Record<string, Omit<ElementType, 'code'>> = {
  u1: { size: 1, byte: true, whole: true, numbers: (bytes) => new Uint8Array(bytes) },
  i1: { size: 1, byte: false, whole: true, numbers: (bytes) => new Int8Array(bytes) },
  // NumPy takes any bits for true.
  b1: { size: 1, byte: false, whole: true, numbers: (bytes) => new Uint8Array(bytes).map((bits) => (bits ? 1 : 0)) },
  u2: { size: 2, byte: false, whole: true, numbers: (bytes) => new Uint16Array(bytes) },
  i2: { size: 2, byte: false, whole: true, numbers: (bytes) => new Int16Array(bytes) },
  u4: { size: 4, byte: false, whole: true, numbers: (bytes) => new Uint32Array(bytes) },
  i4: { size: 4, byte: false, whole: true, numbers: (bytes) => new Int32Array(bytes) },
  u8: { size: 8, byte: false, whole: true, numbers: (bytes) => wide(bytes, new Uint32Array(bytes)) },
  i8: { size: 8, byte: false, whole: true, numbers: (bytes) => wide(bytes, new Int32Array(bytes)) },
  f2: { size: 2, byte: false, whole: false, numbers: (bytes) => looked(bytes, float16()) },
  bf2: { size: 2, byte: false, whole: false, numbers: (bytes) => looked(bytes, bfloat16()) },
  f4: { size: 4, byte: false, whole: false, numbers: (bytes) => new Float32Array(bytes) },
  f8: { size: 8, byte: false, whole: false, numbers: (bytes) => new Float64Array(bytes) },
};

const SAFETENSORS = new Map<string, string>([
  ...[['BOOL', 'b1'], ['U8', 'u1'], ['I8', 'i1'], ['U16', 'u2'], ['I16', 'i2'], ['U32', 'u4'], ['I32', 'i4']] as const,
  ...[['U64', 'u8'], ['I64', 'i8'], ['F16', 'f2'], ['BF16', 'bf2'], ['F32', 'f4'], ['F64', 'f8']] as const,
]); // prettier-ignore

/** By NumPy's code without its byte order: `f4`, `u1`, …; undefined for text, objects and complex numbers. */
export function numpyType(code: string): ElementType | undefined {
  return Object.hasOwn(TYPES, code) ? { code, ...TYPES[code]! } : undefined;
}

/** By safetensors' name: `F32`, `U8`, … */
export function safetensorsType(name: string): ElementType | undefined {
  const code = SAFETENSORS.get(name);
  return code === undefined ? undefined : numpyType(code);
}

/** The numbers in bytes of a file; the bytes are given up for them. */
export function numbersIn(bytes: ArrayBuffer, { size, numbers }: ElementType, littleEndian: boolean): Numbers {
  const view = Buffer.from(bytes);
  if (!littleEndian && size === 2) view.swap16();
  if (!littleEndian && size === 4) view.swap32();
  if (!littleEndian && size === 8) view.swap64();
  return numbers(bytes);
}
