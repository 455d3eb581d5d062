/** A shape that is being drawn around points, by hand or corner by corner. */
import type { Pixel } from '../plane/planeView';
import type { Tool } from '../plane/gestures';

/** Corners nearer than this, in the plane's units by pixels, are one. */
const SAME = 1e-9;

export class Shape {
  /** In the plane's units, so that it stays where it is when the plane is moved. */
  corners: Pixel[] = [];

  /**
   * A corner by the keyboard: a second one ends a rectangle; once more at the last corner ends any other shape.
   *
   * @returns the shape's corners once it is ended
   */
  add(corner: Pixel, tool: Tool): Pixel[] | undefined {
    const last = this.corners.at(-1);
    const isSame = last !== undefined && Math.hypot(last[0] - corner[0], last[1] - corner[1]) < SAME;
    if (!isSame) this.corners = [...this.corners, corner];
    const isEnded = tool === 'rectangle' ? this.corners.length === 2 : isSame && this.corners.length >= 3;
    return isEnded ? this.corners : undefined;
  }

  /** Takes the last corner away. */
  back(): void {
    this.corners = this.corners.slice(0, -1);
  }

  clear(): void {
    this.corners = [];
  }
}
