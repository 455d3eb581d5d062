/** What a cell's functions give, and the errors where that is something else. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DenoisingAutoencoder,
  DeterministicAutoencoder,
  defineCorruption,
  defineLikelihood,
  defineLoss,
  defineModel,
  defineNetwork,
  defineObjective,
  definePenalty,
  definePosterior,
  definePrior,
  DiagonalGaussian,
  initial,
  Model,
  normal,
  randomStream,
  VAE,
} from '../../../../kernel/autoencoders/index';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// What is wrong on purpose has no type.
type Anything = any; // eslint-disable-line @typescript-eslint/no-explicit-any

const x = () => tf.zeros<tf.Rank.R2>([3, 4]);
/** The first step of a model, as far as its losses. */
const step = (model: Model<Anything, Anything>) =>
  tf.tidy(() => void model.losses({ x: x(), ...model.inputs(randomStream(1, 'noise'), 3) }));
const vae = (parts: object) => step(new VAE({ input: 4, latent: 2, hidden: [3], ...parts }) as Anything);
const plain = (parts: object) => step(new DeterministicAutoencoder({ input: 4, latent: 2, hidden: [3], ...parts }));

const [posterior, prior, likelihood, objective, loss, penalty, corruption, net, model] = [
  (definition: Anything) => () => vae({ posterior: definePosterior('mine', () => definition)() }),
  (definition: Anything) => () => vae({ prior: definePrior('mine', () => definition)() }),
  (definition: Anything) => () => vae({ likelihood: defineLikelihood('mine', () => definition)() }),
  (definition: Anything) => () => vae({ objective: defineObjective('mine', () => definition)() }),
  (definition: Anything) => () => plain({ loss: defineLoss('mine', () => definition)() }),
  (definition: Anything) => () => plain({ penalties: [definePenalty('mine', () => definition)()] }),
  (definition: Anything) => () => {
    const mine = defineCorruption('mine', () => definition)();
    step(new DenoisingAutoencoder({ input: 4, latent: 2, hidden: [3], corruption: mine }));
  },
  (definition: Anything) => () => vae({ encoder: defineNetwork('mine', () => definition)() }),
  (definition: Anything) => () => {
    const made = new (defineModel('Mine', () => definition))({ input: 4 });
    step(made as Anything);
    if (definition.encode) made.encode(x());
    if (definition.decode) made.decode(tf.zeros([3, 2]));
  },
];

/** A posterior, prior, … that is right, but for these. */
const q = (over: object = {}) => ({
  width: (k: number) => 2 * k,
  of: (rows: tf.Tensor2D) => {
    const right = DiagonalGaussian.fromRows(rows);
    return {
      mean: () => right.mean(),
      reparameterize: (e: tf.Tensor) => right.reparameterize(e),
      logProb: (z: tf.Tensor) => right.logProb(z),
      ...over,
    };
  },
});
const p = (over: object) => ({
  of: () => ({
    logProb: (z: tf.Tensor2D) => z.sum(1),
    sample: ({ epsilon }: Anything) => epsilon,
    ...over,
  }),
});
const pOfX = (over: object) => ({
  of: (rows: tf.Tensor2D) => ({ mean: () => rows.clone(), logProb: (x: tf.Tensor) => x.sub(rows).sum(1), ...over }),
});
const r = (over: object) => ({
  unit: 'nats',
  words: 'mine',
  formula: () => 'x',
  of: (x: tf.Tensor2D, rows: tf.Tensor2D) => x.sub(rows).sum(1),
  reconstruction: (rows: tf.Tensor2D) => rows,
  ...over,
});
const terms = (given: Anything) => ({ terms: () => given });
const half = tf.util.createShuffledIndices(1).length / 2;

