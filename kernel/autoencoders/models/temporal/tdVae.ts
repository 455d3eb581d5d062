import * as tf from '@tensorflow/tfjs';
import { checkedConfig } from '../../config';
import type { Likelihood } from '../../distributions/index';
import { LayeredGaussian } from '../../networks/layeredGaussian';
import { LSTM } from '../../networks/layers/lstm';
import { MLP } from '../../networks/mlp';
import { randomStream } from '../../random';
import type { RandomStream } from '../../random';
import { checkCount, mapRows, widthOf } from '../../samples';
import type { SampleInput } from '../../samples';
import { loadCheckpoint } from '../../training/checkpoints/checkpoint';
import type { ExportedFunctions } from '../../training/checkpoints/onnxFiles';
import type { Support } from '../../training/loop/trainable';
import type { Objective } from '../explanation';
import { likelihoodHead, likelihoodOf } from '../../likelihoods/fields';
import { likelihoodOutputs } from '../variational/outputs';
import type { LikelihoodHead } from '../../likelihoods/fields';
import { tdVaeSchema } from './tdVaeConfig';
import type { CheckedTDVAEConfig, TDVAEConfig } from './tdVaeConfig';
import { drawTimePairs, oneHot } from './timePairs';
import { TrainedModel } from '../trainedModel';

/** What a rollout starts from and how far it goes. */
export interface RolloutOptions {
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
 * The temporal-difference variational autoencoder (Gregor et al. 2019). A belief $b_t$ sums up the frames up to t; it
 * stands for a density of states, $p_B(z_t|b_t)$. For two times $t_1 < t_2$ the probability of the second frame, given
 * all up to the first, has the bound (their equation 6)
 *
 * $$\log p(x_2|x_{\le 1}) \ge \mathbb E\left[\log p_D(x_2|z_2) + \log p_B(z_1|b_1) + \log p_T(z_2|z_1)
 *   - \log p_B(z_2|b_2) - \log p_S(z_1|z_2, b_1, b_2)\right]$$
 *
 * for $z_2 \sim p_B(\cdot|b_2)$ and $z_1 \sim p_S(\cdot|z_2, b_1, b_2)$. Training minimises minus it, averaged over the
 * batch, in nats, with one pair of times for each sequence:
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
 * Beyond the paper, $t_1$ may be 0: then nothing has been seen, and $p_B(z|b_0 = 0)$ is a density that `sample` starts
 * from. The sum of the bounds of adjacent times is a bound on the likelihood of the whole sequence.
 */
export class TDVAE extends TrainedModel<CheckedTDVAEConfig> {
  readonly kind = 'TDVAE';
  readonly name: string;
  readonly termWeights = {};
  readonly parameters: Readonly<Record<string, tf.Variable>>;
  /** d, values of one frame. */
  readonly frameWidth: number;
  protected readonly termUnit = 'nats';
  /** L·k. */
  private readonly stateWidth: number;
  private readonly frameNetwork: MLP;
  private readonly lstm: LSTM;
  private readonly pB: LayeredGaussian;
  private readonly pS: LayeredGaussian;
  private readonly pT: LayeredGaussian;
  private readonly decoder: MLP;
  private readonly head: LikelihoodHead;
  private readonly believing = this.compiled(({ x }) => ({ b: this.beliefStates(this.framesOf(x as tf.Tensor2D)) }));

  constructor(config: TDVAEConfig) {
    super(checkedConfig('TDVAE', tdVaeSchema, config));
    const {
      input,
      frames,
      belief,
      latent,
      layers,
      hidden,
      activation,
      initializer,
      gates,
      seed,
      jumps,
      conditionOnJump,
    } = this.config;
    this.name = `TD-VAE, ${layers} × ${latent} latents`;
    this.frameWidth = widthOf(input) / frames;
    this.stateWidth = layers * latent;
    const state = { layers, latent, hidden: gates, seed };
    const told = conditionOnJump ? jumps[1] : 0;
    this.frameNetwork = new MLP({
      name: 'frame',
      sizes: [this.frameWidth, ...hidden, belief],
      activation,
      initializer,
      seed,
    });
    this.lstm = new LSTM({ name: 'belief', in: belief, units: belief, seed });
    this.pB = new LayeredGaussian({ ...state, name: 'filter', context: belief });
    this.pS = new LayeredGaussian({ ...state, name: 'smoother', context: this.stateWidth + 2 * belief + told });
    this.pT = new LayeredGaussian({ ...state, name: 'transition', context: this.stateWidth + told });
    this.head = likelihoodHead(likelihoodOf(this.config), [this.frameWidth], seed);
    const sizes = [this.stateWidth, ...hidden.toReversed(), this.frameWidth * this.head.perValue];
    this.decoder = new MLP({ name: 'decoder', sizes, activation, initializer, seed });
    const networks = [this.frameNetwork, this.lstm, this.pB, this.pS, this.pT, this.decoder, this.head];
    this.parameters = Object.assign({}, ...networks.map(({ parameters }) => parameters));
  }

