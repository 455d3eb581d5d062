import type * as tf from '@tensorflow/tfjs';
import { object, takes } from '../../arguments';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Seen } from '../../conditioning/conditioning';
import { present } from '../../conditioning/missing';
import { ConfigurationError } from '../../config';
import { activate } from '../../networks/layers/layers';
import { isDense, mlp } from '../../networks/mlp';
import { tiedTo } from '../../networks/tied';
import { drawn } from '../../noise';
import type { Draws } from '../../noise';
import type { Term, Terms } from '../../objectives/terms';
import type { Coded, CodedBy } from '../../penalties/penalty';
import { randomStream } from '../../random';
import { mapRows, rowShapeOf, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { Autoencoder, nameWithLatents } from '../autoencoder';
import type { Given } from '../model';
import { checkedDeterministicConfig } from './deterministicConfig';
import type { CheckedDeterministicConfig, DeterministicAutoencoderConfig } from './deterministicConfig';
import { Reconstruction } from '../../losses/reconstruction';

/** What the terms are given: the batch, and what the corruption declares. */
export interface DeterministicGiven extends Given {
  [name: string]: tf.Tensor;
}

/** The values of terms, scalars. */
type Losses<Names extends string> = Record<'reconstruction' | Names, tf.Tensor>;

/**
 * The deterministic autoencoder (Hinton and Salakhutdinov 2006), composed of parts: an encoder $z = g(x)$ and a decoder
 * $\hat x = f(z)$, trained to give back their input; a loss; a corruption of what the encoder is given; and penalties.
 * The term `reconstruction` is summed over the d values of x and averaged over the batch:
 *
 * $$\|x - f(g(x))\|^2 \quad\text{or}\quad -\sum_i \big[x_i \log \hat x_i + (1 - x_i) \log (1 - \hat x_i)\big]$$
 *
 * the second in nats with $\hat x = \sigma(l)$. Without hidden layers (`hidden: []`) and with the squared error the
 * minimum is the projection onto the k first principal components (Baldi and Hornik 1989).
 *
 * @typeParam Names terms that the penalties have beside `reconstruction`
 */
export class DeterministicAutoencoder<Names extends string = never> extends Autoencoder<object, DeterministicGiven> {
  readonly latentDimensions: number;
  override readonly support: Reconstruction['support'];
  protected override readonly source: string;
  protected override readonly termUnit: string;
  /** The name in captions. */
  readonly title: string = 'autoencoder';
  private readonly checked: CheckedDeterministicConfig;
  private readonly encoder: ConditionedNetwork;
  private readonly decoder: ConditionedNetwork;
  private readonly loss: Reconstruction;

  /**
   * @param preset what a checkpoint holds in place of the configuration: that of a preset
   * @throws {ConfigurationError} naming every field that is wrong, and parts that do not go together
   */
  constructor(config: DeterministicAutoencoderConfig, preset?: object) {
    const { checked, saved } = checkedDeterministicConfig(new.target.name, config);
    const { input, seed, optimizer, latent: k, hidden, code, tied } = checked;
    const layers = { activation: checked.activation, initializer: checked.initializer };
    super({ ...(preset ?? saved), input, seed, optimizer, classes: checked.classes, missing: checked.missing });
    const shape = rowShapeOf(input);
    this.checked = checked;
    this.latentDimensions = k;
    this.loss = this.adopt(new Reconstruction(checked.loss, shape, this));
    const { support, unit, perValue } = this.loss;
    this.support = support;
    this.termUnit = unit;
    // The code's activation is that of the last layer, for its first weights, where both are built from short names.
    const encoder = checked.encoder ?? mlp(hidden, { ...layers, output: code });
    this.encoder = this.conditioned('encoder', encoder, { from: shape, to: [k] });
    const { network } = this.encoder;
    const decoder = tied ? tiedTo(network, this.kind) : (checked.decoder ?? mlp(hidden.toReversed(), layers));
    this.decoder = this.conditioned('decoder', decoder, { from: [k], to: shape, perValue });
    const sources = checked.penalties.flatMap(({ definition }) => definition.source ?? []);
    this.source = [...new Set(sources)].join('; ') || (checked.corruption ? DENOISING : PLAIN);
    this.refuse();
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: DeterministicGiven): Terms {
    const { corruption, penalties } = this.checked;
    const seen = this.seen(given);
    const { x, y, there } = seen;
    // What is missing stays so.
    const corrupted = corruption ? present(corruption.definition.apply(x, given), there) : x;
    const coded = this.coded(corrupted, y);
    const rows = this.decoder.apply(coded.z, y);
    const terms: Record<string, Term | tf.Tensor> = {
      reconstruction: corruption ? this.denoising(seen, rows) : this.loss.term(seen, rows),
    };
    for (const { definition } of penalties) {
      for (const [name, term] of Object.entries(definition.terms(coded))) {
        if (name in terms) throw new ConfigurationError(this.kind, [`two of its terms are named "${name}"`]);
        terms[name] = term;
      }
    }
    return terms;
  }

  override losses(given: Readonly<Record<string, tf.Tensor>>): Losses<Names> {
    return super.losses(given) as Losses<Names>;
  }

  private denoising(seen: Seen, rows: tf.Tensor2D): Term {
    const { value, formula, meaning } = this.loss.term(seen, rows, '\\tilde x');
    const expected = `\\mathbb E_{q(\\tilde x \\mid x)} \\left[ ${formula} \\right]`;
    return { value, formula: expected, meaning: `${meaning}; of the clean x` };
  }

  /** Codes, and the result of every layer where they are dense. */
  private coded(x: tf.Tensor2D, y: tf.Tensor2D | undefined): Coded {
    const { encoder, decoder, code } = this.codedBy;
    const results = isDense(encoder) ? resultsOf(encoder.layers, this.encoder.given(x, y)) : null;
    const z = this.activated(results ? results.at(-1)! : this.encoder.apply(x, y));
    const given = () => this.decoder.given(z, y);
    return {
      x,
      z,
      encoded: results && [...results.slice(0, -1), z],
      get decoded() {
        return isDense(decoder) ? resultsOf(decoder.layers.slice(0, -1), given()) : null;
      },
      networks: { encoder, decoder, code },
    };
  }

  private activated(z: tf.Tensor2D): tf.Tensor2D {
    return activate(z, this.codedBy.code) as tf.Tensor2D;
  }

  /** φ of the code is the encoder's last layer where the encoder is built from short names. */
  private get codedBy(): CodedBy {
    const [encoder, decoder] = [this.encoder.network, this.decoder.network];
    return { encoder, decoder, code: this.checked.encoder ? this.checked.code : 'linear' };
  }

  /** What the corruption draws. */
  override noise(n: number): Record<string, never>;
  override noise(n: number): Draws {
    return this.checked.corruption?.definition.noise(n, widthOf(this.inputShape)) ?? {};
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    return nameWithLatents(this.title, this.latentDimensions);
  }

  /** x̃ as the training sees it; x itself without a corruption: [n, d] → [n, d]. */
  corrupt(x: SampleInput, options: { seed?: number } = {}): tf.Tensor2D {
    takes(`${this.name}: corrupt`, ['options', options, object()]);
    const { seed = this.seed } = options;
    const { corruption } = this.checked;
    const stream = randomStream(seed, 'corruption');
    return mapRows(x, this.expected(`${this.name}: corrupt`), (rows) => {
      if (!corruption) return rows.clone();
      const noise: Draws = corruption.definition.noise(rows.shape[0], rows.shape[1]);
      return corruption.definition.apply(rows, drawn(noise, stream));
    });
  }

  protected override encodeRows(x: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.activated(this.encoder.apply(x, y));
  }

  protected override decodeRows(z: tf.Tensor2D, y?: tf.Tensor2D): tf.Tensor2D {
    return this.loss.of(this.decoder.apply(z, y));
  }

  /** @throws {ConfigurationError} if a penalty cannot be taken of these networks */
  private refuse(): void {
    const problems = this.checked.penalties.flatMap(({ definition }) => definition.refuses?.(this.codedBy) ?? []);
    if (problems.length > 0) throw new ConfigurationError(this.kind, problems);
  }
}

const PLAIN = 'Hinton and Salakhutdinov 2006, Reducing the dimensionality of data with neural networks';
const DENOISING = 'Vincent et al. 2010, Stacked denoising autoencoders';

/** The result of every layer, in order. */
function resultsOf(layers: readonly { apply(h: tf.Tensor): tf.Tensor }[], x: tf.Tensor2D): tf.Tensor2D[] {
  const results: tf.Tensor2D[] = [];
  layers.reduce<tf.Tensor>((h, layer) => {
    const next = layer.apply(h) as tf.Tensor2D;
    results.push(next);
    return next;
  }, x);
  return results;
}
