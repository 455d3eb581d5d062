import type { LatentScatterView } from '../../../kernel/views/types';
import { adoptStyles, h, setAttributes } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { Stage } from '../../figure/stage';
import type { PointsDrawn } from '../../gl/drawPoints';
import { sharedGl } from '../../gl/sharedContext';
import { Hover } from '../../hover';
import { countOf } from '../../../kernel/views/scatter/selecting';
import { count, counted } from '../../numbers';
import type { Drawn, ViewContext } from '../../view';
import { MARGIN } from './plane/axes';
import { DecodedPanel } from './decoding/decodedPanel';
import { Decoding } from './decoding/decoding';
import { HoverCard } from './decoding/hoverCard';
import { listen } from './plane/gestures';
import type { Tool } from './plane/gestures';
import styles from './latentScatter.css';
import { Colours } from './colour/colours';
import { Legend } from './colour/legend';
import { paintText } from './colour/paint';
import type { Paint } from './colour/paint';
import { ScaleLegend } from './colour/scaleLegend';
import { isHidden } from './plane/points';
import { Marks } from './plane/marks';
import { latentTable, readLatents } from './model';
import type { LatentData } from './model';
import { Painter } from './plane/painter';
import type { Picture } from './plane/painter';
import { PlaneView } from './plane/planeView';
import type { Pixel } from './plane/planeView';
import { printScatter } from './print';
import { Selecting } from './selection/selecting';
import { mixOf } from './selection/selection';
import { Shape } from './selection/shape';
import { Toolbar } from './toolbar';
import { hoverText, spokenTarget } from './wording';
import type { Target } from './wording';

const LABEL =
  'Latent plane. Arrow keys move the crosshair, with Shift five times as far, and decode there; with Alt they go to the ' +
  'nearest point that way; N and P go to the next and the previous point. W, A, S and D pan; plus and minus zoom, X and Y ' +
  'one axis, with Shift out; 0 fits all points. L and R take lasso and rectangle: Enter sets a corner, Backspace takes it ' +
  'away, Enter at the last corner ends the shape, Escape clears. C counts the classes.';
const DENSITY_NOTE =
  'Where points crowd, each pixel has the mean colour of its points, the stronger the more they are (logarithmic); ' +
  'nearer, they are drawn one by one.';
/** Pixels around a point in which the pointer means it. */
const REACH = 9;
/** Width of the column beside the plane, with its gap. */
const ASIDE = 216;
/** Below this width the column goes under the plane. */
const NARROW = 560;

export class LatentScatter implements Drawn<LatentScatterView> {
  private readonly stage = new Stage();
  private readonly panel = new DecodedPanel();
  private readonly painter = new Painter(this.stage);
  private readonly card: HoverCard;
  private readonly marks: Marks;
  private readonly hover = new Hover(this.stage.element, (at) => this.pointAt(at));
  private readonly layout = h('div', { class: 'plane' });
  private readonly legend: Legend;
  private readonly scaleLegend = new ScaleLegend();
  private readonly colours: Colours;
  private readonly toolbar: Toolbar;
  private readonly decoding: Decoding;
  private readonly view: PlaneView;
  private readonly selecting: Selecting;
  private readonly shape = new Shape();
  private readonly unsubscribe: () => void;
  private readonly hidden: Set<number>;
  private data: LatentData;
  private emphasis: number | null = null;
  private frame: number | undefined;
  private coloured: Paint | undefined;
  private target: Target | null = null;