  /** Reads a checkpoint that {@link save} wrote; `fit` goes on exactly where it was. */
  static load(path: string): Promise<TDVAE> {
    return loadCheckpoint(path, 'TDVAE', (config) => new TDVAE(config as TDVAEConfig));
  }

  // --- the derivation ---------------------------------------------------------------------------------------------

  override terms(tensors: Readonly<Record<string, tf.Tensor>>) {
    const { x2, z2, belief1, belief2, transition, smoother } = this.jump(tensors);
    return {
      reconstruction: this.likelihood(z2).logProb(x2).mean().neg(),
      smoothing: smoother.kl(belief1).mean(),
      prediction: belief2.logProb(z2).sub(transition.logProb(z2)).mean(),
    };
  }

  /**
   * log [p_D(x₂|z₂) p_B(z₁|b₁) p_T(z₂|z₁)] / [p_B(z₂|b₂) p_S(z₁|z₂, b₁, b₂)] for one draw of both states, in nats: [n].
   * Its mean is the bound, and the mean of its exponential p(x₂|x_≤1).
   *
   * @param tensors `x` [n, T·d] and what {@link noise} gives
   */
  logWeights(tensors: Readonly<Record<string, tf.Tensor>>): tf.Tensor1D {
    return tf.tidy(() => {
      const { x2, z1, z2, belief1, belief2, transition, smoother } = this.jump(tensors);
      return this.likelihood(z2)
        .logProb(x2)
        .add(belief1.logProb(z1))
        .add(transition.logProb(z2))
        .sub(belief2.logProb(z2))
        .sub(smoother.logProb(z1));
    });
  }

  /** Both states of a pair of times, z₂ first, and all densities at them. */
  private jump(tensors: Readonly<Record<string, tf.Tensor>>) {
    const { x, from, to, jump, epsilon1, epsilon2 } = tensors as Record<string, tf.Tensor2D>;
    const frames = this.framesOf(x!);
    const b = this.beliefStates(frames);
    const [b1, b2] = [selected(b, from!), selected(b, to!)];
    const told = this.config.conditionOnJump ? [jump!] : [];

    const z2 = this.pB.draw(b2, epsilon2!);
    const all = tf.concat([z2, b1, b2, ...told], 1);
    const z1 = this.pS.draw(all, epsilon1!);
    return {
      x2: selected(frames, to!.slice([0, 1])),
      z1,
      z2,
      belief1: this.pB.at(b1, z1),
      belief2: this.pB.at(b2, z2),
      transition: this.pT.at(tf.concat([z1, ...told], 1), z2),
      smoother: this.pS.at(all, z1),
    };
  }

  /** b_0 = 0 and b_1 … b_T: [n, T, d] → [n, T + 1, belief]. */
  private beliefStates(frames: tf.Tensor3D): tf.Tensor3D {
    const { belief, frames: T } = this.config;
    const features = this.frameNetwork.apply(frames.reshape([-1, this.frameWidth])).relu();
    return tf.pad(this.lstm.apply(features.reshape([-1, T, belief])), [
      [0, 0],
      [1, 0],
      [0, 0],
    ]) as tf.Tensor3D;
  }

  private framesOf(x: tf.Tensor2D): tf.Tensor3D {
    return x.reshape([-1, this.config.frames, this.frameWidth]);
  }

  /** p_D(x|z) for states [n, L·k]: a distribution over frames [n, d], to be disposed by the caller. */
  likelihood(state: tf.Tensor2D): Likelihood {
    return this.head.of(this.decoder.apply(state)) as Likelihood;
  }

  /** A pair of times and the draws of both states for each sequence. */
  override noise(stream: RandomStream, count: number): Record<string, tf.Tensor2D> {
    const { frames, jumps, conditionOnJump } = this.config;
    const { jump, ...times } = drawTimePairs(stream, count, frames, jumps);
    const told: Record<string, tf.Tensor2D> = conditionOnJump ? { jump } : {};
    if (!conditionOnJump) jump.dispose();
    const shape: [number, number] = [count, this.stateWidth];
    const draw = () => tf.tensor2d(stream.normals(count * this.stateWidth), shape);
    return { ...times, ...told, epsilon1: draw(), epsilon2: draw() };
  }

  get objective(): Objective {
    return {
      formula:
        '\\mathbb E\\left[-\\log p_D(x_2|z_2) + \\log \\frac{p_S(z_1|z_2, b_1, b_2)}{p_B(z_1|b_1)} + \\log \\frac{p_B(z_2|b_2)}{p_T(z_2|z_1)}\\right]',
      terms: {
        reconstruction: {
          formula: '-\\mathbb E[\\log p_D(x_2|z_2)]',
          meaning: 'by one draw of z₂ from the belief, summed over the values of a frame, mean over the batch',
        },
        smoothing: {
          formula: '\\mathbb E[\\mathrm{KL}(p_S(z_1|z_2, b_1, b_2) \\,\\|\\, p_B(z_1|b_1))]',
          meaning: 'in closed form for the drawn z₂, summed over the layers of z₁, mean over the batch',
        },
        prediction: {
          formula: '\\mathbb E[\\log p_B(z_2|b_2) - \\log p_T(z_2|z_1)]',
          meaning: 'by one draw of both states, summed over the layers of z₂, mean over the batch',
        },
      },
      source: 'Gregor et al. 2019, Temporal Difference Variational Auto-Encoder, equation 6',
    };
  }

