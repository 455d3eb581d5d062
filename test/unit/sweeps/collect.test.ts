import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../kernel/sweeps/collect';
import { plannedRecord } from '../../../kernel/sweeps/results';
import type { Parameters, RunRecord } from '../../../kernel/sweeps/results';

function record(index: number, parameters: Parameters, metrics: RunRecord['metrics']): RunRecord {
  return { ...plannedRecord({ index, parameters, seed: 0 }, 'abc'), metrics };
}

const bufferOf = (records: readonly RunRecord[]) => {
  const bytes = tableOf(records);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};
const typesOf = (records: readonly RunRecord[]) =>
  Object.fromEntries(
    parquetMetadata(bufferOf(records))
      .schema.slice(1)
      .map(({ name, type }) => [name, type]),
  );

describe('the table of a sweep', () => {
  it('has the same types where no run has a value, so that tables can be put together', () => {
    const waiting = record(1, { beta: 1 }, { elbo: null });
    const attempt = { start: 'x', end: null, seconds: null, host: 'h', job: '1_1', state: null, reason: null };
    const done: RunRecord = {
      ...record(1, { beta: 1 }, { elbo: 2 }),
      ...{ start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:01Z', seconds: 1, threads: 2, attempts: [attempt] },
      ...{ git: { commit: 'c', dirty: true }, device: { name: 'd', description: 'e' }, reason: 'r' },
    };
    expect(typesOf([waiting])).toEqual(typesOf([done]));
    expect(typesOf([waiting])).toMatchObject({ elbo: 'DOUBLE', seconds: 'DOUBLE', 'git dirty': 'BOOLEAN' });
  });

  it('has no two columns of one name', async () => {
    const one = record(1, { run: 5, beta: 1 }, { 'parameters.run': 6, run: 7, beta: 8, seed: 9 });
    const [row] = await parquetReadObjects({ file: bufferOf([one]) });
    expect(row).toMatchObject({
      ...{ run: 1, seed: 0, beta: 1, 'parameters.run': 5, 'metrics.parameters.run': 6 },
      ...{ 'metrics.run': 7, 'metrics.beta': 8, 'metrics.seed': 9 },
    });
  });
});
