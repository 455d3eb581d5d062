/** Numbers in binary files, by the names that NumPy and safetensors give their types. */

export interface ElementType {
  /** Bytes of one. */
  size: number;
  /** Whether a full one is 255: bytes of images become [0, 1]. */
  byte: boolean;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

const number = (size: number, read: ElementType['read'], byte = false): ElementType => ({ size, byte, read });

const float16 = (view: DataView, at: number, little: boolean): number => {
  const bits = view.getUint16(at, little);
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};

/** The upper half of a float32. */
const bfloat16 = (view: DataView, at: number, little: boolean): number => {
  const whole = new DataView(new ArrayBuffer(4));
  whole.setUint32(0, view.getUint16(at, little) << 16);
  return whole.getFloat32(0);
};

const TYPES = {
  u1: number(1, (view, at) => view.getUint8(at), true),
  i1: number(1, (view, at) => view.getInt8(at)),
  b1: number(1, (view, at) => view.getUint8(at)),
  u2: number(2, (view, at, little) => view.getUint16(at, little)),
  i2: number(2, (view, at, little) => view.getInt16(at, little)),
  u4: number(4, (view, at, little) => view.getUint32(at, little)),
  i4: number(4, (view, at, little) => view.getInt32(at, little)),
  u8: number(8, (view, at, little) => Number(view.getBigUint64(at, little))),
  i8: number(8, (view, at, little) => Number(view.getBigInt64(at, little))),
  f2: number(2, float16),
  bf2: number(2, bfloat16),
  f4: number(4, (view, at, little) => view.getFloat32(at, little)),
  f8: number(8, (view, at, little) => view.getFloat64(at, little)),
} as const satisfies Record<string, ElementType>;

const SAFETENSORS: Record<string, keyof typeof TYPES> = {
  ...{ BOOL: 'b1', U8: 'u1', I8: 'i1', U16: 'u2', I16: 'i2', U32: 'u4', I32: 'i4', U64: 'u8', I64: 'i8' },
  ...{ F16: 'f2', BF16: 'bf2', F32: 'f4', F64: 'f8' },
};

/** By NumPy's code without its byte order: `f4`, `u1`, …; undefined for text, objects and complex numbers. */
export function numpyType(code: string): ElementType | undefined {
  return Object.entries(TYPES).find(([name]) => name === code)?.[1];
}

/** By safetensors' name: `F32`, `U8`, … */
export function safetensorsType(name: string): ElementType | undefined {
  const code = SAFETENSORS[name];
  return code && TYPES[code];
}
