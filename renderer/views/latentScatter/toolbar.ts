/** The controls of the latent scatter. */
import { h, svg } from '../../dom';
import { button, Select, Toggle } from '../../figure/controls';
import { count, counted } from '../../numbers';
import type { LatentData } from './model';
import type { Tool } from './plane/gestures';
import type { PlaneView } from './plane/planeView';

export interface ToolbarEvents {
  /** What the axes are of: latent dimensions, principal components, an embedding. */
  onSpace(choice: number): void;
  onAxes(axes: [number, number]): void;
  onColour(choice: number): void;
  onManifold(pressed: boolean): void;
  /** Three dimensions at once, or two. */
  onSolid(pressed: boolean): void;
  onThird(axis: number): void;
  onTool(tool: Tool): void;
  onZoom(factor: number): void;
  onFit(): void;
  onAll(): void;
}

const SOLID_TITLE = 'Three dimensions at once, turned by dragging';
const MANIFOLD_TITLE = 'What the decoder makes of each region (saved grid)';

const TOOLS = {
  lasso: {
    label: 'Lasso',
    title: 'Select points by drawing around them (L). Shift adds to the selection, Alt removes from it',
    icon: 'M8 2.5C4.6 2.5 2 4.3 2 6.6s2.6 4 6 4 6-1.8 6-4-2.6-4.1-6-4.1M4.6 9.8c-1 .6-1.2 1.7-.4 2.3.9.6 1 1.2.3 1.9',
  },
  rectangle: {
    label: 'Rectangle',
    title: 'Select points in a rectangle (R). Shift adds to the selection, Alt removes from it',
    icon: 'M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3M7 2.5h2M7 13.5h2M2.5 7v2M13.5 7v2',
  },
  turn: {
    label: 'Turn',
    title: 'Drag turns the three dimensions (Q, E; with Shift they tilt); a click decodes',
    icon: 'M2.5 8c0-1.6 2.5-3 5.5-3s5.5 1.4 5.5 3-2.5 3-5.5 3h-1M8.6 9.2 6.8 11l1.8 1.8M8 2v1.2M8 13v1',
  },
  pan: {
    label: 'Pan',
    title: 'Drag moves the plane (also with Shift, or the middle button)',
    icon: 'M8 1.8v12.4M1.8 8h12.4M6 3.8l2-2 2 2M6 12.2l2 2 2-2M3.8 6l-2 2 2 2M12.2 6l2 2-2 2',
  },
} as const;

