import { captionOf } from '../../../kernel/figures/scatter/notes';
import { roomFor, type ScatterRoom } from '../../../kernel/figures/scatter/room';
import { FIRST_TURN, type Turn } from '../../../kernel/views/scatter/turn';
import type { LatentScatterView } from '../../../kernel/views/types';
import { adoptStyles, h, setAttributes } from '../../dom';
import type { SvgImage } from '../../figure/save';
import { Stage } from '../../figure/stage';
import { isDrawnAlike } from '../../gl/drawPoints';
import { messageOf } from '../../errors';
import { sharedGl } from '../../gl/sharedContext';
import { Hover } from '../../hover';
import type { Drawn, ViewContext } from '../../view';
import { Colours } from './colour/colours';
import { GroupLook } from './colour/groupLook';
import { Legend } from './colour/legend';
import { paintText } from './colour/paint';
import { ScaleLegend } from './colour/scaleLegend';
import { DecodedPanel } from './decoding/decodedPanel';
import { Decoding } from './decoding/decoding';
import { HoverCard } from './decoding/hoverCard';
import { Following } from './following';
import { Hands, HANDS } from './hands';
import styles from './latentScatter.css';
import { latentTable, readLatents } from './model';
import type { LatentData, ScatterChange } from './model';
import { Marks } from './plane/marks';
import { Painter } from './plane/painter';
import type { Picture } from './plane/painter';
import { Past } from './plane/past';
import { PlaneView } from './plane/planeView';
import type { Pixel } from './plane/planeView';
import { ProjectionProgress } from './plane/progress';
import { Projections, SPACES } from './plane/projections';
import { Hold } from './hold';
import { notesOf } from './notes';
import { LazySelecting } from './selection/lazySelecting';
import { loadTurning } from './plane/turning';
import { Toolbar } from './toolbar';
import { LazyWays } from './ways/lazyWays';
import { hoverText } from './wording';

/** Pixels around a point in which the pointer means it. */
const REACH = 9;

export class LatentScatter implements Drawn<LatentScatterView, ScatterChange> {
  private readonly stage = new Stage();
  private readonly panel = new DecodedPanel();
  private readonly painter = new Painter(this.stage);
  private readonly card: HoverCard;
  private readonly marks: Marks;
  private readonly hover = new Hover(this.stage.element, (at) => this.pointAt(at));
  private readonly layout = h('div', { class: 'plane' });
  private readonly hold: Hold;
  private readonly progress = new ProjectionProgress(() => this.projections.stop());
  private readonly following: Following;
  private readonly past = new Past({ onFrame: (frame, isAligned) => this.showFrame(frame, isAligned) }, (error) =>
    this.context.figure.setProblem(`The earlier epochs cannot be shown: ${messageOf(error)}`),
  );
  private readonly legend: Legend;
  private readonly scaleLegend = new ScaleLegend();
  private readonly colours: Colours;
  private readonly groups: GroupLook;
  private readonly toolbar: Toolbar;
  private readonly decoding: Decoding;
  private readonly view: PlaneView;
  private readonly projections: Projections;
  private readonly selecting: LazySelecting;
  private readonly ways: LazyWays;
  private readonly hands: Hands;
  private readonly unsubscribe: () => void;
  private data: LatentData;
  private room: ScatterRoom | undefined;
  private frame: number | undefined;

