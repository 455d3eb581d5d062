import * as tf from '@tensorflow/tfjs';
import { object, takes } from '../../arguments';
import type { ConditionedNetwork } from '../../conditioning/conditionedNetwork';
import type { Seen } from '../../conditioning/conditioning';
import { conditioningOf } from '../../conditioning/fields';
import type { GivenClass } from '../../conditioning/formulas';
import { labelsOfDraws, mapLabelledRows } from '../../conditioning/labelledRows';
import type { Labelled } from '../../conditioning/labelledRows';
import { logProbOf, refuseMissing } from '../../conditioning/missing';
import { checkedConfig } from '../../config';
import type { Likelihood } from '../../distributions/index';
import { likelihoodHead, likelihoodOf, saysEach } from '../../likelihoods/fields';
import type { DecodedDistribution } from '../../likelihoods/likelihood';
import type { LikelihoodHead } from '../../likelihoods/fields';
import { LayeredGaussian } from '../../networks/layeredGaussian';
import { LSTM } from '../../networks/layers/lstm';
import { mlp } from '../../networks/mlp';
import { drawn, normal } from '../../noise';
import type { Draws } from '../../noise';
import type { Terms } from '../../objectives/terms';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import { Model } from '../model';
import type { DrawsFor, Given } from '../model';
import { likelihoodOutputs } from '../variational/outputs';
import { frameShapeOf, tdVaeSchema } from './tdVaeConfig';
import type { CheckedTDVAEConfig, TDVAEConfig } from './tdVaeConfig';
import { oneHot, timePairs } from './timePairs';

/** What the terms are given: sequences, a pair of times for each as selections, and the draws of both states. */
interface TDGiven extends Given {
  /** [n, T + 1], and with `conditionOnJump` [n, j_max]: see {@link TimePairs}. */
  from: tf.Tensor2D;
  to: tf.Tensor2D;
  jump?: tf.Tensor2D;
  /** [n, L·k]. */
  epsilon1: tf.Tensor2D;
  epsilon2: tf.Tensor2D;
}

/** What a rollout starts from and how far it goes. */
export interface RolloutOptions extends Labelled {
  /** Frames that the belief has seen, 0 to T. */
  from: number;
  /** Frames to predict. */
  steps: number;
  /**
   * The jump of each step, with `conditionOnJump`; default: the shortest. For a jump j the frames are from + j,
   * from + 2j, …
   */
  jump?: number;
  seed?: number;
}

/**
 * The temporal-difference variational autoencoder (Gregor et al. 2019). A belief $b_t$ summarises the frames up to t
 * and determines a density of states, $p_B(z_t|b_t)$. For two times $t_1 < t_2$, the probability of the second frame,
 * given all frames up to the first time, has the bound (equation 6 there)
 *
 * $$\log p(x_2|x_{\le 1}) \ge \mathbb E\left[\log p_D(x_2|z_2) + \log p_B(z_1|b_1) + \log p_T(z_2|z_1)
 *   - \log p_B(z_2|b_2) - \log p_S(z_1|z_2, b_1, b_2)\right]$$
 *
 * for $z_2 \sim p_B(\cdot|b_2)$ and $z_1 \sim p_S(\cdot|z_2, b_1, b_2)$. Training minimises the negative bound,
 * averaged over the batch, in nats, with one pair of times for each sequence:
 *
 * | symbol | here | shape |
 * |---|---|---|
 * | $x_t$ | `frames` | [n, T, d] |
 * | $b_0 = 0, b_1, \dots, b_T$ | `b`, from the network `frame` and the LSTM `belief` | [n, T + 1, belief] |
 * | $t_1, t_2$ | `from`, `to`, selections | [n, T + 1] |
 * | $z_1, z_2$, L layers | `z1`, `z2`, the top layer first | [n, L·k] |
 * | $-\log p_D(x_2\vert z_2)$ | `reconstruction`, by one draw, summed over d | scalar |
 * | $\mathrm{KL}(p_S(z_1\vert z_2, b_1, b_2) \,\|\, p_B(z_1\vert b_1))$ | `smoothing`, in closed form for the drawn z_2, layer by layer for the drawn layers above | scalar |
 * | $\log p_B(z_2\vert b_2) - \log p_T(z_2\vert z_1)$ | `prediction`, by one draw | scalar |
 *
 * With `classes`, every density and the belief also see the class y of the sequence, and the bound is on $\log
 * p(x_2|x_{\le 1}, y)$. With `missing`, the likelihood covers the values of x₂ that are present, and the belief sees 0
 * for the missing ones.
 *
 * Unlike in the paper, $t_1$ may be 0, when no frame has been seen. Then `sample` can start from $p_B(z|b_0 = 0)$, and
 * the sum of the bounds of adjacent times is a bound on the likelihood of the whole sequence.
 */