const CASES: [what: string, run: () => void, message: string][] = [
  ['a posterior of undefined', posterior(undefined), 'The posterior "mine" gives undefined, expected a family of posteriors: an object with width, of'], // prettier-ignore
  ['a promise of a posterior', posterior(Promise.resolve(q())), 'The posterior "mine" gives a Promise, expected a family of posteriors: an object with width, of; the result must not be a promise: leave out async'], // prettier-ignore
  ['a posterior without of', posterior({ width: () => 2 }), 'The posterior "mine" gives an object with width without "of", expected a family of posteriors, with width, of'], // prettier-ignore
  ['a formula that is a number', posterior({ ...q(), formula: NaN }), 'The posterior "mine": "formula" gives the number NaN, expected text'], // prettier-ignore
  ['half a width', posterior({ ...q(), width: () => half }), 'The posterior "mine": "width" gives the number 0.5, expected a whole number from 1'], // prettier-ignore
  ['a posterior that gives a tensor', posterior({ ...q(), of: (rows: tf.Tensor) => rows }), 'The posterior "mine": "of" gives a tensor of shape [3, 4] and type float32, expected a posterior: an object with mean, reparameterize, logProb'], // prettier-ignore
  ['a posterior without logProb', posterior(q({ logProb: undefined })), 'The posterior "mine": "of" gives an object with mean, reparameterize, logProb without "logProb", expected a posterior, with mean, reparameterize, logProb'], // prettier-ignore
  ['logProb per dimension', () => vae({ posterior: definePosterior('mine', () => q({ logProb: (z: tf.Tensor) => z.square() }) as Anything)() }), 'The posterior "mine": "of(…).logProb" gives a tensor of shape [3, 2] and type float32, expected a tensor of shape [3] and type float32: log q(z) of each row, summed over k'], // prettier-ignore
  ['z as whole numbers', posterior(q({ reparameterize: (e: tf.Tensor) => e.toInt() })), 'The posterior "mine": "of(…).reparameterize" gives a tensor of shape [3, 2] and type int32, expected a tensor of shape [3, 2] and type float32: z, as many as there are ε'], // prettier-ignore
  ['a prior without sample', prior(p({ sample: undefined })), 'The prior "mine": "of" gives an object with logProb, sample without "sample"'], // prettier-ignore
  ['a prior whose logProb is a mean', prior(p({ logProb: (z: tf.Tensor) => z.mean() })), 'The prior "mine": "of(…).logProb" gives a tensor of shape [] and type float32, expected a tensor of shape [3] and type float32: log p(z) of each row, summed over k'], // prettier-ignore
  ['a divergence that is a number', prior(p({ kl: () => 1 })), 'The prior "mine": "of(…).kl" gives the number 1, expected a tensor of shape [n] and type float32'], // prettier-ignore
  ['parameters that are tensors', prior({ ...p({}), parameters: () => ({ m: tf.zeros([2]) }) }), 'The prior "mine": "parameters": "m" gives a tensor of shape [2] and type float32, expected first values with a shape, such as initial.zeros([2, 3])'], // prettier-ignore
  ['a likelihood without a mean', likelihood(pOfX({ mean: undefined })), 'The likelihood "mine": "of" gives an object with mean, logProb without "mean"'], // prettier-ignore
  ['log p(x) per value', likelihood(pOfX({ logProb: (x: tf.Tensor) => x })), 'The likelihood "mine": "of(…).logProb" gives a tensor of shape [3, 4] and type float32, expected a tensor of shape [3]'], // prettier-ignore
  ['two and a half numbers for each value', likelihood({ ...pOfX({}), perValue: 2.5 }), 'The likelihood "mine": "perValue" gives the number 2.5, expected a whole number from 1'], // prettier-ignore
  ['a support of text', likelihood({ ...pOfX({}), support: 'positive' }), 'The likelihood "mine": "support" gives the text "positive", expected null or { low, high, reason }'], // prettier-ignore
  ['an objective without terms', objective({}), 'The objective "mine" gives an empty object without "terms", expected an objective, with terms'], // prettier-ignore
  ['terms that are a tensor', objective(terms(tf.scalar(1))), 'The objective "mine": "terms" gives a tensor of shape [] and type float32, expected terms by name'], // prettier-ignore
  ['terms in a promise', objective({ terms: async () => ({}) }), 'The objective "mine": "terms" gives a Promise, expected terms by name'], // prettier-ignore
  [
    'no term at all',
    objective(terms({})),
    'The objective "mine": "terms" gives an empty object, expected terms by name',
  ],
  ['a term for each sample', objective({ terms: ({ kl }: Anything) => ({ kl }) }), 'The objective "mine": "terms": the term "kl" is a tensor of shape [3] and type float32, expected a scalar of type float32, such as a mean over the batch'], // prettier-ignore
  ['a term without a value', objective(terms({ kl: { weight: 1 } })), 'the term "kl" is an object with weight, expected a scalar tensor or { value, weight, formula, meaning }'], // prettier-ignore
  ['a formula that is NaN', objective(terms({ kl: { value: tf.scalar(1), formula: NaN } })), 'the term "kl": "formula" is the number NaN, expected text'], // prettier-ignore
  ['a weight that is NaN', objective(terms({ kl: { value: tf.scalar(1), weight: NaN } })), 'the term "kl": "weight" is the number NaN, expected a number, a schedule, { symbol, schedule } or "reported"'], // prettier-ignore
  ['a term with the name of the sum', objective(terms({ total: tf.scalar(1) })), 'the term "total" has the name of the sum of all terms'], // prettier-ignore
  ['noise with the model’s name', objective({ noise: () => ({ epsilon: normal([1]) }), ...terms({ a: tf.scalar(1) }) }), 'The objective "mine": "noise" names something "epsilon", a name that the model uses itself; choose another'], // prettier-ignore
  ['noise that is a tensor', objective({ noise: () => ({ u: tf.zeros([1]) }), ...terms({ a: tf.scalar(1) }) }), 'The objective "mine": "noise": "u" gives a tensor of shape [1] and type float32, expected a declaration, such as normal([n, 2])'], // prettier-ignore
  ['a loss without words', loss(r({ words: undefined })), 'The loss "mine": "words" gives undefined, expected text'],
  ['a loss that is a mean', loss(r({ of: (x: tf.Tensor) => x.mean() })), 'The loss "mine": "of" gives a tensor of shape [] and type float32, expected a tensor of shape [3] and type float32: the loss of each sample, summed over its values'], // prettier-ignore
  ['a penalty that is no scalar', penalty({ terms: ({ z }: Anything) => ({ size: z.square() }) }), 'The penalty "mine": "terms": the term "size" is a tensor of shape [3, 2] and type float32, expected a scalar'], // prettier-ignore
  ['a penalty that refuses by true', penalty({ refuses: () => true, ...terms({ a: tf.scalar(1) }) }), 'The penalty "mine": "refuses" gives true, expected text'], // prettier-ignore
  ['a corruption without noise', corruption({ apply: (x: tf.Tensor) => x }), 'The corruption "mine" gives an object with apply without "noise", expected a corruption, with noise, apply'], // prettier-ignore
  ['corrupted rows of another width', corruption({ noise: () => ({}), apply: (x: tf.Tensor) => x.slice([0, 0], [-1, 2]) }), 'The corruption "mine": "apply" gives a tensor of shape [3, 2] and type float32, expected a tensor of shape [3, 4] and type float32: x̃, of the shape of x'], // prettier-ignore
  ['a network without apply', net({}), 'The network "mine" gives an empty object without "apply", expected a network, with apply'], // prettier-ignore
  ['a network in a promise', net({ apply: async (x: tf.Tensor) => x }), 'The network "mine": "apply" gives a Promise, expected a tensor of type float32; the result must not be a promise: leave out async'], // prettier-ignore
  ['a network of booleans', net({ apply: (x: tf.Tensor) => x.greater(0) }), 'The network "mine": "apply" gives a tensor of shape [3, 4] and type bool, expected a tensor of type float32'], // prettier-ignore
  ['a network’s numbers for parameters', net({ parameters: () => ({ W: [1, 2] }), apply: (x: tf.Tensor) => x }), 'The network "mine": "parameters": "W" gives [1, 2], expected first values with a shape'], // prettier-ignore
  ['a network’s list of parameters', net({ parameters: () => [initial.zeros([1])], apply: (x: tf.Tensor) => x }), 'The network "mine": "parameters" gives an array with an object with shape, values at index 0, expected an object of first values, by name'], // prettier-ignore
  ['a model of nothing', model({}), 'Mine gives an empty object without "terms", expected a model, with terms'],
  ['a model whose terms are undefined', model(terms(undefined)), 'Mine: "terms" gives undefined, expected terms by name'], // prettier-ignore
  ['a model that encodes to one axis', model({ ...terms({ a: tf.scalar(1) }), latentDimensions: 1, encode: (x: tf.Tensor) => x.sum(1) }), 'Mine: "encode" gives a tensor of shape [3] and type float32, expected a tensor of shape [3, 1] and type float32: latents, a row for each sample'], // prettier-ignore
  ['a model that decodes to another width', model({ ...terms({ a: tf.scalar(1) }), latentDimensions: 2, decode: (z: tf.Tensor) => z }), 'Mine: "decode" gives a tensor of shape [3, 2] and type float32, expected a tensor of shape [3, 4]'], // prettier-ignore
  ['a model that encodes to it does not say what', model({ ...terms({ a: tf.scalar(1) }), encode: (x: tf.Tensor) => x }), 'Mine: it can encode or decode, and "latentDimensions", k of [n, k], is missing'], // prettier-ignore
  ['a schedule with the name of noise', model({ ...terms({ a: tf.scalar(1) }), noise: () => ({ β: normal([1]) }), schedules: { β: 1 } }), 'Mine: a schedule and random numbers are both named "β"; give them different names'], // prettier-ignore
];

