/** The controls of the latent scatter. */
import { button, Select, Toggle } from '../../figure/controls';
import { count, counted } from '../../numbers';
import type { LatentData } from './model';

export interface ToolbarEvents {
  onAxes(axes: [number, number]): void;
  onManifold(pressed: boolean): void;
  onPan(pressed: boolean): void;
  onZoom(factor: number): void;
  onFit(): void;
  onAll(): void;
}

const MANIFOLD_TITLE = 'What the decoder makes of each region (saved grid)';

export class Toolbar {
  readonly elements: HTMLElement[];
  private readonly across: Select;
  private readonly up: Select;
  private readonly manifold: Toggle;
  private readonly pan: Toggle;
  private readonly all: HTMLButtonElement;
  private axes: [number, number] = [0, 1];

  constructor(manifold: boolean, events: ToolbarEvents) {
    this.across = new Select('x', (axis) => events.onAxes([axis, this.axes[1]]));
    this.up = new Select('y', (axis) => events.onAxes([this.axes[0], axis]));
    this.manifold = new Toggle('Manifold', MANIFOLD_TITLE, manifold, events.onManifold);
    this.pan = new Toggle('Pan', 'Drag moves the plane (also with Shift, or the middle button)', false, events.onPan);
    this.all = button('All', {}, events.onAll);
    const zoom = (text: string, label: string, title: string, factor: number) =>
      button(text, { label, title }, () => events.onZoom(factor));
    this.elements = [
      this.across.element,
      this.up.element,
      this.manifold.element,
      this.pan.element,
      zoom('−', 'Zoom out', 'Zoom out (Ctrl + wheel)', 0.8),
      zoom('+', 'Zoom in', 'Zoom in (Ctrl + wheel)', 1.25),
      button('Fit', { title: 'Show the points' }, events.onFit),
      this.all,
    ];
  }

  get panning(): boolean {
    return this.pan.pressed;
  }

  /** Whether the decoded grid is shown in place of the points. */
  get showsManifold(): boolean {
    return this.manifold.pressed && !this.manifold.element.disabled;
  }

  /** @param outliers points that {@link ToolbarEvents.onFit} leaves out */
  update({ dimensions, grid }: LatentData, axes: [number, number], outliers: number): void {
    this.axes = axes;
    this.all.hidden = outliers === 0;
    this.all.textContent = `All (+${count(outliers)})`;
    this.all.title = `Show the ${counted(outliers, 'point')} too that ${outliers === 1 ? 'lies' : 'lie'} far off`;
    this.across.show(dimensions, axes[0]);
    this.up.show(dimensions, axes[1]);
    this.across.element.hidden = this.up.element.hidden = dimensions.length <= 2;
    this.manifold.disable(manifoldProblem(grid !== null, axes), MANIFOLD_TITLE);
  }
}

function manifoldProblem(hasGrid: boolean, [first, second]: [number, number]): string | null {
  if (!hasGrid) return 'This view carries no decoded grid';
  return first === 0 && second === 1 ? null : 'The decoded grid covers the first two dimensions';
}