  // --- its use ----------------------------------------------------------------------------------------------------

  get support(): Support | null {
    return this.head.support;
  }

  override get unit(): string {
    return `${this.termUnit} per jump`;
  }

  /** b_1 … b_T, the beliefs after the frames up to each time: [n, T·d] → [n, T, belief]. */
  beliefs(x: SampleInput): tf.Tensor3D {
    return mapRows(x, this.expected(`${this.name}: beliefs`), (rows) => this.believing({ x: rows }).b.slice([0, 1]));
  }

  /**
   * Predicted frames: a state from the belief after `from` frames, `steps` transitions, and the mean of p_D at each
   * state: [n, T·d] → [n, steps·d]. Frames after the first `from` are not looked at.
   *
   * @throws RangeError for options outside 0 … T, or a jump that the transition was not trained for
   */
  rollout(x: SampleInput, { from, steps, jump, seed = this.seed }: RolloutOptions): tf.Tensor2D {
    const told = this.checkedRollout(from, steps, jump);
    let chunk = 0;
    return mapRows(x, this.expected(`${this.name}: rollout`), (rows) => {
      const { b } = this.believing({ x: rows });
      const belief = b.slice([0, from], [-1, 1]).reshape([-1, this.config.belief]) as tf.Tensor2D;
      return this.imagined(belief, steps, told, randomStream(seed, 'rollout', chunk++));
    });
  }

  /** `count` sequences of T frames that follow each other by the shortest jump, from the belief before any: [count, T·d]. */
  sample(count: number, options: { seed?: number } = {}): tf.Tensor2D {
    checkCount(`${this.name}: sample`, count);
    const { belief, frames, jumps } = this.config;
    const told = this.checkedRollout(0, frames, this.config.conditionOnJump ? jumps[0] : undefined);
    const stream = randomStream(options.seed ?? this.seed, 'prior');
    return tf.tidy(() => this.imagined(tf.zeros([count, belief]), frames, told, stream));
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
    const drawn = (density: LayeredGaussian, given: tf.Tensor[], epsilon: tf.Tensor) => {
      const context = tf.concat(given, 1) as tf.Tensor2D;
      const z = density.draw(context, epsilon as tf.Tensor2D);
      const { mu, logVar } = density.at(context, z);
      return { z, mu, logVar };
    };
    return {
      belief: {
        documentation: `b_1 … b_T. x: [n, ${d}], ${T} frames of ${this.frameWidth} values.`,
        inputs: { x: [d] },
        run: ({ x }) => ({ b: this.beliefStates(this.framesOf(x as tf.Tensor2D)).slice([0, 1]) }),
      },
      filter: {
        documentation: `a state of p_B(z|b). b: [n, ${belief}]; ${noise}.`,
        inputs: { b: [belief], epsilon: [state] },
        run: ({ b, epsilon }) => drawn(this.pB, [b!], epsilon!),
      },
      transition: {
        documentation: `a state of p_T(z₂|z₁). z1: [n, ${state}]; ${noise}${ofJump}.`,
        inputs: { z1: [state], epsilon: [state], ...told },
        run: ({ z1, epsilon, jump }) => drawn(this.pT, jump ? [z1!, jump] : [z1!], epsilon!),
      },
      decoder: {
        documentation: `p_D(x|z) of a frame. z: [n, ${state}].`,
        inputs: { z: [state] },
        run: ({ z }) => likelihoodOutputs(this.likelihood(z as tf.Tensor2D)),
      },
    };
  }

  /** Decoded states after 1, 2, … transitions: [n, belief] → [n, steps·d]. */
  private imagined(belief: tf.Tensor2D, steps: number, jump: number, stream: RandomStream): tf.Tensor2D {
    const count = belief.shape[0];
    const { conditionOnJump, jumps } = this.config;
    const told = conditionOnJump ? [oneHot(new Array<number>(count).fill(jump - 1), jumps[1])] : [];
    const epsilon = () => tf.tensor2d(stream.normals(count * this.stateWidth), [count, this.stateWidth]);
    let state = this.pB.draw(belief, epsilon());
    const frames = Array.from({ length: steps }, () => {
      state = this.pT.draw(tf.concat([state, ...told], 1), epsilon());
      return this.likelihood(state).mean();
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
      throw complain('takes a jump only with conditionOnJump: true; this transition is not told it');
    if (!whole(jump, ...jumps)) throw complain(`takes jumps from ${jumps[0]} to ${jumps[1]}; found ${jump}`);
    return jump;
  }
}

/** The row of [n, T, m] that each one-hot selection [n, T] points to: [n, m]. */
function selected(rows: tf.Tensor3D, selection: tf.Tensor2D): tf.Tensor2D {
  return rows.mul(selection.expandDims(2)).sum(1);
}
