/** The last step: the model that is proposed and why, the device, how long it takes; each can be changed. */
import * as vscode from 'vscode';
import type { Frame } from './dataSteps';
import type { Answers, Plan } from './plan';
import type { Probe } from './probe';
import { pickOne, type Item, type Outcome } from './steps';
import { secondsFor, type Measured } from './timing';
import { countText, durationText, modelText, numberText, whyText } from './words';

const { t } = vscode.l10n;

/** `train`: write the cell and run it; `write`: write it alone. */
export type Decision = 'train' | 'write' | { change: Setting };
export type Setting = 'network' | 'latent' | 'codes' | 'likelihood' | 'epochs' | 'device';

export async function review(plan: Plan, probe: Probe, frame: Frame): Promise<Outcome<Decision>> {
  let time = t('measuring a few steps …');
  const items = () => itemsOf(plan, probe, time);
  return pickOne<Decision>({
    ...frame,
    next: t('Enter writes the cell and runs it; choose a line to change it first'),
    items: items(),
    live(box) {
      let isOpen = true;
      box.busy = true;
      const say = (text: string) => {
        time = text;
        if (!isOpen) return;
        const active = box.activeItems[0];
        box.items = items();
        box.busy = false;
        const same = box.items.find(({ label }) => label === active?.label);
        if (same) box.activeItems = [same];
      };
      probe.measure(plan).then(
        (measured) => say(timeText(plan, measured)),
        (error: unknown) => say(t('not measured: {0}', error instanceof Error ? error.message : String(error))),
      );
      return new vscode.Disposable(() => (isOpen = false));
    },
  });
}

function timeText(plan: Plan, measured: Measured): string {
  const { millisecondsPerStep, steps } = measured;
  const time = durationText(secondsFor(plan, measured));
  const milliseconds = numberText(Number(millisecondsPerStep.toPrecision(2)));
  return t('about {0}: {1} steps took {2} ms each', time, countText(steps), milliseconds);
}

function itemsOf(plan: Plan, { device, reopen }: Probe, time: string): Item<Decision>[] {
  const { family, network, latent, codes, likelihood, epochs, batchSize, heldOut, standardized, survey } = plan;
  const setting = (change: Setting, label: string, description: string, detail: string): Item<Decision> => ({
    label,
    description,
    detail,
    value: { change },
  });
  const isConvolutional = network.value === 'convolutional';
  const scaled = standardized ? t('scaled to mean 0 and deviation 1') : t('not scaled');
  return [
    {
      label: `$(play) ${t('Train')}`,
      description: time,
      detail: t('Writes a cell {0} and runs it; its parameters can be changed there', t('with this model')),
      value: 'train',
    },
    { label: `$(edit) ${t('Write the cell')}`, description: t('and run nothing yet'), value: 'write' },
    { label: t('the model: {0}', modelText(plan)), kind: vscode.QuickPickItemKind.Separator },
    setting(
      'network',
      `$(layers) ${t('Layers')}`,
      isConvolutional ? t('convolutional') : t('dense, {0}', plan.hidden.join(' → ')),
      whyText(network.why),
    ),
    family === 'vae'
      ? setting('latent', `$(graph-scatter) ${t('Latents')}`, String(latent.value), whyText(latent.why))
      : setting('codes', `$(key) ${t('Codes')}`, String(codes.value), whyText(codes.why)),
    ...(family === 'vae'
      ? [
          setting(
            'likelihood',
            `$(graph-line) ${t('Likelihood')}`,
            `${likelihood.value}, ${t('values from {0} to {1}', numberText(plan.low), numberText(plan.high))}`,
            `${whyText(likelihood.why)}; ${scaled}`,
          ),
        ]
      : []),
    { label: t('the training'), kind: vscode.QuickPickItemKind.Separator },
    setting(
      'epochs',
      `$(history) ${t('Epochs')}`,
      t('{0}, batches of {1}', countText(epochs), batchSize),
      t('{0} samples are held out for validation{1}', countText(heldOut), survey.exact ? '' : t(', about')),
    ),
    {
      label: `$(circuit-board) ${t('Device')}`,
      description: device.description,
      // Another one would restart the notebook's kernel, and the data be gone.
      detail: reopen ? t('of new kernels') : t('of this kernel'),
      ...(reopen && { value: { change: 'device' as const } }),
    },
  ];
}