  constructor(
    private readonly context: ViewContext,
    private shown: LatentScatterView,
  ) {
    const { figure, settings, channel } = context;
    this.data = readLatents(shown);
    this.card = new HoverCard(channel, () => this.data.decodes);
    this.marks = new Marks(this.stage, this.card);
    const [x = 0, y = 1] = settings.numbers('axes') ?? [];
    this.view = new PlaneView(this.data, [x, y]);
    this.hidden = new Set(settings.numbers('hidden'));
    this.colours = new Colours({
      ...{ channel, settings, data: () => this.data },
      onChange: () => this.repaint(),
      onProblem: (text) => figure.setProblem(text),
    });
    this.legend = new Legend({
      onToggle: (index) => this.toggleClass(index),
      onEmphasis: (index) => this.emphasize(index),
    });
    this.toolbar = this.createToolbar();
    this.decoding = new Decoding({
      ...{ panel: this.panel, channel },
      ...{ data: () => this.data, axes: () => this.view.axes, theme: () => figure.theme },
      announce: (text) => figure.announce(text),
    });
    this.selecting = new Selecting({
      channel,
      data: () => this.data,
      coordinates: () => this.view.coordinates,
      axes: () => ({ space: 'latent', axes: this.view.axes }),
      hidden: () => this.hiddenPoints(),
      theme: () => figure.theme,
      announce: (text) => figure.announce(text),
      onChange: () => this.recolourSoon(),
    });
    adoptStyles(figure.root, styles);
    const aside = h(
      'aside',
      {},
      this.panel.element,
      this.legend.element,
      this.scaleLegend.element,
      this.selecting.panel.element,
    );
    this.layout.append(this.stage.element, aside);
    setAttributes(this.stage.element, {
      class: 'stage interactive',
      tabindex: 0,
      role: 'application',
      'aria-label': LABEL,
    });
    figure.controls.append(...this.toolbar.elements);
    figure.body.append(this.layout);
    this.listen();
    figure.setDrawing(() => this.print());
    this.coloured = this.colours.paint;
    if (this.coloured.name !== 'class') this.hidden.clear();
    this.show(shown);
    this.decoding.showFirst();
    this.unsubscribe = sharedGl().subscribe(() => this.render());
    figure.onTheme(() => {
      this.panel.redraw(figure.theme);
      this.render();
    });
    figure.onResize((width) => this.resize(width));
  }

  update(view: LatentScatterView): void {
    this.data = readLatents(view);
    this.view.setData(this.data);
    this.colours.update();
    this.selecting.forget();
    this.card.forget();
    this.show(view);
    this.render();
    if (this.target === null || this.target.z.length !== this.data.d) {
      this.target = null;
      this.decoding.showFirst();
    }
    // The decoder may have learned since: ask again what lies there.
    else if (this.target.point === null) this.aim(this.target);
    else if (this.target.point < this.data.n) this.aim(this.view.pointTarget(this.target.point));
    else this.aim({ z: this.target.z, point: null });
  }

  dispose(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.unsubscribe();
    this.painter.forget();
    this.decoding.close();
    this.card.close();
  }

  private show(view: LatentScatterView): void {
    this.shown = view;
    this.painter.forget();
    this.toolbar.setColours(this.colours.choices);
    this.toolbar.update(this.data, this.view.axes, this.view.outliers);
    this.setText();
    this.context.figure.setTable(latentTable(this.data, this.selecting.mask));
  }

  private setText(): void {
    const { title, summary } = this.shown;
    const { reason, isDensity } = this.painter.drawn;
    const notes = reason === null ? [] : [`Points are drawn without WebGL: ${reason}.`];
    if (isDensity) notes.push(DENSITY_NOTE);
    const { outliers } = this.view;
    if (outliers > 0) {
      const lie = outliers === 1 ? 'lies' : 'lie';
      notes.push(
        `${counted(outliers, 'point')} ${lie} too far off to be shown with the others; “All” shows every one.`,
      );
    }
    if (this.data.d === 1)
      notes.push('One latent dimension: the height of a point only keeps it apart from the others.');
    this.context.figure.setText({ title, summary, notes });
  }

  private createToolbar(): Toolbar {
    const { settings } = this.context;
    return new Toolbar(settings.boolean('manifold', false), {
      onColour: (choice) => this.colours.choose(choice),
      onAxes: (axes) => {
        settings.set('axes', axes);
        this.view.setAxes(axes);
        this.show(this.shown);
        this.render();
      },
      onManifold: (pressed) => {
        settings.set('manifold', pressed);
        this.render();
      },
      onTool: (tool) => this.take(tool),
      onZoom: (factor) => this.zoom({ x: factor, y: factor }, null),
      onFit: () => this.fit(),
      onAll: () => this.fit(true),
    });
  }

  private resize(width: number): void {
    const narrow = width < NARROW;
    this.layout.classList.toggle('narrow', narrow);
    const stageWidth = narrow ? width : width - ASIDE;
    const height = Math.round(Math.min(480, Math.max(280, stageWidth * (this.data.d > 1 ? 0.72 : 0.45))));
    this.stage.resize(stageWidth, height);
    const { left, right, top, bottom } = MARGIN;
    this.view.setArea({ left, top, width: Math.max(40, stageWidth - left - right), height: height - top - bottom });
    this.render();
  }

