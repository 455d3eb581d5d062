import { LatentFlow } from '../../../../../kernel/autoencoders/index';
import { describeTracedSteps } from '../../../engine/tracedIsEager';

describeTracedSteps({
  'flow of latents': (common) => new LatentFlow({ ...common, input: 5, layers: 3, hidden: [6] }),
  'flow with smooth couplings': (common) =>
    new LatentFlow({ ...common, input: 4, layers: 2, hidden: [5, 5], activation: 'tanh' }),
});