/** What a line of the review is changed to. */
export async function change(setting: Setting, plan: Plan, probe: Probe, frame: Frame): Promise<Outcome<Answers>> {
  const box = { ...frame, step: Math.max(2, frame.step) };
  const next = t('Enter accepts it and returns to the overview');
  switch (setting) {
    case 'network':
      return pickOne({
        ...box,
        next,
        items: networks(plan),
        active: ({ value }) => value?.network === plan.network.value,
      });
    case 'latent':
      return pickOne({
        ...box,
        next,
        items: latents(plan),
        active: ({ value }) => value?.latent === plan.latent.value,
      });
    case 'codes':
      return pickOne({ ...box, next, items: codes(plan), active: ({ value }) => value?.codes === plan.codes.value });
    case 'likelihood':
      return pickOne({ ...box, next, items: likelihoods(plan), active: ({ value }) => value?.likelihood === plan.likelihood.value }); // prettier-ignore
    case 'epochs':
      return pickOne({ ...box, next, items: epochs(plan), active: ({ value }) => value?.epochs === plan.epochs });
    case 'device':
      await vscode.commands.executeCommand('latentlab.selectDevice');
      await probe.reopen?.();
      return { value: {} };
  }
}

function networks({ survey, network }: Plan): Item<Answers>[] {
  const dense: Item<Answers> = {
    label: t('Dense'),
    detail: t('Connects every value with every hidden unit: fast, but ignores which pixels are neighbours'),
    value: { network: 'dense' },
  };
  const isOnly = survey.kind !== 'images' || network.why === 'tinyImages' || network.why === 'device';
  if (isOnly) return [{ ...dense, description: whyText(network.why) }];
  return [
    dense,
    {
      label: t('Convolutional'),
      detail: t('Uses neighbouring pixels together: sharper, but several times slower on a processor'),
      value: { network: 'convolutional' },
    },
  ];
}

function latents({ width }: Plan): Item<Answers>[] {
  const words: [number, string][] = [
    [1, t('a line')],
    [2, t('a plane: the scatter shows all of it')],
    [4, ''],
    [8, t('better reconstructions; the scatter shows two at a time')],
    [16, ''],
    [32, t('for images of some detail')],
    [64, ''],
  ];
  return words
    .filter(([latent]) => latent <= 2 || latent < width)
    .map(([latent, detail]) => ({ label: String(latent), detail, value: { latent } }));
}

function codes({ samples }: Plan): Item<Answers>[] {
  return [16, 32, 64, 128, 256, 512, 1024].map((size) => ({
    label: String(size),
    detail: size * 8 > samples ? t('fewer than eight samples a code: some will stay dead') : '',
    value: { codes: size },
  }));
}

function likelihoods({ low, high }: Plan): Item<Answers>[] {
  const inside = low >= 0 && high <= 1;
  return [
    { label: 'gaussian', detail: t('Any numbers; the noise σ is learned'), value: { likelihood: 'gaussian' as const } },
    ...(inside
      ? [{ label: 'bernoulli', detail: t('Values between 0 and 1, as probabilities'), value: { likelihood: 'bernoulli' as const } }] // prettier-ignore
      : []),
  ];
}

function epochs({ epochs: proposed, stepsPerEpoch }: Plan): Item<Answers>[] {
  const some = [...new Set([0.25, 0.5, 1, 2, 4].map((share) => Math.max(1, Math.round(share * proposed))))];
  return some.map((count) => ({
    label: countText(count),
    description: t('{0} steps', countText(count * stepsPerEpoch)),
    value: { epochs: count },
  }));
}
