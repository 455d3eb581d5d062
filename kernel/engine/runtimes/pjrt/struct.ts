/** Structs of the C API as bytes, their fields by name. */
import { STRUCTS, type FieldOf, type Kind, type StructName } from './abi';

const SIZES: Record<Kind, number> = { pointer: 8, size: 8, int64: 8, int: 4, bool: 1 };
const HEAD = 16;

export interface Layout {
  readonly offsets: Readonly<Record<string, number>>;
  /** Up to the end of the last field, as the header's `PJRT_STRUCT_SIZE` counts. */
  readonly size: number;
}

/** As a C compiler lays it out: every field at a multiple of its own size. */
export function layoutOf(name: StructName): Layout {
  const offsets: Record<string, number> = { struct_size: 0, extension_start: 8 };
  let size = HEAD;
  for (const [field, kind] of Object.entries<Kind>(STRUCTS[name])) {
    offsets[field] = Math.ceil(size / SIZES[kind]) * SIZES[kind];
    size = offsets[field] + SIZES[kind];
  }
  return { offsets, size };
}

const layouts = new Map<StructName, Layout>();

/** What a field may be set to; bytes are given as their address. */
export type FieldValue = number | bigint | Uint8Array | ArrayBufferView | Struct;

export class Struct<S extends StructName = StructName> {
  /** Room for the C struct's alignment behind its last field. */
  readonly bytes: Buffer;
  /** Whatever an address was taken of: it lives as long as the struct does. */
  private readonly held: unknown[] = [];
  private readonly layout: Layout;

  /** @param addressOf takes the address of bytes, which do not move from then on */
  constructor(
    private readonly name: S,
    values: Partial<Record<FieldOf<S>, FieldValue>>,
    private readonly addressOf: (bytes: ArrayBufferView) => bigint,
  ) {
    this.layout = layouts.get(name) ?? layoutOf(name);
    layouts.set(name, this.layout);
    this.bytes = Buffer.alloc(Math.ceil(this.layout.size / 8) * 8);
    this.fill(values);
  }

  /** As if it were new: with these fields, the others 0, and nothing held of before. */
  fill(values: Partial<Record<FieldOf<S>, FieldValue>>): this {
    this.bytes.fill(0);
    this.held.length = 0;
    this.bytes.writeBigUInt64LE(BigInt(this.layout.size));
    for (const [field, value] of Object.entries<FieldValue>(values as Record<string, FieldValue>)) {
      this.set(field as FieldOf<S>, value);
    }
    return this;
  }

  /** Holds nothing any more that its fields point at. */
  letGo(): void {
    this.held.length = 0;
  }

  set(field: FieldOf<S>, value: FieldValue): void {
    const offset = this.layout.offsets[field]!;
    if (typeof value === 'object') this.held.push(value);
    const bytes = value instanceof Struct ? value.bytes : value;
    const number = typeof bytes === 'object' ? this.addressOf(bytes) : bytes;
    if (this.kindOf(field) === 'int') this.bytes.writeInt32LE(Number(number), offset);
    else this.bytes.writeBigInt64LE(BigInt(number), offset);
  }

  /** A pointer or a number; no pointer is 0. */
  get(field: FieldOf<S>): bigint {
    const offset = this.layout.offsets[field]!;
    switch (this.kindOf(field)) {
      case 'int':
        return BigInt(this.bytes.readInt32LE(offset));
      case 'bool':
        return BigInt(this.bytes.readUInt8(offset));
      default:
        return this.bytes.readBigUInt64LE(offset);
    }
  }

  private kindOf(field: FieldOf<S>): Kind {
    return (STRUCTS[this.name] as Record<string, Kind>)[field]!;
  }
}
