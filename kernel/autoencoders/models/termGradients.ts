import * as tf from '@tensorflow/tfjs';
import { instance, modelWith, object, takes, tensor, text } from '../arguments';
import { ConfigurationError } from '../config';
import { Model } from './model';

/**
 * The unweighted gradient of one term of a model's loss with respect to each parameter: it shows which term changes
 * which parameter. If a term does not depend on a parameter, the gradient is zero.
 *
 * @param term a name in {@link Model.losses}
 * @param given the batch and its noise: `{ x, ...model.inputs(randomStream(1, 'noise'), n) }`
 * @returns gradients under the names of `model.parameters`, each in the shape of its parameter; dispose of them
 *   yourself
 * @throws {ConfigurationError} for an unknown term; it lists the known ones
 */
export function termGradients(
  model: Pick<Model<object, never>, 'losses' | 'parameters' | 'name'> & { noise(n: number): object },
  term: string,
  given: Readonly<Record<string, tf.Tensor>>,
): Record<string, tf.Tensor> {
  takes('termGradients', ['model', model, instance(Model)], ['model', model, modelWith('losses')]);
  const draws = Object.keys(model.noise(1));
  takes('termGradients', ['term', term, text], ['given', given, object('x', ...draws)]);
  for (const name of ['x', ...draws]) takes('termGradients', [`given.${name}`, given[name], tensor()]);
  const variables = Object.entries(model.parameters);
  const { grads, value } = tf.variableGrads(
    () => {
      const terms = model.losses(given);
      if (!terms[term]) {
        const known = Object.keys(terms).join(', ');
        throw new ConfigurationError('termGradients', [`${model.name} has no term "${term}"; allowed: ${known}`]);
      }
      // The term alone may reach no parameter at all, and then there would be no gradient to ask for.
      const reached = variables[0]![1].sum().mul(0);
      return terms[term].sum().add(reached) as tf.Scalar;
    },
    variables.map(([, variable]) => variable),
  );
  value.dispose();
  return Object.fromEntries(
    variables.map(([name, variable]) => [name, grads[variable.name] ?? tf.zerosLike(variable)]),
  );
}
