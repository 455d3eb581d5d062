/** Names that an expression around has bound. */
export class Bound {
  readonly points: ReadonlyMap<string, string>;
  readonly indices: ReadonlyMap<string, string>;

  constructor(points: ReadonlyMap<string, string> = new Map(), indices: ReadonlyMap<string, string> = new Map()) {
    this.points = points;
    this.indices = indices;
  }

  /** Whether draws or counting are around. */
  get isInside(): boolean {
    return this.points.size > 0 || this.indices.size > 0;
  }

  withPoint(name: string, code: string): Bound {
    return new Bound(new Map([...this.points, [name, code]]), this.indices);
  }

  withIndex(name: string, code: string): Bound {
    return new Bound(this.points, new Map([...this.indices, [name, code]]));
  }
}
