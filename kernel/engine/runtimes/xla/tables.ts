import type { Client } from '../pjrt/client';
import type { DeviceBuffer } from '../pjrt/buffer';
import type { RowTable } from '../residence';

/** The share of a device's memory that tables may take; bytes where its size is not known. */
const SHARE = 0.25;
const BYTES = 2 * 2 ** 30;

/** Data sets that lie on a device, so that a step takes row numbers alone; what was used longest ago makes room. */
export class Tables {
  private readonly held = new Map<RowTable, DeviceBuffer>();
  private bytes = 0;

  constructor(private readonly client: Client) {}

  /** Whether there is room for the table. */
  fits({ values }: RowTable): boolean {
    return values.byteLength <= this.most;
  }

  /** How many lie there. */
  get count(): number {
    return this.held.size;
  }

  get(table: RowTable): DeviceBuffer {
    const known = this.held.get(table);
    if (known) {
      this.held.delete(table);
      this.held.set(table, known);
      return known;
    }
    const { values, width, length } = table;
    this.makeRoom(values.byteLength);
    const buffer = this.client.upload(values, { shape: [length, width], dtype: 'float32' });
    this.held.set(table, buffer);
    this.bytes += values.byteLength;
    return buffer;
  }

  /** Another step that uses it brings it anew; a run under way keeps it until it has ended. */
  drop(table: RowTable): void {
    const buffer = this.held.get(table);
    if (!buffer) return;
    this.held.delete(table);
    this.bytes -= table.values.byteLength;
    buffer.dispose();
  }

  private makeRoom(bytes: number): void {
    const { most } = this;
    for (const table of this.held.keys()) {
      if (this.bytes + bytes <= most) return;
      this.drop(table);
    }
  }

  /** Bytes that tables may take. */
  private get most(): number {
    const limit = this.client.devices[0]!.memory()?.limit;
    return limit === undefined ? BYTES : SHARE * limit;
  }
}
