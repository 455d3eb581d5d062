/** Holds the dimensions that are not shown at the place that is looked at, or lets them go again. */
import { button } from '../../figure/controls';
import type { Hands } from './hands';
import type { PlaneView } from './plane/planeView';

export class Hold {
  readonly element: HTMLButtonElement;
  /** Latent dimensions. */
  private d = 0;

  constructor(
    private readonly view: PlaneView,
    private readonly hands: Hands,
  ) {
    this.element = button('', {}, () => this.toggle());
  }

  show(d: number): void {
    this.d = d;
    const { held, space, rest } = this.view;
    const canHold = d > 2 && space.kind !== 'umap' && !space.isPast;
    this.element.hidden = !canHold || (held === null && this.hands.target === null);
    this.element.textContent = held === null ? 'Hold the others here' : 'Let the others go';
    const now = held === null ? `then have the other dimensions of this one; now: ${rest}` : `have ${rest}`;
    this.element.title = `Places on the plane ${now}`;
  }

  private toggle(): void {
    const { view, hands } = this;
    view.held = view.held === null ? hands.target : null;
    this.show(this.d);
    const place = hands.target?.point === null ? view.placeBeside(hands.target, 0, 0) : null;
    if (place !== null) hands.aim(place);
  }
}