describe('a function of your own that gives the wrong thing', () => {
  it.each(CASES)('%s: is named, with what it gave and what is expected', (_, run, message) => {
    expect(run).toThrow(message);
  });

  it('of a class is named as well', () => {
    class Wrong extends Model {
      override terms({ x }: { x: tf.Tensor2D }) {
        return { error: x.square().sum(1) };
      }
    }
    expect(() => step(new Wrong({ input: 4 }))).toThrow('Wrong: "terms": the term "error" is a tensor of shape [3]');
  });
});

describe('a function of your own that gives the right thing', () => {
  it('is itself, also to instanceof and to private fields', () => {
    class Prior {
      #b = 2;
      logProb(z: tf.Tensor2D) {
        return z.abs().div(-this.#b).sum<tf.Tensor1D>(1);
      }
      sample({ epsilon }: { epsilon: tf.Tensor2D }) {
        return epsilon.mul<tf.Tensor2D>(this.#b);
      }
    }
    const made = new VAE({
      input: 4,
      latent: 2,
      hidden: [3],
      prior: definePrior('class', () => ({ of: () => new Prior() }))(),
      posterior: definePosterior('library', () => ({ width: (k) => 2 * k, of: (rows) => DiagonalGaussian.fromRows(rows) }))(), // prettier-ignore
    });
    expect(made.posterior(x())).toBeInstanceOf(DiagonalGaussian);
    expect(made.prior()).toBeInstanceOf(Prior);
    const [z, epsilon] = [tf.tensor2d([[1, -3]]), tf.tensor2d([[1, 2]])];
    expect(made.prior().logProb(z).dataSync()[0]).toBe(-2);
    expect([...made.prior().sample({ epsilon }).dataSync()]).toEqual([2, 4]);
    step(made as Anything);
    made.dispose();
  });
});