export class TDVAE extends Model<CheckedTDVAEConfig, TDGiven> {
  /** d, values of one frame. */
  readonly frameWidth: number;
  override readonly support: LikelihoodHead['support'];
  protected override readonly source = 'Gregor et al. 2019, Temporal Difference Variational Auto-Encoder, equation 6';
  /** L·k. */
  private readonly stateWidth: number;
  protected override readonly givenClass: GivenClass = (name, argument) =>
    name.startsWith('p_') && argument.includes('|');
  private readonly frameNetwork: ConditionedNetwork;
  private readonly lstm: LSTM;
  private readonly pB: LayeredGaussian;
  private readonly pS: LayeredGaussian;
  private readonly pT: LayeredGaussian;
  private readonly decoder: ConditionedNetwork;
  private readonly head: LikelihoodHead;
  private readonly believing = this.compiled(({ x }) => ({
    b: this.beliefStates(this.conditioning.seenBeside(x as tf.Tensor2D)),
  }));

  /** @throws {ConfigurationError} naming every field that is wrong */
  constructor(config: TDVAEConfig) {
    const checked = checkedConfig('TDVAE', tdVaeSchema, config);
    super(checked, conditioningOf('TDVAE', checked));
    const { input, frames, belief, latent, layers, hidden, gates, seed, jumps, conditionOnJump } = checked;
    const dense = { activation: checked.activation, initializer: checked.initializer };
    this.frameWidth = widthOf(input) / frames;
    this.stateWidth = layers * latent;
    const state = { layers, latent, hidden: gates, seed };
    const { width: C } = this.conditioning;
    const told = conditionOnJump ? jumps[1] : 0;
    const frame = frameShapeOf(input, frames);
    const { encoder = mlp(hidden, dense), decoder = mlp(hidden.toReversed(), dense) } = checked;
    this.frameNetwork = this.conditioned('frame', encoder, { from: frame, to: [belief], rows: (n) => n * frames });
    this.lstm = this.adopt(new LSTM({ name: 'belief', in: belief, units: belief, seed }));
    const smoothed = this.stateWidth + 2 * belief + told + C;
    this.pB = this.adopt(new LayeredGaussian({ ...state, name: 'filter', context: belief + C }));
    this.pS = this.adopt(new LayeredGaussian({ ...state, name: 'smoother', context: smoothed }));
    this.pT = this.adopt(new LayeredGaussian({ ...state, name: 'transition', context: this.stateWidth + told + C }));
    const likelihood = likelihoodOf(checked);
    const { parameters, ...head } = likelihoodHead(likelihood, frame, seed);
    this.head = { ...head, ...this.adopt({ parameters }) };
    const { perValue } = head;
    refuseMissing(this.kind, this.missing, { what: `the likelihood "${likelihood.name}"`, says: () => saysEach(this.head, frame) }); // prettier-ignore
    this.decoder = this.conditioned('decoder', decoder, { from: [this.stateWidth], to: frame, perValue });
    this.support = head.support;
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(given: TDGiven): Terms {
    const { logLikelihood, z2, belief1, belief2, transition, smoother } = this.jump(given);
    const there = this.missing ? ' that are present' : '';
    return {
      reconstruction: {
        value: logLikelihood().mean().neg(),
        formula: '-\\mathbb E[\\log p_D(x_2|z_2)]',
        meaning: `by one draw of z₂ from the belief, summed over the values of a frame${there}, mean over the batch`,
      },
      smoothing: {
        value: smoother.kl(belief1).mean(),
        formula: '\\mathbb E[\\mathrm{KL}(p_S(z_1|z_2, b_1, b_2) \\,\\|\\, p_B(z_1|b_1))]',
        meaning: 'in closed form for the drawn z₂, summed over the layers of z₁, mean over the batch',
      },
      prediction: {
        value: belief2.logProb(z2).sub(transition.logProb(z2)).mean(),
        formula: '\\mathbb E[\\log p_B(z_2|b_2) - \\log p_T(z_2|z_1)]',
        meaning: 'by one draw of both states, summed over the layers of z₂, mean over the batch',
      },
    };
  }

  /**
   * log [p_D(x₂|z₂) p_B(z₁|b₁) p_T(z₂|z₁)] / [p_B(z₂|b₂) p_S(z₁|z₂, b₁, b₂)] for one draw of both states, in nats: [n].
   * Its mean is the bound, and the mean of its exponential p(x₂|x_≤1).
   *
   * @param tensors `x` [n, T·d], with classes `y`, int32 [n], and what {@link noise} gives
   */
  logWeights(tensors: Readonly<Record<string, tf.Tensor>>): tf.Tensor1D {
    return tf.tidy(() => {
      const { logLikelihood, z1, z2, ...at } = this.jump(tensors as unknown as TDGiven);
      const { belief1, belief2, transition, smoother } = at;
      return logLikelihood()
        .add(belief1.logProb(z1))
        .add(transition.logProb(z2))
        .sub(belief2.logProb(z2))
        .sub(smoother.logProb(z1));
    });
  }

  /** Both states of a pair of times, z₂ first, and all densities at them. */
  private jump(step: TDGiven) {
    const { from, to, jump, epsilon1, epsilon2 } = step;
    const seen = this.seen(step);
    const { y } = seen;
    const b = this.beliefStates(seen);
    const [b1, b2] = [selected(b, from), selected(b, to)];
    const told = jump ? [jump] : [];

    const z2 = this.pB.draw(given([b2], y), epsilon2);
    const all = given([z2, b1, b2, ...told], y);
    const z1 = this.pS.draw(all, epsilon1);
    return {
      logLikelihood: () => this.logLikelihoodAt(to.slice([0, 1]), seen, z2),
      z1,
      z2,
      belief1: this.pB.at(given([b1], y), z1),
      belief2: this.pB.at(given([b2], y), z2),
      transition: this.pT.at(given([z1, ...told], y), z2),
      smoother: this.pS.at(all, z1),
    };
  }

  /** log p_D(x_t|z) of the frames that are selected, summed over the values that are present: [n]. */
  private logLikelihoodAt(selection: tf.Tensor2D, { x, y, there }: Seen, z: tf.Tensor2D): tf.Tensor1D {
    const frame = selected(this.framesOf(x), selection);
    const where = there && selected(this.framesOf(there.cast('float32')), selection).greater<tf.Tensor2D>(0.5);
    return logProbOf(this.density(z, y), frame, where);
  }

  /** b_0 = 0 and b_1 … b_T: [n, T·d] → [n, T + 1, belief]. */
  private beliefStates({ x, y }: Pick<Seen, 'x' | 'y'>): tf.Tensor3D {
    const { belief, frames: T } = this.config;
    const ofFrames = y?.expandDims(1).tile([1, T, 1]).reshape<tf.Tensor2D>([-1, y.shape[1]]);
    const features = this.frameNetwork.apply(x.reshape([-1, this.frameWidth]), ofFrames).relu();
    return tf.pad(this.lstm.apply(features.reshape([-1, T, belief])), [
      [0, 0],
      [1, 0],
      [0, 0],
    ]) as tf.Tensor3D;
  }

  private framesOf(x: tf.Tensor): tf.Tensor3D {
    return x.reshape([-1, this.config.frames, this.frameWidth]);
  }

  private density(state: tf.Tensor2D, y?: tf.Tensor2D): DecodedDistribution {
    return this.head.of(this.decoder.apply(state, y));
  }

  /**
   * p_D(x|z) for states [n, L·k], and their classes, int32 [n], where the model has some: a distribution over frames
   * [n, d], to be disposed by the caller.
   */
  likelihood(state: tf.Tensor2D, y?: tf.Tensor1D): Likelihood {
    const classes = this.conditioning.oneHot(y);
    const p = this.density(state, classes);
    classes?.dispose();
    return p as Likelihood;
  }

  /** A pair of times and the draws of both states for each sequence. */
  override noise(n: number): DrawsFor<TDGiven>;
  override noise(n: number): Draws {
    const { frames, jumps, conditionOnJump } = this.config;
    const { jump, ...times } = timePairs(n, frames, jumps);
    const epsilon = normal([n, this.stateWidth]);
    return { ...times, ...(conditionOnJump ? { jump } : {}), epsilon1: epsilon, epsilon2: epsilon };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  override get name(): string {
    const { layers, latent } = this.config;
    return `TD-VAE, ${layers} × ${latent} latents`;
  }

  override get unit(): string {
    return `${this.termUnit} per jump`;
  }

  /** b_1 … b_T, the beliefs after the frames up to each time: [n, T·d] → [n, T, belief]. */
  beliefs(x: SampleInput, options: Labelled = {}): tf.Tensor3D {
    const expected = this.expected(`${this.name}: beliefs`);
    takes(expected.caller, ['options', options, object()]);
    return mapLabelledRows(this.conditioning, x, options.labels, expected, (rows) =>
      this.believing({ x: rows }).b.slice([0, 1]),
    );
  }

  /**
   * Predicts frames: it draws a state from the belief after `from` frames, makes `steps` transitions, and takes the
   * mean of p_D at each state: [n, T·d] → [n, steps·d]. It ignores frames after the first `from`.
   *
   * @throws RangeError for options outside 0 … T, or a jump that the transition was not trained for
   */
  rollout(x: SampleInput, options: RolloutOptions): tf.Tensor2D {
    takes(`${this.name}: rollout`, ['options', options, object('from', 'steps')]);
    const { from, steps, jump, seed = this.seed, labels } = options;
    const told = this.checkedRollout(from, steps, jump);
    let chunk = 0;
    const expected = this.expected(`${this.name}: rollout`);
    return mapLabelledRows(this.conditioning, x, labels, expected, (rows) => {
      const [, y] = this.conditioning.apart(rows);
      const { b } = this.believing({ x: rows });
      const belief = b.slice([0, from], [-1, 1]).reshape([-1, this.config.belief]) as tf.Tensor2D;
      return this.imagined(belief, y, steps, told, randomStream(seed, 'rollout', chunk++));
    });
  }

  /**
   * `count` sequences of T frames that follow each other by the shortest jump, from the belief before any: [count, T·d].
   *
   * @param options.label the class of all, or one each, for a model of classes; by itself the classes take turns
   */
  sample(count: number, options: { seed?: number; label?: Labelled['labels'] } = {}): tf.Tensor2D {
    const caller = `${this.name}: sample`;
    takes(caller, ['options', options, object()]);
    checkCount(caller, count);
    const labels = labelsOfDraws(this.conditioning, options.label, count, caller);
    const { belief, frames, jumps } = this.config;
    const told = this.checkedRollout(0, frames, this.config.conditionOnJump ? jumps[0] : undefined);
    const stream = randomStream(options.seed ?? this.seed, 'prior');
    return tf.tidy(() => {
      const y = this.conditioning.oneHot(labels && tf.tensor1d(labels, 'int32'));
      return this.imagined(tf.zeros([count, belief]), y, frames, told, stream);
    });
  }

  /**
   * `belief`, the beliefs after the frames up to each time; `filter` and `transition`, states drawn from p_B(z|b) and
   * p_T(z₂|z₁) with noise that is handed in, along with the densities' means and log σ²; `decoder`, p_D(x|z).
   */
  protected override exported(): ExportedFunctions {
    const { belief, frames: T, conditionOnJump, jumps } = this.config;
    const [d, state] = [widthOf(this.inputShape), this.stateWidth];
    const noise = `epsilon: [n, ${state}] from N(0, I)`;
    const told: Record<string, number[]> = conditionOnJump ? { jump: [jumps[1]] } : {};
    const ofJump = conditionOnJump ? `; jump: [n, ${jumps[1]}], 1 at the place of the jump (1 first), else 0` : '';
    const { words, inputs } = this.conditioning.exported;
    const drawn = (density: LayeredGaussian, parts: tf.Tensor[], y: tf.Tensor | undefined, epsilon: tf.Tensor) => {
      const context = given(parts as tf.Tensor2D[], y as tf.Tensor2D | undefined);
      const z = density.draw(context, epsilon as tf.Tensor2D);
      const { mu, logVar } = density.at(context, z);
      return { z, mu, logVar };
    };
    return {
      belief: {
        documentation: `b_1 … b_T. x: [n, ${d}], ${T} frames of ${this.frameWidth} values${words}.`,
        inputs: { x: [d], ...inputs },
        run: ({ x, y }) => {
          const rows = this.conditioning.beside(x as tf.Tensor2D, y as tf.Tensor2D | undefined);
          return { b: this.beliefStates(this.conditioning.seenBeside(rows)).slice([0, 1]) };
        },
      },
      filter: {
        documentation: `a state of p_B(z|b). b: [n, ${belief}]${words}; ${noise}.`,
        inputs: { b: [belief], ...inputs, epsilon: [state] },
        run: ({ b, y, epsilon }) => drawn(this.pB, [b!], y, epsilon!),
      },
      transition: {
        documentation: `a state of p_T(z₂|z₁). z1: [n, ${state}]${words}; ${noise}${ofJump}.`,
        inputs: { z1: [state], ...inputs, epsilon: [state], ...told },
        run: ({ z1, y, epsilon, jump }) => drawn(this.pT, jump ? [z1!, jump] : [z1!], y, epsilon!),
      },
      decoder: {
        documentation: `p_D(x|z) of a frame. z: [n, ${state}]${words}.`,
        inputs: { z: [state], ...inputs },
        run: ({ z, y }) => likelihoodOutputs(this.density(z as tf.Tensor2D, y as tf.Tensor2D | undefined)),
      },
    };
  }

  /** Decoded states after 1, 2, … transitions: [n, belief] → [n, steps·d]. */
  private imagined(
    belief: tf.Tensor2D,
    y: tf.Tensor2D | undefined,
    steps: number,
    jump: number,
    stream: RandomStream,
  ): tf.Tensor2D {
    const count = belief.shape[0];
    const { conditionOnJump, jumps } = this.config;
    const told = conditionOnJump ? [oneHot(new Array<number>(count).fill(jump - 1), jumps[1])] : [];
    const epsilon = () => drawn({ epsilon: normal([count, this.stateWidth]) }, stream).epsilon;
    let state = this.pB.draw(given([belief], y), epsilon());
    const frames = Array.from({ length: steps }, () => {
      state = this.pT.draw(given([state, ...told], y), epsilon());
      return this.density(state, y).mean();
    });
    return tf.concat(frames, 1);
  }

  /** The jump of each step. */
  private checkedRollout(from: number, steps: number, jump: number | undefined): number {
    const { frames, jumps, conditionOnJump } = this.config;
    const complain = (what: string) => new RangeError(`${this.name}: rollout ${what}.`);
    const whole = (value: number, least: number, most: number) =>
      Number.isInteger(value) && value >= least && value <= most;
    if (!whole(from, 0, frames)) throw complain(`starts from 0 to ${frames} frames; found from: ${from}`);
    if (!whole(steps, 1, Infinity)) throw complain(`takes a whole number of steps, at least 1; found ${steps}`);
    if (jump === undefined) return jumps[0];
    if (!conditionOnJump)
      throw complain('takes a jump only with conditionOnJump: true; this transition does not depend on it');
    if (!whole(jump, ...jumps)) throw complain(`takes jumps from ${jumps[0]} to ${jumps[1]}; found ${jump}`);
    return jump;
  }
}

/** The row of [n, T, m] that each one-hot selection [n, T] points to: [n, m]. */
function selected(rows: tf.Tensor3D, selection: tf.Tensor2D): tf.Tensor2D {
  return rows.mul(selection.expandDims(2)).sum(1);
}

/** Parts side by side, and the classes beside them. */
function given(parts: readonly tf.Tensor2D[], y: tf.Tensor2D | undefined): tf.Tensor2D {
  return parts.length === 1 && !y ? parts[0]! : tf.concat([...parts, ...(y ? [y] : [])], 1);
}