function drawnIcon(d: string): SVGElement {
  const path = svg('path', { d, fill: 'none', stroke: 'currentColor', 'stroke-width': 1.3, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }); // prettier-ignore
  return svg('svg', { width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true' }, path);
}

export class Toolbar {
  readonly elements: HTMLElement[];
  private readonly colour: Select;
  private readonly space: Select;
  private readonly across: Select;
  private readonly up: Select;
  private readonly manifold: Toggle;
  private readonly solid: Toggle;
  private readonly third: Select;
  private readonly tools: Record<Exclude<Tool, 'decode'>, Toggle>;
  private readonly all: HTMLButtonElement;
  private axes: [number, number] = [0, 1];
  /** Axes that can be the third. */
  private thirds: number[] = [];

  constructor(manifold: boolean, events: ToolbarEvents) {
    this.space = new Select('axes', events.onSpace);
    this.across = new Select('x', (axis) => events.onAxes([axis, this.axes[1]]));
    this.up = new Select('y', (axis) => events.onAxes([this.axes[0], axis]));
    this.colour = new Select('colour', events.onColour);
    this.manifold = new Toggle('Manifold', MANIFOLD_TITLE, manifold, events.onManifold);
    this.solid = new Toggle('3D', SOLID_TITLE, false, events.onSolid);
    this.third = new Select('z', (at) => events.onThird(this.thirds[at]!));
    const tool = (name: Exclude<Tool, 'decode'>) => {
      const { label, title, icon } = TOOLS[name];
      const toggle = new Toggle('', title, false, (pressed) => events.onTool(pressed ? name : 'decode'));
      toggle.element.setAttribute('aria-label', label);
      toggle.element.append(drawnIcon(icon));
      return toggle;
    };
    this.tools = { lasso: tool('lasso'), rectangle: tool('rectangle'), pan: tool('pan'), turn: tool('turn') };
    this.all = button('All', {}, events.onAll);
    const zoom = (text: string, label: string, title: string, factor: number) =>
      button(text, { label, title }, () => events.onZoom(factor));
    this.elements = [
      this.colour.element,
      this.space.element,
      this.across.element,
      this.up.element,
      this.third.element,
      this.solid.element,
      this.manifold.element,
      h(
        'span',
        { class: 'tools-of-plane', role: 'group', 'aria-label': 'Dragging' },
        ...Object.values(this.tools).map(({ element }) => element),
      ),
      zoom('−', 'Zoom out', 'Zoom out (Ctrl + wheel)', 0.8),
      zoom('+', 'Zoom in', 'Zoom in (Ctrl + wheel)', 1.25),
      button('Fit', { title: 'Show the points' }, events.onFit),
      this.all,
    ];
  }

  /** What a plain drag does. */
  get tool(): Tool {
    const names = Object.keys(this.tools) as Exclude<Tool, 'decode'>[];
    return names.find((name) => this.tools[name].pressed) ?? 'decode';
  }

  set tool(tool: Tool) {
    for (const [name, toggle] of Object.entries(this.tools)) toggle.pressed = name === tool;
  }

  /** Whether the decoded grid is shown in place of the points. */
  get showsManifold(): boolean {
    return this.manifold.pressed && !this.manifold.element.disabled;
  }

  setColours({ texts, chosen }: { texts: string[]; chosen: number }): void {
    this.colour.show(
      texts.map((text) => text || 'none'),
      chosen,
    );
  }

  /**
   * @param space    which of the spaces the axes are of
   * @param problems why each of them cannot be had; null: it can
   * @param solidProblem why three dimensions cannot be shown; null: they can
   */
  update(
    { grid, d }: LatentData,
    view: PlaneView,
    space: number,
    problems: readonly (string | null)[],
    solidProblem: string | null,
  ): void {
    const { outliers, axes } = view;
    const { names, kind } = view.space;
    this.axes = axes;
    this.all.hidden = outliers === 0;
    this.all.textContent = `All (+${count(outliers)})`;
    this.all.title = `Show the ${counted(outliers, 'point')} too that ${outliers === 1 ? 'lies' : 'lie'} far off`;
    this.space.show(SPACE_NAMES, space, problems);
    this.space.element.hidden = d <= 2;
    this.across.show([...names], axes[0]);
    this.up.show([...names], axes[1]);
    this.across.element.hidden = this.up.element.hidden = names.length <= 2 || kind === 'umap';
    const isSolid = view.third !== null;
    this.solid.element.hidden = d <= 2;
    this.solid.pressed = isSolid;
    this.solid.disable(solidProblem, SOLID_TITLE);
    this.tools.turn.element.hidden = !isSolid;
    this.thirds = names.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    this.third.element.hidden = !isSolid || this.thirds.length < 2;
    this.third.show(
      this.thirds.map((axis) => names[axis]!),
      this.thirds.indexOf(view.third ?? -1),
    );
    this.manifold.disable(manifoldProblem(grid !== null && kind === 'latent', axes, isSolid), MANIFOLD_TITLE);
  }
}

const SPACE_NAMES = ['latent', 'PCA', 'UMAP'];

function manifoldProblem(hasGrid: boolean, [first, second]: [number, number], isSolid: boolean): string | null {
  if (!hasGrid) return 'This view has no decoded grid';
  if (isSolid) return 'The decoded grid has two dimensions';
  return first === 0 && second === 1 ? null : 'The decoded grid covers the first two dimensions';
}
