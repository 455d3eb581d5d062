import { describe, expect, it } from 'vitest';
import { bundle, derivationChecks, MIME } from '../../../kernel/views/index';
import type { CheckInput } from '../../../kernel/views/index';

const side = (value: number, standardError = 0) => ({ value, standardError, code: '' });
const row = (parts: Partial<CheckInput>): CheckInput => ({
  identity: 'a = b',
  left: side(1),
  right: side(1),
  relation: '=',
  tolerance: 1e-5,
  holds: true,
  seed: 0,
  ...parts,
});

describe('derivation checks', () => {
  it('tell one identity in a sentence', () => {
    const { summary } = derivationChecks({ id: 'c', rows: [row({ left: side(0.25, 0.013), tolerance: 0.06 })] });
    expect(summary).toBe('Check: a = b holds: 0.2500 ± 0.013 against 1, difference −0.75, allowed ±0.06.');
  });

  it('have a place in JSON for a standard error that is not known', () => {
    const odd = row({ left: side(NaN, NaN), right: side(2, Infinity), tolerance: NaN, holds: false });
    const view = derivationChecks({ id: 'c', rows: [odd] });
    expect(view.summary).toContain('difference no finite number; what is allowed is no finite number.');
    const [check] = JSON.parse(JSON.stringify(view.rows)) as typeof view.rows;
    expect(check!.tolerance).toBeNull();
    expect(check!.left).toMatchObject({ value: null, text: 'NaN', standardError: 0 });
    expect(check!.right).toMatchObject({ value: 2, text: '2', standardError: 0 });
  });

  it('name those that do not hold', () => {
    const rows = [row({}), row({ identity: 'c \\le d', relation: '≤', left: side(2), holds: false })];
    const { summary } = derivationChecks({ id: 'c', title: 'Bounds', rows });
    expect(summary).toMatch(
      /^Bounds: 1 of 2 do not hold. c ≤ d does not hold: 2 against 1, difference 1, allowed up to/,
    );
  });

  it('count exercises apart: an unsolved one is no claim that fails', () => {
    const rows = [row({}), row({}), row({ identity: 'x = 2', holds: false, exercise: 'unsolved' })];
    const { summary } = derivationChecks({ id: 'c', title: 'All', rows });
    expect(summary).toBe('All: all 2 hold. 0 of 1 exercises solved. x = 2 is not solved yet.');
  });

  it('keep what is no number out of the JSON, and name it', () => {
    const view = derivationChecks({ id: 'c', rows: [row({ left: side(NaN), holds: false })] });
    expect(view.rows[0]).toMatchObject({ left: { value: null, text: 'NaN' }, difference: null });
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  });

  it('make a bundle with the view, a picture and the sentence', () => {
    const view = derivationChecks({ id: 'c', rows: [row({}), row({ holds: false })] });
    const made = bundle(MIME.derivationChecks, view);
    expect(made[MIME.derivationChecks]).toBe(view);
    expect(made['text/plain']).toBe(view.summary);
    expect(Buffer.from(made['image/png'] as string, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  });
});
