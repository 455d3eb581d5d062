/** From data to a plan: one step after the other, each with a way back, until the user trains or leaves. */
import * as vscode from 'vscode';
import type { DataSurvey } from '../../../kernel/autoencoders/data/survey/facts';
import { chooseArray, chooseColumns, chooseImages, chooseLabel, chooseMissing, confirmFound, type Frame } from './dataSteps'; // prettier-ignore
import { labelCandidates, planFor, type Answers, type Family, type Plan } from './plan';
import type { Probe } from './probe';
import { refusal } from './refusal';
import { change, review } from './review';
import { showRows } from './rows';
import type { Outcome } from './steps';
import { titleOf } from './words';

const { t } = vscode.l10n;

/** What the dialogs came to; undefined: the user has left them. */
export type Planned = { plan: Plan; run: boolean } | undefined;

type StepName = 'array' | 'data' | 'label' | 'missing' | 'review';

/** @throws Error with the reason why there is no data, or none that can be learned */
export async function planned(family: Family, name: string, probe: Probe, given: Answers = {}): Promise<Planned> {
  const title = t('{0}: {1}', titleOf(family), name);
  const first = await waited(probe.survey(given.array), title);
  if (!first) return undefined;
  return new Dialog(family, title, probe, first, given).run();
}

class Dialog {
  private answers: Answers;
  private survey: DataSurvey;
  private at: StepName;

  constructor(
    private readonly family: Family,
    private readonly title: string,
    private readonly probe: Probe,
    /** The first look; of a file of several arrays, what these are. */
    private readonly first: DataSurvey,
    given: Answers,
  ) {
    this.answers = given;
    this.survey = first;
    this.at = first.kind === 'arrays' && first.arrays.length > 0 ? 'array' : 'data';
  }

  async run(): Promise<Planned> {
    for (;;) {
      const names = this.steps();
      const step = names.indexOf(this.at) + 1;
      const frame: Frame = { title: this.title, step, steps: names.length, showRows: () => void showRows(this.survey) };
      if (this.at === 'review') {
        const decided = await this.reviewed(frame);
        if (decided !== 'again' && decided !== 'back') return decided;
        if (decided === 'back') this.at = names[step - 2]!;
        continue;
      }
      const outcome = await this.shown(this.at, frame);
      if (!outcome) return undefined;
      if ('back' in outcome) {
        this.at = names[step - 2]!;
        continue;
      }
      await this.take(outcome.value);
      this.at = this.steps()[step]!;
    }
  }

  /** Those that such data have: what is missing is asked only where something is. */
  private steps(): StepName[] {
    const { survey, first } = this;
    const isChoice = first.arrays.length > 0;
    if (survey.kind === 'arrays' && survey.arrays.length > 0) return ['array', 'data', 'review'];
    const hasLabels = survey.kind === 'table' && labelCandidates(survey).length > 0;
    const hasGaps = this.plan().missing !== 'none';
    return [
      ...(isChoice ? ['array' as const] : []),
      'data',
      ...(hasLabels ? ['label' as const] : []),
      ...(hasGaps ? ['missing' as const] : []),
      'review',
    ];
  }

  private plan(): Plan {
    return planFor(this.family, this.survey, this.answers, this.probe.device);
  }

  private shown(step: Exclude<StepName, 'review'>, frame: Frame): Promise<Outcome<Answers>> {
    const { survey, answers } = this;
    switch (step) {
      case 'array':
        return chooseArray(this.first, frame);
      case 'label':
        return chooseLabel(survey, answers, frame);
      case 'missing':
        return chooseMissing(survey, this.plan().columns, answers, frame);
      case 'data':
        if (survey.kind === 'table') return chooseColumns(survey, answers, frame);
        return survey.kind === 'images' ? chooseImages(survey, answers, frame) : confirmFound(survey, frame);
    }
  }

  private async take(more: Answers): Promise<void> {
    const { array } = more;
    if (array !== undefined && array !== this.answers.array) {
      this.survey = await this.probe.survey(array);
      this.answers = { array };
      return;
    }
    this.answers = { ...this.answers, ...more };
  }

  /** @throws Error with the reason where such data cannot be trained on */
  private async reviewed(frame: Frame): Promise<Planned | 'again' | 'back'> {
    const plan = this.plan();
    const refused = refusal(plan);
    if (refused) throw new Error(t('{0} cannot be trained on: {1}.', this.survey.name, refused));
    const outcome = await review(plan, this.probe, frame);
    if (!outcome) return undefined;
    if ('back' in outcome) return 'back';
    const decision = outcome.value;
    if (typeof decision === 'string') return { plan, run: decision === 'train' };
    const changed = await change(decision.change, plan, this.probe, frame);
    if (!changed) return undefined;
    if ('value' in changed) await this.take(changed.value);
    return 'again';
  }
}

/** What is waited for, with a box that says so; undefined when the user leaves it. */
async function waited<T>(work: Promise<T>, title: string): Promise<T | undefined> {
  const box = vscode.window.createQuickPick();
  Object.assign(box, { title, busy: true, enabled: true, ignoreFocusOut: true });
  box.placeholder = t('Reading the data … Next: what they contain. Escape cancels');
  const left = new Promise<undefined>((resolve) => box.onDidHide(() => resolve(undefined)));
  box.show();
  // Nobody hears of what goes wrong once the box is left.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, left]);
  } finally {
    // The first step takes its place.
    setTimeout(() => box.dispose());
  }
}