  constructor(
    private readonly context: ViewContext,
    private shown: LatentScatterView,
  ) {
    const { figure, settings, channel } = context;
    const shared = { channel, settings, data: () => this.data, theme: () => figure.theme };
    const announce = (text: string) => figure.announce(text);
    const onProblem = (text: string | null) => figure.setProblem(text);
    this.data = readLatents(shown);
    this.card = new HoverCard(channel, () => this.data.decodes && !this.isPast);
    this.marks = new Marks(this.stage, this.card);
    const [x = 0, y = 1] = settings.numbers('axes') ?? [];
    this.view = new PlaneView(this.data, [x, y]);
    const turned = settings.numbers('turn');
    const [third, yaw = 0, pitch = 0] = turned ?? [];
    const turn = third === undefined ? undefined : { third, yaw, pitch };
    const first = turned === undefined ? shown.turn : turn;
    if (first && this.data.d > 2) this.setTurn(first);
    this.colours = new Colours({ ...shared, onChange: () => this.repaint(), onProblem });
    this.groups = new GroupLook(settings, this.colours.paint);
    this.legend = new Legend({
      onToggle: (index) => {
        this.groups.toggle(index);
        this.recolour();
      },
      onEmphasis: (index) => this.emphasize(index),
    });
    this.toolbar = this.createToolbar();
    this.decoding = new Decoding({
      ...shared,
      panel: this.panel,
      plane: this.view,
      announce,
      isPast: () => this.isPast,
    });
    this.selecting = new LazySelecting({
      ...shared,
      announce,
      coordinates: () => this.view.coordinates,
      axes: () => {
        const { space, axes } = this.view;
        return { space: space.kind, axes, ...(space.solid && { turned: space.solid.turned }) };
      },
      // The kernel knows no other rows of the past.
      hidden: () => ({ ...this.groups.hiddenPoints, ...(this.isPast && { labels: null }) }),
      onChange: (isOwn) => {
        if (isOwn) this.following.select(this.selecting.mask);
        this.recolourSoon();
      },
    });
    this.following = new Following({
      ...{ data: () => this.data, announce },
      onSelected: (mask) => this.selecting.set(mask),
      onPointed: (point) => this.pointElsewhere(point),
    });
    this.ways = new LazyWays({ ...shared, announce, onChange: () => this.drawOver() });
    this.hands = new Hands({
      ...{ stage: this.stage.element, figure, view: this.view, marks: this.marks, selecting: this.selecting },
      tool: { get: () => this.toolbar.tool, set: (tool) => (this.toolbar.tool = tool) },
      data: () => this.data,
      isHidden: (point) => this.groups.isHidden(point),
      pointUnder: (at) => this.pointUnder(at),
      onAim: (target, spoken) => {
        this.following.point(target.point ?? -1);
        this.decoding.show(target, spoken);
        this.hold.show(this.data.d);
      },
      onWay: (from, to) => this.ways.between(from, to),
      onTurned: () => this.turned(),
      render: () => this.render(),
    });
    this.hold = new Hold(this.view, this.hands);
    this.projections = new Projections({
      ...shared,
      onProblem,
      onProgress: (share) => this.progress.show(share),
      onChange: (space) => {
        this.view.setSpace(space, this.view.axes);
        if (this.view.third !== null && this.toolbar.tool === 'decode') this.hands.take('turn');
        this.painter.forget();
        this.show(this.shown);
        this.render();
      },
    });
    adoptStyles(figure.root, styles);
    const column = [this.panel.element, this.hold.element, this.legend.element, this.scaleLegend.element];
    const aside = h('aside', {}, ...column, this.selecting.slot);
    this.layout.append(this.stage.element, aside);
    setAttributes(this.stage.element, {
      class: 'stage interactive',
      tabindex: 0,
      role: 'application',
      'aria-label': HANDS,
    });
    figure.controls.append(...this.toolbar.elements);
    figure.body.append(this.following.element, this.progress.element, this.layout, this.past.slot, this.ways.slot);
    figure.setDrawing(() => this.print());
    this.show(shown);
    this.projections.update();
    this.decoding.showFirst();
    this.follow(shown);
    this.unsubscribe = sharedGl().subscribe(() => this.render());
    channel.onLiveChange(() => {
      this.showToolbar();
      if (this.hands.target === null) this.decoding.showFirst();
    });
    figure.onTheme(() => {
      this.panel.redraw(figure.theme);
      this.ways.redraw();
      this.render();
    });
    figure.onResize((width) => this.resize(width));
  }

  update(view: LatentScatterView): void {
    this.data = readLatents(view);
    this.view.setData(this.data);
    this.projections.update();
    this.colours.update();
    this.groups.paint = this.colours.paint;
    this.selecting.forget();
    this.card.forget();
    this.show(view);
    this.render();
    this.aimAgain();
    this.ways.again();
    this.follow(view);
  }

  change(changes: ScatterChange[]): boolean {
    for (const { projected, newer } of changes) {
      if (projected !== undefined) this.projections.progress(projected);
      if (newer !== undefined) this.following.older(newer);
    }
    return true;
  }

  dispose(): void {
    if (this.frame !== undefined) cancelAnimationFrame(this.frame);
    this.unsubscribe();
    this.following.dispose();
    this.past.dispose();
    this.painter.forget();
    this.decoding.close();
    this.ways.dispose();
    this.card.close();
  }