  private picture(emphasis: number | null): Picture | undefined {
    const { data, view, toolbar } = this;
    const { plane, coordinates, names } = view;
    return (
      plane && {
        data,
        coordinates,
        plane,
        look: { ...this.look, emphasis, selected: this.selecting.mask },
        names,
        manifold: toolbar.showsManifold,
      }
    );
  }

  private render(): void {
    const picture = this.picture(this.emphasis);
    if (picture === undefined) return;
    const { theme } = this.context.figure;
    const { drawn } = this.painter;
    this.painter.paint(picture, theme);
    if (!isSame(drawn, this.painter.drawn)) this.setText();
    const { paint } = this.colours;
    this.legend.render(paint.groups, this.hidden, theme);
    this.scaleLegend.render(paint.kind === 'scale' ? paint : null, theme);
    this.selecting.show();
    this.marks.crosshair(this.targetPixel(), theme);
    this.outline();
    this.marks.hover(null, theme);
    this.hover.again();
  }

  private targetPixel(): Pixel | null {
    return this.target && this.view.pixelOf(this.target);
  }

  /** @param all outliers too */
  private fit(all = false): void {
    this.view.fit(all);
    this.render();
  }

  private zoom(factor: { x: number; y: number }, at: Pixel | null): void {
    this.view.zoom(factor, at ?? this.targetPixel());
    this.render();
  }

  private toggleClass(index: number): void {
    if (!this.hidden.delete(index)) this.hidden.add(index);
    if (this.colours.paint.name === 'class') this.context.settings.set('hidden', [...this.hidden]);
    this.recolour();
  }

  private emphasize(index: number | null): void {
    if (this.emphasis === index) return;
    this.emphasis = index;
    this.recolour();
  }

  private get look() {
    return { paint: this.colours.paint, hidden: this.hidden };
  }

  /** Points are coloured by something else, or the reader can choose among others. */
  private repaint(): void {
    this.toolbar.setColours(this.colours.choices);
    if (this.coloured === this.colours.paint) return;
    // Other groups than those that were hidden; classes come back as they were.
    if (this.coloured && this.coloured.name !== this.colours.paint.name) {
      this.hidden.clear();
      if (this.colours.paint.name === 'class')
        this.context.settings.numbers('hidden')?.forEach((one) => this.hidden.add(one));
    }
    this.coloured = this.colours.paint;
    this.painter.forget();
    this.context.figure.setTable(latentTable(this.data, this.selecting.mask));
    this.render();
  }

  private hiddenPoints(): { isHidden: ((point: number) => boolean) | null; labels: number[] | null } {
    const { paint } = this.colours;
    if (paint.kind !== 'groups' || this.hidden.size === 0) return { isHidden: null, labels: [] };
    const labels = paint.name === 'class' ? [...this.hidden].map((index) => paint.labels[index]!) : null;
    return { isHidden: (point) => this.isHidden(point), labels };
  }

  private recolour(): void {
    this.painter.recolour();
    this.render();
  }

