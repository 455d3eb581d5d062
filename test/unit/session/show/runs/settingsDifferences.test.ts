import { describe, expect, it } from 'vitest';
import { settingsDifferences } from '../../../../../kernel/session/show/runs/settingsDifferences';

const of = (config: object, options: object = {}, model = 'VAE') => ({ settings: { model, config, options } });

describe('the settings of trainings', () => {
  it('differ in what has another value, by the name that the configuration has for it', () => {
    const objective = (beta: unknown) => ({ objective: { name: 'evidenceLowerBound', beta, draws: 1 } });
    const before = of({ latent: 2, ...objective(1) }, { epochs: 10, learningRate: 0.001 });
    const now = of({ latent: 2, ...objective(4) }, { epochs: 20, learningRate: 0.001 });
    expect(settingsDifferences([before, now])).toBe('objective.beta 1 → 4; epochs 10 → 20');
  });

  it('name a part that was replaced, not each of its options', () => {
    const before = of({ prior: { name: 'standardNormal' }, hidden: [400, 200] });
    const now = of({ prior: { name: 'vampPrior', pseudoInputs: 500 }, hidden: [64] });
    expect(settingsDifferences([before, now])).toBe('prior standardNormal → vampPrior; hidden [400, 200] → [64]');
  });

  it('tell a schedule in a word', () => {
    const schedule = { schedule: 'linearWarmup', steps: 100, from: 0, to: 1 };
    expect(settingsDifferences([of({ beta: 1 }), of({ beta: schedule })])).toBe('beta 1 → linearWarmup(100, 0, 1)');
  });

  it('of many trainings stand beside each other, each value once', () => {
    const runs = [1, 4, 1, 8].map((beta) => of({ beta }));
    expect(settingsDifferences(runs)).toBe('beta 1, 4, 8'); // prettier-ignore
  });

  it('name once what a training takes from its model', () => {
    const seeded = (seed: number) => of({ seed, latent: 2 }, { epochs: 5, seed });
    expect(settingsDifferences([seeded(1), seeded(2)])).toBe('seed 1 → 2');
    expect(settingsDifferences([1, 2, 1, 3].map(seeded))).toBe('seed 1, 2, 3');
  });

  it('that have one name in the model and in the training say whose they are where they differ otherwise', () => {
    const runs = [of({ seed: 1 }, { seed: 7 }), of({ seed: 2 }, { seed: 9 })];
    expect(settingsDifferences(runs)).toBe('the model’s seed 1 → 2; the training’s seed 7 → 9');
  });

  it('that are the same differ in nothing, and what is not known is not told', () => {
    expect(settingsDifferences([of({ beta: 1 }), of({ beta: 1 })])).toBe('');
    expect(settingsDifferences([of({ beta: 1 }), { settings: null }])).toBeUndefined();
  });

  it('that differ in very much name the first, and how many more', () => {
    const many = (value: number) => of(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`option${i}`, value])));
    expect(settingsDifferences([many(1), many(2)])).toMatch(/^option0 1 → 2; .*; option5 1 → 2; and 3 more settings$/);
  });
});
