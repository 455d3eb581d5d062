/** Points that lie on the GPU: what moves a plane sends two numbers, and not a million points again. */
import type { PointBatch } from './points';

/** Bytes that all scatters of a page may hold there; beyond, those that were drawn longest ago go. */
const MOST_BYTES = 96e6;

interface Stored {
  array: WebGLVertexArrayObject;
  buffers: [positions: WebGLBuffer, colours: WebGLBuffer, shapes: WebGLBuffer];
  bytes: number;
  inking: number;
}

/** Where the shaders have a point's attributes. */
export const ATTRIBUTES = ['position', 'colour', 'shape'] as const;

export class PointBuffers {
  private readonly stored = new Map<PointBatch, Stored>();
  private bytes = 0;

  constructor(private readonly gl: WebGL2RenderingContext) {}

  /** Makes a batch what is drawn next. */
  bind(batch: PointBatch): void {
    const stored = this.stored.get(batch) ?? this.store(batch);
    // The newest stands last.
    this.stored.delete(batch);
    this.stored.set(batch, stored);
    this.gl.bindVertexArray(stored.array);
    if (stored.inking === batch.inking) return;
    stored.inking = batch.inking;
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, stored.buffers[1]);
    this.gl.bufferSubData(this.gl.ARRAY_BUFFER, 0, batch.colours);
  }

  release(batch: PointBatch): void {
    const stored = this.stored.get(batch);
    if (!stored) return;
    this.stored.delete(batch);
    this.bytes -= stored.bytes;
    this.gl.deleteVertexArray(stored.array);
    for (const buffer of stored.buffers) this.gl.deleteBuffer(buffer);
  }

  private store(batch: PointBatch): Stored {
    const { positions, colours, shapes } = batch;
    const bytes = positions.byteLength + colours.byteLength + shapes.byteLength;
    for (const known of [...this.stored.keys()]) if (this.bytes + bytes > MOST_BYTES) this.release(known);
    const { gl } = this;
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    const buffers: Stored['buffers'] = [
      this.attribute(0, positions, 2, gl.FLOAT, false),
      this.attribute(1, colours, 4, gl.UNSIGNED_BYTE, true),
      this.attribute(2, shapes, 1, gl.UNSIGNED_BYTE, false),
    ];
    this.bytes += bytes;
    return { array, buffers, bytes, inking: batch.inking };
  }

  private attribute(
    location: number,
    data: Float32Array | Uint8Array,
    size: number,
    type: number,
    normalized: boolean,
  ): WebGLBuffer {
    const { gl } = this;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, normalized, 0, 0);
    return buffer;
  }
}
