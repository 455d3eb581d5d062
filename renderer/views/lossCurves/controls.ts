/** What the reader can choose of the curves: their smoothing and axes, and what stands behind them. */
import { USUAL_CHOICES } from '../../../kernel/figures/training/drawing';
import { setHidden } from '../../dom';
import { slider, Toggle } from '../../figure/controls';
import type { ViewSettings } from '../../settings';
import type { Choices, Page } from '../../../kernel/figures/training/pages/page';

const LOG = 'Logarithmic loss axes';
const FULL = 'Also show the highest 5 % of the steps';
const LAST_RUN = 'Draw the previous run of this cell behind the curves';
const SMOOTHING =
  'Weight of the exponential moving average (bias-corrected); the measured curve stays visible behind it';

export class LossControls {
  readonly choices: Choices;
  private readonly smoothing: HTMLElement;
  private readonly log: Toggle;
  private readonly full: Toggle;
  private readonly lastRun: Toggle;

  /** @param onChoice hears what has changed, when it is in {@link choices} */
  constructor(
    private readonly settings: ViewSettings,
    private readonly onChoice: (choice: Partial<Choices>) => void,
  ) {
    this.choices = {
      smoothing: Math.min(0.99, Math.max(0, settings.number('smoothing', USUAL_CHOICES.smoothing))),
      log: settings.boolean('log', USUAL_CHOICES.log),
      full: settings.boolean('full', USUAL_CHOICES.full),
      lastRun: settings.boolean('lastRun', USUAL_CHOICES.lastRun),
    };
    const { choices } = this;
    this.smoothing = slider(
      {
        ...{ name: 'Smoothing', title: SMOOTHING, min: 0, max: 0.99, step: 0.01, value: choices.smoothing },
        format: (value) => value.toFixed(2),
      },
      (smoothing) => this.choose({ smoothing }),
    );
    this.log = new Toggle('Log', LOG, choices.log, (log) => this.choose({ log }));
    this.full = new Toggle('Full range', FULL, choices.full, (full) => this.choose({ full }));
    this.lastRun = new Toggle('Last run', LAST_RUN, choices.lastRun, (lastRun) => this.choose({ lastRun }));
  }

  get elements(): HTMLElement[] {
    return [this.smoothing, this.log.element, this.full.element, this.lastRun.element];
  }

  /** Those that mean something on the page that is shown. */
  showFor({ id }: Page, { hasLastRun, canBeLog }: { hasLastRun: boolean; canBeLog: boolean }): void {
    setHidden(this.smoothing, id === 'latents');
    setHidden(this.log.element, id === 'latents' || id === 'stack');
    setHidden(this.full.element, id === 'latents' || id === 'optimizer');
    setHidden(this.lastRun.element, id !== 'terms' || !hasLastRun);
    const isLinear = id === 'terms' && !canBeLog;
    this.log.disable(isLinear ? 'A logarithmic axis needs values above zero' : null, LOG);
  }

  private choose(choice: Partial<Choices>): void {
    Object.assign(this.choices, choice);
    for (const [key, value] of Object.entries(choice)) this.settings.set(key, value);
    this.onChoice(choice);
  }
}
