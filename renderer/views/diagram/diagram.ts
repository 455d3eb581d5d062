import { diagramMarks } from '../../../kernel/figures/diagram/diagramMarks';
import { spokenPart } from '../../../kernel/figures/diagram/diagramRows';
import { layoutFor } from '../../../kernel/figures/diagram/layoutFor';
import type { DiagramLayout, DiagramView } from '../../../kernel/views/types';
import { runKey } from '../../accessibility';
import { adoptStyles, h, svg } from '../../dom';
import { Select } from '../../figure/controls';
import { coloursOf, markElement } from '../../figure/marks';
import type { SvgImage } from '../../figure/save';
import { standalone } from '../../figure/stage';
import { PRINT_THEME } from '../../theme';
import type { Theme } from '../../theme';
import type { Drawn, ViewContext } from '../../view';
import styles from './diagram.css';
import { diagramTable, neighbour } from './model';

const LABEL =
  'Parts of the model. Arrow keys go from part to part, Home and End to the first and the last, Escape leaves them.';
const WAYS = ['what fits', 'to the right', 'downwards'] as const;
/** A diagram is drawn smaller down to this share; beyond that it scrolls. */
const LEAST = 0.72;

export class Diagram implements Drawn<DiagramView> {
  private readonly stage = h('div', { class: 'diagram', tabindex: 0, role: 'application', 'aria-label': LABEL });
  private readonly way: Select;
  private drawing = svg('svg');
  private layout: DiagramLayout | undefined;
  private width = 0;
  private chosen: number | undefined;

  constructor(
    private readonly context: ViewContext,
    private shown: DiagramView,
  ) {
    const { figure, settings } = context;
    adoptStyles(figure.root, styles);
    this.way = new Select('Arrows', (index) => {
      settings.set('way', index);
      this.render();
    });
    figure.controls.append(this.way.element);
    figure.body.append(this.stage);
    this.stage.addEventListener('pointerover', (event) => this.look(this.partOf(event.target)));
    this.stage.addEventListener('pointerleave', () => this.look(undefined));
    this.stage.addEventListener('keydown', (event) => this.onKey(event));
    this.stage.addEventListener('blur', () => this.choose(undefined));
    figure.setDrawing((width) => this.print(width));
    this.update(shown);
    figure.onTheme(() => this.render());
    figure.onResize((width) => {
      this.width = width;
      this.render();
    });
  }

  update(view: DiagramView): void {
    this.shown = view;
    const { figure } = this.context;
    figure.setText({ title: view.title, summary: view.summary, notes: view.notes });
    figure.setTable(diagramTable(view));
    this.way.element.hidden = view.layouts.length < 2;
    this.render();
  }

  dispose(): void {
    this.stage.replaceChildren();
  }

  private render(): void {
    if (this.width === 0) return;
    const choice = this.context.settings.number('way', 0);
    this.way.show([...WAYS], choice);
    const { layouts } = this.shown;
    const wanted = choice === 1 ? 'right' : choice === 2 ? 'down' : undefined;
    this.layout = layouts.find(({ way }) => way === wanted) ?? layoutFor(layouts, this.width);
    const { width, height } = this.layout;
    const scale = Math.max(LEAST, Math.min(1, this.width / width));
    this.drawing = svg('svg', {
      ...{ width: Math.floor(width * scale), height: Math.ceil(height * scale), viewBox: `0 0 ${width} ${height}` },
      ...{ role: 'img', 'aria-label': this.shown.summary, 'font-family': this.context.figure.theme.fontFamily },
    });
    this.drawing.append(...this.elements(this.context.figure.theme, this.layout));
    this.stage.replaceChildren(this.drawing);
    this.look(this.chosen);
  }

  private elements(theme: Theme, layout: DiagramLayout): SVGElement[] {
    const colours = coloursOf(theme);
    return diagramMarks(this.shown, layout).map((mark) => markElement(mark, colours));
  }

  // --- looking at a part ------------------------------------------------------------------------------------------

  private partOf(target: EventTarget | null): number | undefined {
    const mark = target instanceof Element ? target.closest<SVGElement>('[data-mark^="part "]') : null;
    return mark ? Number(mark.dataset['mark']!.slice(5)) : this.chosen;
  }

  /** A part, what feeds it and what it feeds stand out. */
  private look(index: number | undefined): void {
    const { parts, arrows } = this.shown;
    const id = index === undefined ? undefined : parts[index]?.id;
    this.stage.classList.toggle('looking', id !== undefined);
    const lit = new Set(id === undefined ? [] : [`part ${index}`]);
    for (const [i, { from, to }] of arrows.entries()) {
      if (from !== id && to !== id) continue;
      lit.add(`arrow ${i}`);
      lit.add(`part ${parts.findIndex((part) => part.id === (from === id ? to : from))}`);
    }
    for (const mark of this.drawing.children) {
      const name = (mark as SVGElement).dataset['mark'] ?? '';
      mark.classList.toggle('lit', lit.has(name));
      mark.classList.toggle('chosen', name === `part ${index}`);
    }
  }

  private choose(index: number | undefined): void {
    this.chosen = index;
    this.look(index);
    if (index !== undefined) this.context.figure.announce(spokenPart(this.shown, index));
  }

  private onKey(event: KeyboardEvent): void {
    const { parts } = this.shown;
    const go = () => {
      const { chosen, layout } = this;
      this.choose(chosen === undefined ? 0 : (neighbour(layout?.boxes ?? [], chosen, event.key) ?? chosen));
    };
    runKey(event, {
      ...{ ArrowLeft: go, ArrowRight: go, ArrowUp: go, ArrowDown: go },
      Home: () => this.choose(0),
      End: () => this.choose(parts.length - 1),
      Escape: () => this.choose(undefined),
    });
  }

  private print(given?: number): SvgImage {
    const { layouts } = this.shown;
    const layout = given === undefined ? this.layout! : layoutFor(layouts, given);
    const elements = this.elements(PRINT_THEME, layout);
    if (given === undefined || layout.width === given) {
      return standalone(elements, layout.width, layout.height, PRINT_THEME);
    }
    // As wide as the page: a wide one smaller, a narrow one in the middle.
    const scale = Math.min(1, given / layout.width);
    const left = (given - scale * layout.width) / 2;
    const placed = svg('g', { transform: `translate(${left} 0) scale(${scale})` }, ...elements);
    return standalone([placed], given, Math.ceil(layout.height * scale), PRINT_THEME);
  }
}
