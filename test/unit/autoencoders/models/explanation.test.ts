import { describe, expect, it } from 'vitest';
import { linearWarmup, VAE } from '../../../../kernel/autoencoders/index';

describe('what a model says of its objective', () => {
  it('is each term with formula, reductions, unit and the weight it has now, and the effective β', () => {
    const model = new VAE({ input: 4, latent: 2, hidden: [], beta: linearWarmup(100, 0, 2) });
    model.position.step = 25;
    const explanation = model.explain();
    const [reconstruction, kl] = explanation.terms;
    expect(reconstruction).toMatchObject({ name: 'reconstruction', unit: 'nats per sample', weight: 1, symbol: '' });
    expect(kl).toMatchObject({ symbol: 'β', weight: 0.5, schedule: 'from 0 to 2 over 100 steps' });
    expect(explanation.effectiveBeta).toBe(0.5);
    expect(String(explanation)).toMatch(
      /^VAE, 2 latents minimises .*\n {2}reconstruction: .*\n {2}kl: .*β = 0\.5 \(from 0/,
    );
    model.dispose();
  });

  it('is a table in a cell, whose formulas hold no bar that would end one', () => {
    const model = new VAE({ input: 4, latent: 2, hidden: [] });
    const display = (model.explain() as unknown as Record<symbol, () => Record<string, string>>)[
      Symbol.for('Jupyter.display')
    ]!.call(model.explain());
    const rows = display['text/markdown']!.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row.match(/\|/g)).toHaveLength(6);
    expect(rows[1]).toContain('\\Vert');
    expect(display['text/markdown']).not.toContain('\\\\vert');
    model.dispose();
  });
});
