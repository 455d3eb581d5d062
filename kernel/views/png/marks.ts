import { categoryShape, CORNERS } from '../categories';
import type { Context } from './canvas';
import { categoryColour } from './palette';

/** A filled mark in the colour and shape of a category; all shapes have about the area of the circle. */
export function drawMark(context: Context, category: number, x: number, y: number, radius: number): void {
  const shape = categoryShape(category);
  if (shape === 'circle') return drawDisc(context, categoryColour(category), x, y, radius);
  context.fillStyle = categoryColour(category);
  context.beginPath();
  for (const [across, down] of CORNERS[shape]) context.lineTo(x + across * radius, y + down * radius);
  context.closePath();
  context.fill();
}

/** A mark on a scale. */
export function drawDisc(context: Context, colour: string, x: number, y: number, radius: number): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
