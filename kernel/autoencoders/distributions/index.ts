export { Bernoulli } from './bernoulli';
export { DiagonalGaussian } from './gaussian';
