import { describe, expect, it } from 'vitest';
import { StandingReports } from '../../../kernel/sweeps/results';

const report = (training: number | null, step: number | null, name = 'loss') => ({
  ...{ training, step },
  values: { [name]: 1 },
});

describe('reports of a run that continues', () => {
  it('count again up to the step where their training is gone on with, and are then said anew', () => {
    const reports = new StandingReports([1, 2, 3].map((epoch) => report(1, 10 * epoch)));
    expect(reports.count('loss')).toBe(0);
    expect(reports.resumed(1, 20)).toHaveLength(2);
    expect(reports.count('loss')).toBe(2);
    // At the step where it kept itself it may say the same again.
    expect([reports.add(report(1, 20)), reports.add(report(1, 20, 'mig')), reports.add(report(1, 30))]).toEqual([
      false,
      true,
      true,
    ]);
    expect([reports.count('loss'), reports.count('mig'), reports.earlier.length]).toEqual([3, 1, 0]);
  });

  it('of a training that begins anew are none; those of later trainings stay open', () => {
    const reports = new StandingReports([report(1, 10), report(2, 10)]);
    reports.add(report(1, 5));
    expect(reports.earlier).toEqual([report(2, 10)]);
    expect(reports.count('loss')).toBe(1);
    reports.end();
    expect(reports.earlier).toEqual([]);
  });

  it('outside of trainings are said again, each as often as it comes', () => {
    const reports = new StandingReports([report(null, null)]);
    expect(reports.earlier).toEqual([]);
    for (let i = 0; i < 3; i++) reports.add(report(null, null));
    expect(reports.count('loss')).toBe(3);
  });
});
