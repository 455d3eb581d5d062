import { describe, expect, it } from 'vitest';
import type { Column, Value } from '../../../../kernel/views/sweep/data';
import { FilterError, filterOf } from '../../../../kernel/views/sweep/filter/filter';

interface Run {
  run: number;
  state: string;
  beta: number | null;
  optimizer: string;
  augmented: boolean;
  'validation.total': number | null;
  'log σ': number;
}

const BETAS = [0.5, 1, 2, 4, 8];
const RUNS = Array.from({ length: 60 }, (_, i): Run => ({
  run: i + 1,
  state: ['done', 'done', 'failed', 'running'][i % 4]!,
  beta: i % 11 === 10 ? null : BETAS[i % 5]!,
  optimizer: ['adam', 'adamw', 'sgd'][i % 3]!,
  augmented: i % 2 === 0,
  'validation.total': i % 7 === 0 ? null : 240 - i,
  'log σ': -i / 10,
}));
const COLUMNS = (Object.keys(RUNS[0]!) as (keyof Run)[]).map((name): Column => ({
  name,
  kind: 'parameter',
  better: null,
  values: RUNS.map((run): Value => run[name]),
}));

const runsOf = (text: string) => {
  const filter = filterOf(text, COLUMNS);
  return RUNS.filter((_, i) => filter(i)).map(({ run }) => run);
};
const expected = (holds: (run: Run) => boolean) => RUNS.filter(holds).map(({ run }) => run);
const number = (value: number | null) => value ?? NaN;

describe('a filter', () => {
  it.each<[string, (run: Run) => boolean]>([
    ['', () => true],
    ['beta > 2', ({ beta }) => number(beta) > 2],
    ['beta >= 2 and state = done', ({ beta, state }) => number(beta) >= 2 && state === 'done'],
    ['beta ≥ 2 && state == "done"', ({ beta, state }) => number(beta) >= 2 && state === 'done'],
    ['1 < beta <= 4', ({ beta }) => number(beta) > 1 && number(beta) <= 4],
    ['beta = .5 or beta = 8e0', ({ beta }) => beta === 0.5 || beta === 8],
    // `and` binds more than `or`.
    ['run < 5 or run > 50 and state = failed', ({ run, state }) => run < 5 || (run > 50 && state === 'failed')],
    ['(run < 5 or run > 50) and state = failed', ({ run, state }) => (run < 5 || run > 50) && state === 'failed'],
    ['not state = done', ({ state }) => state !== 'done'],
    ['!(beta > 2)', ({ beta }) => !(number(beta) > 2)],
    // What is missing is neither equal nor unequal.
    ['beta != 2', ({ beta }) => beta !== null && beta !== 2],
    ['optimizer in (adam, sgd)', ({ optimizer }) => optimizer !== 'adamw'],
    ['optimizer not in (adam, sgd)', ({ optimizer }) => optimizer === 'adamw'],
    ['beta in (1, 4)', ({ beta }) => beta === 1 || beta === 4],
    ['optimizer ~ ADAM', ({ optimizer }) => optimizer.startsWith('adam')],
    ['optimizer !~ w', ({ optimizer }) => !optimizer.includes('w')],
    ['augmented', ({ augmented }) => augmented],
    ['augmented = false', ({ augmented }) => !augmented],
    ['validation.total < 200', (run) => number(run['validation.total']) < 200],
    ['validation.total', (run) => run['validation.total'] !== null],
    ['`log σ` < -2.5', (run) => run['log σ'] < -2.5],
    ['BETA > 2', ({ beta }) => number(beta) > 2],
    [
      'validation.total > 200 and beta < run',
      (run) => number(run['validation.total']) > 200 && number(run.beta) < run.run,
    ],
  ])('%s', (text, holds) => {
    expect(runsOf(text)).toEqual(expected(holds));
  });

  it.each([
    ['bta > 2', 'there is no column “bta”; there are run, state, beta,', 0],
    ['beta >', 'a name or a value is wanted, and the filter ends', 6],
    ['beta > 2 and', 'a name or a value is wanted, and the filter ends', 12],
    ['beta > 2 state = done', '“and” or “or” is wanted, and “state” stands there', 9],
    ['(beta > 2', '“)” is wanted, and the filter ends', 9],
    ['beta > done', '“>” compares numbers, and done is not a number', 7],
    ['state < 3', '“<” compares numbers, and state is not a number', 8],
    ['beta = "two', 'the string that begins with " has no end', 7],
    ['beta # 2', '“#” means nothing here', 5],
    ['2', 'a value alone is not a condition', 0],
    ['beta in 2', '“(” and a list is wanted', 8],
  ])('says what is wrong with %s, and where', (text, message, at) => {
    const problem = (() => {
      try {
        filterOf(text, COLUMNS);
      } catch (error) {
        return error as FilterError;
      }
      return undefined;
    })();
    expect(problem).toBeInstanceOf(FilterError);
    expect(problem!.message).toContain(message);
    expect(problem!.at).toBe(at);
  });
});