  /** What a view has beside its points: its past, others of the same data, a model that goes on. */
  private follow(view: LatentScatterView): void {
    this.past.follow(view, this.data, () => this.setText());
    this.following.follow(view.data);
    // Whether the kernel that made it is there, and how far its model has come since.
    this.context.channel.watch();
  }

  private get isPast(): boolean {
    return this.view.space.isPast === true;
  }

  /** @param frame null: the points as they are in the view */
  private showFrame(frame: number | null, isAligned: boolean): void {
    const { frames } = this.past;
    if (frame !== null && this.projections.kind !== 'latent') this.projections.choose('latent', false);
    const now = this.projections.space;
    this.view.setSpace(frames === null || frame === null ? now : frames.space(frame, isAligned, now), this.view.axes);
    this.card.forget();
    this.show(this.shown);
    this.render();
    if (this.hands.target?.point != null) this.hands.aim(this.view.pointTarget(this.hands.target.point));
  }

  /** The decoder may have learned since: asks again what lies where the reader looks. */
  private aimAgain(): void {
    const { target } = this.hands;
    if (target === null || target.z.length !== this.data.d) {
      this.hands.target = null;
      this.decoding.showFirst();
    } else if (target.point === null) this.hands.aim(target);
    else if (target.point < this.data.n) this.hands.aim(this.view.pointTarget(target.point));
    else this.hands.aim({ z: target.z, point: null });
  }

  private show(view: LatentScatterView): void {
    this.shown = view;
    this.painter.forget();
    this.showToolbar();
    this.hold.show(this.data.d);
    this.setText();
    this.context.figure.setTable(latentTable(this.data, this.selecting.mask));
  }

  private showToolbar(): void {
    this.toolbar.setColours(this.colours.choices);
    const problems = SPACES.map((kind) => this.projections.problem(kind));
    const isSolid = this.view.canTurn || this.projections.canEmbedSolid;
    const solidProblem = isSolid ? null : 'The kernel computes it: run the cell again';
    this.toolbar.update(this.data, this.view, SPACES.indexOf(this.projections.kind), problems, solidProblem);
  }

  private setText(): void {
    const { title, summary } = this.shown;
    const notes = notesOf(this.data, this.view, this.painter.drawn, this.past.frames);
    this.context.figure.setText({ title, summary, caption: captionOf(this.data, this.shown.totalPoints), notes });
  }

  private createToolbar(): Toolbar {
    const { settings } = this.context;
    return new Toolbar(settings.boolean('manifold', false), {
      onColour: (choice) => this.colours.choose(choice),
      onSpace: (choice) => {
        this.projections.choose(SPACES[choice]!);
        this.showToolbar();
      },
      onAxes: (axes) => {
        settings.set('axes', axes);
        this.view.setAxes(axes);
        this.show(this.shown);
        this.render();
      },
      onSolid: (pressed) => this.setTurn(pressed ? { ...FIRST_TURN, third: 2 } : null),
      onThird: (axis) => this.setTurn({ ...(this.view.turn ?? FIRST_TURN), third: axis }),
      onManifold: (pressed) => {
        settings.set('manifold', pressed);
        this.render();
      },
      onTool: (tool) => this.hands.take(tool),
      onZoom: (factor) => this.hands.zoom({ x: factor, y: factor }, null),
      onFit: () => this.hands.fit(),
      onAll: () => this.hands.fit(true),
    });
  }

  /** Three dimensions as they are to be turned; null: two. */
  private setTurn(turn: (Turn & { third: number }) | null): void {
    void loadTurning().then(() => {
      this.view.setTurn(turn);
      // A space in two dimensions needs the kernel to make one in three, which is turned then.
      if (turn !== null && !this.view.canTurn) {
        if (this.projections.canEmbedSolid) this.projections.embedSolid();
        return;
      }
      this.hands.take(turn === null ? 'decode' : 'turn');
      this.turned();
      this.show(this.shown);
    });
  }

  /** Points lie elsewhere on the screen, and others in front. */
  private turned(): void {
    const { turn } = this.view;
    this.context.settings.set('turn', turn === null ? [] : [turn.third, turn.yaw, turn.pitch]);
    this.painter.forget();
    this.render();
  }