  /** In the next frame: a million points are drawn after the reader has been told what is selected. */
  private recolourSoon(): void {
    this.painter.recolour();
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.context.figure.setTable(latentTable(this.data, this.selecting.mask));
      this.render();
    });
  }

  private take(tool: Tool): void {
    this.toolbar.tool = tool;
    this.shape.clear();
    this.outline();
    for (const one of ['lasso', 'rectangle', 'pan'] as const) this.stage.element.classList.toggle(one, one === tool);
  }

  private outline(): void {
    const corners = this.shape.corners.map((corner) => this.view.pixelAt(corner));
    this.marks.outline(corners, this.context.figure.theme);
  }

  /** A corner where the crosshair is. */
  private addCorner(): void {
    const { tool } = this.toolbar;
    if (tool !== 'lasso' && tool !== 'rectangle') return;
    if (this.target === null) return this.aim(this.view.placeBeside(null, 0, 0), true);
    const ended = this.shape.add(this.view.placeOf(this.target), tool);
    if (ended !== undefined) {
      this.shape.clear();
      this.selecting.draw(ended, 'replace');
    } else this.context.figure.announce(`Corner ${this.shape.corners.length}.`);
    this.outline();
  }

  private escape(): void {
    if (this.shape.corners.length > 0) this.shape.clear();
    else if (this.selecting.mask !== null) this.selecting.clear();
    else this.take('decode');
    this.outline();
  }

  /** What is in view, class by class, and what is selected. */
  private readCounts(): void {
    const inView = this.view.inView((point) => this.isHidden(point));
    const mix = mixOf(inView, this.data).map(({ name, count: points }) => `${name} ${count(points)}`);
    const all = `${counted(countOf(inView), 'point')} in view${mix.length > 0 ? `: ${mix.join(', ')}` : ''}.`;
    this.context.figure.announce(`${all} ${this.selecting.words()}`);
  }

  private isHidden(point: number): boolean {
    return isHidden(this.look, point);
  }

  private pointUnder(at: Pixel): number {
    const none = !this.view.contains(at) || this.toolbar.showsManifold;
    return none ? -1 : this.view.nearest(at, REACH, (point) => this.isHidden(point));
  }

  private listen(): void {
    listen(
      this.stage.element,
      {
        onPick: (at, how) => this.pick(at, how.dragged),
        onPan: (dx, dy) => {
          this.view.pan(dx, dy);
          this.render();
        },
        onZoom: (factor, at) => this.zoom(factor, at),
        onFit: () => this.fit(),
        onStep: (dx, dy) => this.aim(this.view.placeBeside(this.target, dx, dy), true),
        onNeighbour: (dx, dy) => this.toNeighbour([dx, dy]),
        onTraverse: (by) => this.traverse(by),
        onShape: (corners) => {
          this.shape.corners = corners.map((at) => this.view.unitsAt(at));
          this.outline();
        },
        onShapeEnd: (corners, mode) => {
          this.shape.clear();
          this.selecting.draw(
            corners.map((at) => this.view.unitsAt(at)),
            mode,
          );
        },
        onCorner: () => this.addCorner(),
        onCornerBack: () => {
          this.shape.back();
          this.outline();
        },
        onEscape: () => this.escape(),
        onTool: (tool) => this.take(this.toolbar.tool === tool ? 'decode' : tool),
        onCount: () => this.readCounts(),
      },
      () => this.toolbar.tool,
    );
  }

  private pointAt(at: Pixel | null): void {
    const point = at === null ? -1 : this.pointUnder(at);
    const target = point < 0 ? null : this.view.pointTarget(point);
    const pixel = target && this.view.pixelOf(target);
    const shown = target &&
      pixel && {
        index: point,
        at: pixel,
        text: hoverText(target, this.data, this.view.axes, paintText(this.colours.paint, point)),
      };
    this.marks.hover(shown, this.context.figure.theme);
  }

  /** A point that was hit is decoded as it is; elsewhere, and while dragging, the place in the plane. */
  private pick(at: Pixel, dragged: boolean): void {
    if (!this.view.contains(at)) return;
    const point = dragged ? -1 : this.pointUnder(at);
    this.aim(point >= 0 ? this.view.pointTarget(point) : this.view.placeAt(at));
  }

  /** @param follow keep the crosshair in view and say where it is, as for the keyboard */
  private aim(target: Target, follow = false): void {
    this.target = target;
    if (follow && this.targetPixel() === null) {
      this.view.centreOn(target);
      this.render();
    }
    this.marks.crosshair(this.targetPixel(), this.context.figure.theme);
    this.decoding.show(target, follow);
    if (follow) this.context.figure.announce(spokenTarget(target, this.data, this.view.axes));
  }

  private toNeighbour(way: Pixel): void {
    const point = this.view.neighbour(this.target, way, (one) => this.isHidden(one));
    if (point >= 0) this.aim(this.view.pointTarget(point), true);
    else this.context.figure.announce('No point lies that way.');
  }

  private traverse(by: 1 | -1): void {
    const { n } = this.data;
    let point = this.target?.point ?? (by > 0 ? -1 : n);
    do point += by;
    while (point >= 0 && point < n && (this.isHidden(point) || !this.view.isFinite(point)));
    if (point >= 0 && point < n) this.aim(this.view.pointTarget(point), true);
  }

  private print(): SvgImage {
    const picture = this.picture(null);
    if (picture === undefined) throw new Error('the figure is not drawn yet');
    return printScatter(this.shown.title, picture, { width: this.stage.width, height: this.stage.height });
  }
}

const isSame = (one: PointsDrawn, other: PointsDrawn) =>
  one.reason === other.reason && one.isDensity === other.isDensity;
