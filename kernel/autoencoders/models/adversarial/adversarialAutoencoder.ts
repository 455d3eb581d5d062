import * as tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { object, takes, whole } from '../../arguments';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Seen } from '../../conditioning/conditioning';
import { labelled, labelsOfDraws } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { checkedConfig } from '../../config';
import { lossOf } from '../../losses/fields';
import { Reconstruction } from '../../losses/reconstruction';
import { balancedAccuracy, logistic } from '../../networks/adversarial/discriminator';
import { frozen } from '../../networks/gradients/frozen';
import { stopGradient as sg } from '../../networks/gradients/stopGradient';
import { mlp } from '../../networks/mlp';
import type { Network } from '../../networks/network';
import { networkField } from '../../networks/networkField';
import type { NetworkLike } from '../../networks/networkField';
import { draw, drawn } from '../../noise';
import type { Objective, Terms } from '../../objectives/terms';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { mapRows, rowShapeOf } from '../../samples';
import { scheduleSchema } from '../../training/schedules/schedules';
import type { Schedule } from '../../training/schedules/schedules';
import { networksOf, perceptronsOf } from '../networksConfig';
import { Autoencoder, nameWithLatents } from '../autoencoder';
import { checkTogether, deterministicFields, withDefaults } from '../deterministic/deterministicConfig';
import type { DeterministicConfig } from '../deterministic/deterministicConfig';
import type { DrawsFor, Given } from '../model';
import { drawPrior, latentPriorSchema } from './latentPrior';
import type { LatentPrior } from './latentPrior';

/** What {@link AdversarialAutoencoder} is made of. */
export interface AdversarialAutoencoderConfig extends DeterministicConfig {
  /** p(z). Default `gaussian`, N(0, I); the others need k ≥ 2, the swiss roll k = 2. */
  prior?: LatentPrior;
  /** λ, the weight of the encoder's adversarial loss: a number or a schedule. Default 0.5. */
  lambda?: Schedule;
  /** Widths of the discriminator's hidden layers, of the same `activation`. Default [200, 200]. */
  discriminatorHidden?: readonly number[];
  /** From z to the logit of D. Default: a multilayer perceptron of `discriminatorHidden`. */
  discriminator?: NetworkLike;
}

const fields = {
  ...deterministicFields,
  prior: latentPriorSchema.default('gaussian'),
  lambda: scheduleSchema().default(0.5),
  discriminatorHidden: z.array(z.int().min(1)).readonly().default([200, 200]),
  discriminator: networkField.optional(),
};

const schemaFor = (given: object) =>
  z
    .strictObject(fields)
    .superRefine((_, context) => checkTogether({ ...given }, true, context))
    .refine(
      ({ prior, latent }) => prior === 'gaussian' || latent === 2 || (prior.prior !== 'swissRoll' && latent > 2),
      { path: ['prior'], error: 'a mixture needs 2 latents or more, a swiss roll exactly 2' },
    );

type CheckedConfig = z.output<ReturnType<typeof schemaFor>>;

/** What the terms are given: the batch, and draws of p(z). */
interface AdversarialGiven extends Given {
  prior: tf.Tensor2D;
}

type Losses = Record<'reconstruction' | 'adversarial' | 'discriminator' | 'discriminatorAccuracy', tf.Tensor>;

/**
 * The adversarial autoencoder (Makhzani et al. 2015), with a deterministic encoder $z = g(x)$ and decoder $\hat x =
 * f(z)$. A discriminator D learns to distinguish draws of the prior from codes of the data. The encoder learns to fool
 * it, so that the aggregated posterior $q(z) = \mathbb E_x[q(z|x)]$ approaches $p(z)$. Encoder and decoder minimise the
 * first of these losses, the discriminator the second:
 *
 * $$R(x, \hat x) - \lambda\,\mathbb E_x[\log D(g(x))] \quad\text{and}\quad
 *   -\mathbb E_{z \sim p(z)}[\log D(z)] - \mathbb E_x[\log(1 - D(g(x)))]$$
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x$, $\hat x$ | `x`, `xHat` | [n, d] |
 * | $z = g(x)$; $z \sim p(z)$ | `z`; `prior` | [n, k] |
 * | R | `reconstruction`, summed over d, mean over the batch | scalar |
 * | $-\mathbb E[\log D(g(x))]$ = BCE(D(z), 1) | `adversarial`, in nats, mean over the batch; log 2 at chance | scalar |
 * | D's loss | `discriminator`, in nats, the sum of both means; log 4 at chance | scalar |
 * | share that D classifies correctly | `discriminatorAccuracy`, only reported; ½ at chance | scalar |
 *
 * With `classes`, encoder and decoder see the class of each row and D does not (Makhzani et al. 2015, section 4). Then
 * z has the same prior in every class and encodes what the class does not determine.
 *
 * A step is simultaneous gradient descent: both players move at once from the same weights, each along the gradient of
 * its own loss; {@link frozen} and the stop-gradient separate the two. In the paper they alternate: the discriminator
 * moves first, and the encoder sees the new one. Both have the same stationary points and reach them on different
 * paths.
 */