  private resize(width: number): void {
    const { isNarrow, stage, area, side } = (this.room = roomFor(width, this.data.d > 1));
    this.layout.classList.toggle('narrow', isNarrow);
    this.panel.resize(side, this.context.figure.theme);
    this.stage.resize(stage.width, stage.height);
    this.view.setArea(area);
    this.ways.resize(width);
    this.render();
  }

  private picture(emphasis: number | null): Picture | undefined {
    const { data, view, toolbar, groups } = this;
    const { plane, coordinates, names } = view;
    const { solid } = view.space;
    const look = {
      ...{ paint: groups.paint, hidden: groups.hidden, emphasis, selected: this.selecting.mask },
      nearness: solid?.nearness,
    };
    return plane && { data, coordinates, plane, look, names, manifold: toolbar.showsManifold, solid };
  }

  private render(): void {
    const picture = this.picture(this.groups.emphasis);
    if (picture === undefined) return;
    const { theme } = this.context.figure;
    const { drawn } = this.painter;
    if (!isDrawnAlike(drawn, this.painter.paint(picture, theme))) this.setText();
    const { paint, hidden } = this.groups;
    // In place of the points there are samples: their colours mean nothing.
    const isShown = !this.toolbar.showsManifold;
    this.legend.render(isShown ? paint.groups : [], hidden, theme);
    this.scaleLegend.render(isShown && paint.kind === 'scale' ? paint : null, theme);
    this.selecting.show();
    this.drawOver();
    this.marks.hover(null, theme);
    this.hover.again();
  }

  /** What lies over the points. */
  private drawOver(): void {
    this.hands.crosshair();
    this.hands.outline();
    const points = this.ways.strip?.points ?? [];
    const { plane } = this.view;
    if (plane) this.marks.through(this.view.pixelsOf(points), plane.area, this.context.figure.theme);
  }

  private emphasize(index: number | null): void {
    if (this.groups.emphasis === index) return;
    this.groups.emphasis = index;
    this.recolour();
  }

  /** Points are coloured by something else, or the reader can choose among others. */
  private repaint(): void {
    this.toolbar.setColours(this.colours.choices);
    if (this.groups.paint === this.colours.paint) return;
    this.groups.paint = this.colours.paint;
    this.painter.forget();
    this.context.figure.setTable(latentTable(this.data, this.selecting.mask));
    this.render();
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

  private pointUnder(at: Pixel): number {
    const none = !this.view.contains(at) || this.toolbar.showsManifold;
    return none ? -1 : this.view.nearest(at, REACH, (point) => this.groups.isHidden(point));
  }

  private pointAt(at: Pixel | null): void {
    const point = at === null ? -1 : this.pointUnder(at);
    this.following.point(point < 0 ? (this.hands.target?.point ?? -1) : point);
    const target = point < 0 ? null : this.view.pointTarget(point);
    const pixel = target && this.view.pixelOf(target);
    const extra = target && paintText(this.groups.paint, point);
    const shown = target && pixel && { index: point, at: pixel, text: hoverText(target, this.data, this.view, extra) };
    // What the column shows of the point that was clicked is not said again beside it.
    const isAimed = point >= 0 && point === this.hands.target?.point && !this.isPast && this.context.channel.live;
    this.marks.hover(isAimed ? null : shown, this.context.figure.theme);
    if (isAimed && pixel) this.marks.ringAt(pixel, this.context.figure.theme);
  }

  /** The ring alone: what else there is to see of the row is where it is pointed at. */
  private pointElsewhere(point: number): void {
    const isShown = point >= 0 && point < this.data.n && !this.groups.isHidden(point) && !this.toolbar.showsManifold;
    const pixel = isShown ? this.view.pixelOf(this.view.pointTarget(point)) : null;
    this.marks.ringAt(pixel, this.context.figure.theme);
  }

  private async print(): Promise<SvgImage> {
    const picture = this.picture(null);
    const { room } = this;
    if (picture === undefined || room === undefined) throw new Error('the figure has not been drawn yet');
    const { strip, title } = this.ways;
    const way = strip && { title, strip, pixels: this.view.pixelsOf(strip.points) };
    const { printScatter } = await import('./later');
    return printScatter(this.shown.title, picture, room, way);
  }
}
