import { describe, expect, it } from 'vitest';
import { TrainingHistory } from '../../../../../kernel/autoencoders/index';
import { compare } from '../../../../../kernel/session/latentlab';

function trained(title: string, end: number): TrainingHistory {
  const history = new TrainingHistory(title, 'nats per image', 10, {
    ...{ step: 0, epoch: 1, epochs: 2, before: { steps: 0, epochs: 0 } },
  });
  for (let step = 1; step <= 20; step++) {
    history.recordStep(step, { total: end + 20 - step }, {}, 8);
    if (step % 10 === 0) history.endEpoch();
  }
  history.end('done');
  return history;
}

describe('compare', () => {
  it('shows trainings by the names of what was trained, numbered where that is one', () => {
    const [a, b, c] = [trained('VAE', 1), trained('VAE', 2), trained('AE', 3)];
    expect(compare([a, b, c]).view.groups).toEqual(['VAE, 1', 'VAE, 2', 'AE']);
    expect(compare([a, b, c]).view.runs.map(({ group }) => group)).toEqual([0, 1, 2]);
  });

  it('takes several seeds of one setting together, under names of your own', () => {
    const runs = { 'β = 1': [trained('VAE', 1), trained('VAE', 3)], 'β = 4': trained('VAE', 9) };
    const { view } = compare(runs, { title: 'Two betas' });
    expect(view).toMatchObject({ title: 'Two betas', groups: ['β = 1', 'β = 4'] });
    expect(view.runs.map(({ group }) => group)).toEqual([0, 0, 1]);
    // The last epoch of each has the mean `end` + 4.5; 1 and 3 lie √2 apart from each other in deviation.
    expect(view.summary).toBe(
      'Total over the last epoch, in nats per image: β = 1: 6.5 ± 1.4 over 2 runs; β = 4: 13.5.',
    );
  });

  it('still holds numbers against each other', () => {
    expect(compare(1, 1 + 1e-9).ok).toBe(true);
    expect(compare({ value: 1, standardError: 0.1 }, 1.2).ok).toBe(true);
    expect(compare(1, 2).ok).toBe(false);
  });

  it('says what is no training', () => {
    for (const wrong of [[], {}, [1], [[]], [trained('VAE', 1), {}], null]) {
      expect(() => compare(wrong as never)).toThrow(/compare.*a list of what fit returned/);
    }
    expect(() => compare([trained('VAE', 1), 3] as never)).toThrow('(at 1 is something else)');
    expect(() => compare({ plain: trained('VAE', 1), strict: [] })).toThrow('(at strict is something else)');
  });
});