export class AdversarialAutoencoder extends Autoencoder<object, AdversarialGiven> {
  readonly latentDimensions: number;
  override readonly support: Reconstruction['support'];
  protected override readonly termUnit: string;
  protected override readonly source =
    'Makhzani et al. 2015, Adversarial Autoencoders, section 2; D’s loss by Goodfellow et al. 2014, equation 1';
  private readonly checked: CheckedConfig;
  private readonly encoder: ConditionedNetwork;
  private readonly decoder: ConditionedNetwork;
  private readonly discriminator: Network;
  private readonly loss: Reconstruction;

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: AdversarialAutoencoderConfig) {
    const checked = checkedConfig('AdversarialAutoencoder', schemaFor(config), config);
    super(withDefaults(checked, true));
    const { latent: k, discriminatorHidden } = checked;
    const { encoder, decoder } = networksOf(checked);
    const { activation, initializer } = perceptronsOf(checked);
    const shape = rowShapeOf(checked.input);
    this.checked = checked;
    this.latentDimensions = k;
    this.loss = this.adopt(new Reconstruction(lossOf(checked), shape, this));
    const { support, unit, perValue } = this.loss;
    this.support = support;
    this.termUnit = unit;
    const { discriminator = mlp(discriminatorHidden, { activation, initializer }) } = checked;
    this.encoder = this.conditioned('encoder', encoder, { from: shape, to: [k] });
    this.decoder = this.conditioned('decoder', decoder, { from: [k], to: shape, perValue });
    this.discriminator = this.network('discriminator', discriminator, { from: [k], to: [1] });
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: AdversarialGiven): Terms {
    const seen = this.seen(given);
    const D = (z: tf.Tensor2D) => this.discriminator.apply(z).flatten();

    const z = this.encoder.apply(seen.x, seen.y);
    const real = D(given.prior);
    const fake = D(sg(() => z.clone()));

    return {
      reconstruction: this.reconstruction(seen, this.decoder.apply(z, seen.y)),
      adversarial: {
        value: logistic.generator(frozen(D)(z)),
        weight: { symbol: 'λ', schedule: this.checked.lambda },
        formula: '-\\mathbb E_x[\\log D(g(x))]',
        meaning: 'how well D tells codes from draws of the prior; trains only the encoder; log 2 at chance',
        unit: 'nats',
      },
      discriminator: {
        value: logistic.discriminator(real, fake),
        formula: '-\\mathbb E_{p(z)}[\\log D(z)] - \\mathbb E_x[\\log(1 - D(g(x)))]',
        meaning: 'trains only the discriminator; log 4 at chance',
        unit: 'nats',
      },
      discriminatorAccuracy: {
        value: sg(() => balancedAccuracy(real, fake)),
        weight: 'reported',
        formula: '\\tfrac12 P(D(z) > \\tfrac12) + \\tfrac12 P(D(g(x)) < \\tfrac12)',
        meaning: 'reported, trains nothing; ½ at chance',
        unit: 'share',
      },
    };
  }

  /** R. */
  private reconstruction(seen: Seen, rows: tf.Tensor2D) {
    const { value, formula, meaning } = this.loss.term(seen, rows);
    return { value, formula: `R = ${formula}`, meaning };
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): Losses {
    return super.losses(given) as Losses;
  }

  /** Each player minimises its own terms. */
  override get objective(): Objective {
    const { terms, ...others } = super.objective;
    const { adversarial, discriminator } = terms;
    const coders = `\\min_{f,g}\\; R - \\lambda\\,${adversarial!.formula.slice(1)}`;
    return { ...others, terms, formula: `${coders}, \\qquad \\min_D\\; ${discriminator!.formula}` };
  }

  /** Draws of p(z), one for each sample. */
  override noise(n: number): DrawsFor<AdversarialGiven> {
    return { prior: this.priorDraw(n) };
  }

  override inputs(stream: RandomStream, n: number, step = 0): Record<string, tf.Tensor> & { prior: tf.Tensor2D } {
    return super.inputs(stream, n, step) as Record<string, tf.Tensor> & { prior: tf.Tensor2D };
  }

  private priorDraw(count: number) {
    const dimensions = this.latentDimensions;
    const values = (stream: RandomStream) => drawPrior(this.checked.prior, stream, { count, dimensions });
    return draw([count, dimensions], 'float32', values);
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return nameWithLatents('adversarial autoencoder', this.latentDimensions);
  }

  /**
   * x̂ for `count` draws z ~ p(z): [count, d].
   *
   * @param options.label the class of all, or one each, for a model of classes; by itself the classes take turns
   */
  sample(count: number, options: { seed?: number; label?: Labelled['labels'] } = {}): tf.Tensor2D {
    takes('AdversarialAutoencoder.sample', ['count', count, whole(1)], ['options', options, object()]);
    const labels = labelsOfDraws(this.conditioning, options.label, count, `${this.name}: sample`);
    return tf.tidy(() => this.decode(this.drawPrior(count, options), labelled(labels)));
  }

  /** Draws z ~ p(z): [count, k]. */
  drawPrior(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    takes('AdversarialAutoencoder.drawPrior', ['count', count, whole(1)], ['options', options, object()]);
    return drawn({ prior: this.priorDraw(count) }, randomStream(options.seed ?? this.seed, 'prior')).prior;
  }

  /** D's logits of latents [n, k], the log-odds log D(z) − log(1 − D(z)) that z is a draw of the prior: [n]. */
  discriminatorLogits(z: tf.Tensor2D | number[][]): tf.Tensor1D {
    const expected = { ...this.expectedLatents(), caller: `${this.name}: discriminatorLogits` };
    return tf.tidy(() => mapRows(z, expected, (rows) => this.discriminator.apply(rows)).flatten());
  }

  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.encoder.apply(x, y);
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.loss.of(this.decoder.apply(z, y));
  }
}
