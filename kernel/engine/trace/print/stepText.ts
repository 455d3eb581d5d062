import type { StepDefinition, StepInputs } from '../../step';
import { traceStep } from '../traceStep';
import { programText, type Headings } from './programText';

/** Which of the tensors of a step are what, by name; the others are its inputs. */
export interface StepNames {
  readonly noise: ReadonlySet<string>;
  readonly schedules: ReadonlySet<string>;
}

/**
 * The program of a training step: from the batch, noise and weights to losses, gradients and new states. The optimizer's
 * rule is not part of it.
 *
 * @param inputs of the shapes that it is recorded for; their values do not matter
 * @throws {TraceRefusal} with the reason
 */
export function stepText(definition: StepDefinition, inputs: StepInputs, names: StepNames): string {
  const { program } = traceStep(definition, inputs, true);
  return programText(program, headings(definition, names));
}

const [INPUTS, NOISE, SCHEDULES] = ['inputs', 'noise', 'schedules'] as const;
const WEIGHTS = 'weights of the terms';
const [PARAMETERS, STATE, OUTSIDE] = ['parameters', 'state', 'variables from outside'] as const;

function headings({ trainable, state }: StepDefinition, { noise, schedules }: StepNames): Headings {
  return {
    all: [INPUTS, NOISE, SCHEDULES, WEIGHTS, PARAMETERS, STATE, OUTSIDE],
    of(input) {
      if (input.kind === 'variable') {
        if (trainable[input.name] === input.variable) return PARAMETERS;
        return state[input.name] === input.variable ? STATE : OUTSIDE;
      }
      if (input.name.startsWith('weight/')) return WEIGHTS;
      const name = input.name.slice('tensor/'.length);
      return noise.has(name) ? NOISE : schedules.has(name) ? SCHEDULES : INPUTS;
    },
  };
}
