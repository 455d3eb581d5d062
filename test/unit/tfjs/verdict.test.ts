import { describe, expect, it } from 'vitest';
import { judge, summary, type Spec } from '../../tfjs/verdict.mjs';

const spec = (name: string, more: Partial<Spec> = {}): Spec => ({
  name,
  errors: [],
  kernels: ['Add'],
  lent: [],
  ...more,
});
const failing = (name: string, more: Partial<Spec> = {}) => spec(name, { errors: ['1 is not 2'], ...more });
const passing = Array.from({ length: 99 }, (_, i) => spec(`passes ${i}`));
const run = { lowered: ['Add', 'Mul', 'Sub'], errors: [] };

describe('the verdict on a run of the suite of tfjs', () => {
  it('is good when all specs of lowered kernels pass', () => {
    const { passes, share, problems } = judge(passing, [], run);
    expect({ passes, share, problems }).toEqual({ passes: true, share: 1, problems: [] });
  });

  it('is bad when one fails that is not excluded, and says why', () => {
    const { passes, problems } = judge([...passing, failing('adds')], [], run);
    expect(passes).toBe(false);
    expect(problems).toEqual(['adds\n1 is not 2']);
  });

  it('is good when the one that fails is excluded', () => {
    const { passes, share, groups } = judge([...passing, failing('adds')], [{ spec: 'adds', reason: 'rounding' }], run);
    expect(passes).toBe(true);
    expect(share).toBeCloseTo(0.99, 12);
    expect(groups.alone).toEqual({ passed: 99, failed: 0, excluded: 1 });
  });

  it('is bad when an excluded spec passes, is not there, or does not count', () => {
    const exclusions = ['passes 0', 'is gone', 'einsum'].map((name) => ({ spec: name, reason: 'rounding' }));
    const { problems } = judge([...passing, failing('einsum', { lent: ['Einsum'] })], exclusions, run);
    expect(problems.map((problem) => problem.split('\n')[0])).toEqual(['passes 0', 'is gone', 'einsum']);
  });

  it('is bad when too many are excluded', () => {
    const excluded = Array.from({ length: 6 }, (_, i) => `fails ${i}`);
    const exclusions = excluded.map((name) => ({ spec: name, reason: 'rounding' }));
    const { problems } = judge([...passing, ...excluded.map((name) => failing(name))], exclusions, run);
    expect(problems).toEqual(['94.3 % of the specs of lowered kernels pass; 95.0 % have to']);
  });

  it('asks for no share of specs that somebody chose', () => {
    const exclusions = [{ spec: 'adds', reason: 'rounding' }];
    expect(judge([failing('adds')], exclusions, run).passes).toBe(false);
    expect(judge([failing('adds')], exclusions, { ...run, requiredShare: 0 }).passes).toBe(true);
  });

  it('is bad when no spec counts, or something went wrong outside the specs', () => {
    expect(judge([], [], { ...run, requiredShare: 0 }).problems).toEqual(['No spec called lowered kernels alone.']);
    expect(judge(passing, [], { ...run, errors: ['Part 0 ended'] }).problems).toEqual(['Part 0 ended']);
  });

  it('does not count what fails with kernels or types that are not lowered', () => {
    const others = [failing('einsum', { lent: ['Einsum'] }), failing('reads', { kernels: [] })];
    const { passes, groups, lent } = judge([...passing, ...others], [], run);
    expect(passes).toBe(true);
    expect(groups.mixed.failed).toBe(1);
    expect(groups.others.failed).toBe(1);
    expect([...lent]).toEqual([['Einsum', 1]]);
  });

  it('counts a spec for each kernel that it calls, and names kernels that none calls alone', () => {
    const specs = [spec('adds'), failing('adds and multiplies', { kernels: ['Add', 'Mul'] })];
    const verdict = judge(specs, [], run);
    expect(verdict.kernels.get('Add')).toEqual({ passed: 1, failed: 1, excluded: 0 });
    expect(verdict.kernels.get('Mul')).toEqual({ passed: 0, failed: 1, excluded: 0 });
    expect(summary(verdict)).toContain('In no spec of lowered kernels alone: Sub');
  });
});
