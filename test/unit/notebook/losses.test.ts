import { describe, expect, it } from 'vitest';
import type { Notebook } from '../../../kernel/notebook/format';
import { finalLosses } from '../../../kernel/notebook/losses';
import { lossTable } from '../../../kernel/notebook/terminal/start';
import { lossCurves, MIME } from '../../../kernel/views/index';
import { fallingHistory } from '../views/histories';

const view = lossCurves(fallingHistory(), { id: 'v' });
const notebook: Notebook = {
  cells: [
    { cell_type: 'markdown', metadata: {}, source: '' },
    {
      cell_type: 'code',
      metadata: {},
      source: '',
      execution_count: 1,
      outputs: [{ output_type: 'display_data', metadata: {}, data: { [MIME.lossCurves]: view } }],
    },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
};

describe('the final losses of a notebook', () => {
  const [losses] = finalLosses(notebook);

  it('are the mean of the last epoch for training and the last measurement for validation', () => {
    const lastEpoch = Array.from({ length: 10 }, (_, i) => 100 + 400 / (21 + i)).reduce((a, b) => a + b) / 10;
    expect(losses!.terms.map(({ name }) => name)).toEqual(['total', 'reconstruction', 'kl']);
    expect(losses!.terms[0]!.train).toBeCloseTo(lastEpoch, 4);
    expect(losses!.terms[0]!.validation).toBeCloseTo(100 + 400 / 30 + 2, 4);
    expect(losses!.terms[2]).toEqual({ name: 'kl', train: 6, validation: undefined });
  });

  it('are printed as an aligned table', () => {
    const terms = [
      { name: 'total', train: 262.06, validation: 264.84 },
      { name: 'kl', train: 6.7, validation: undefined },
    ];
    expect(lossTable({ title: 'VAE', unit: 'nats per image', terms })).toBe(
      [
        'VAE',
        '  nats per image   train   validation',
        '    total          262.1        264.8',
        '    kl             6.700             ',
        '',
      ].join('\n'),
    );
  });
});
