import type { Context } from './canvas';
import { categoryColour, categoryShape } from './palette';

/** A filled mark in the colour and shape of a category; all shapes have about the area of the circle. */
export function drawMark(context: Context, category: number, x: number, y: number, radius: number): void {
  context.fillStyle = categoryColour(category);
  context.beginPath();
  switch (categoryShape(category)) {
    case 'circle':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'diamond':
      polygon(context, x, y, 1.25 * radius, 4, 0);
      break;
    case 'square':
      polygon(context, x, y, 1.25 * radius, 4, Math.PI / 4);
      break;
    case 'triangle':
      polygon(context, x, y, 1.45 * radius, 3, Math.PI / 6);
      break;
  }
  context.fill();
}

/** A mark on a scale. */
export function drawDisc(context: Context, colour: string, x: number, y: number, radius: number): void {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function polygon(context: Context, x: number, y: number, radius: number, corners: number, turn: number): void {
  for (let i = 0; i < corners; i++) {
    const angle = turn + (2 * Math.PI * i) / corners;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}
