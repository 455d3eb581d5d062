/** All runs of a sweep as one table in Parquet, a row each: parameters, seed, state, metrics, times, device. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { SEED } from '../notebook/parameters/overriding';
import type { ParameterValue, RunRecord } from './results';

type Cell = ParameterValue | Date | undefined;

type ColumnType = 'STRING' | 'TIMESTAMP' | 'DOUBLE' | 'INT32' | 'BOOLEAN';

/** Name, what it holds of each run, and its type: the same in all tables, also where no run has a value. */
type Column = readonly [name: string, of: (record: RunRecord) => Cell, type?: ColumnType];

const FIRST: readonly Column[] = [['run', ({ index }) => index, 'INT32']];

const LAST: readonly Column[] = [
  ['state', ({ state }) => state, 'STRING'],
  ['reason', ({ reason }) => reason, 'STRING'],
  ['start', ({ start }) => dateOf(start), 'TIMESTAMP'],
  ['end', ({ end }) => dateOf(end), 'TIMESTAMP'],
  ['seconds', ({ seconds }) => seconds, 'DOUBLE'],
  ['attempts', ({ attempts }) => attempts.length, 'INT32'],
  ['device', ({ device }) => device?.name, 'STRING'],
  ['device description', ({ device }) => device?.description, 'STRING'],
  ['threads', ({ threads }) => threads, 'INT32'],
  ['host', ({ attempts }) => attempts.at(-1)?.host, 'STRING'],
  ['job', ({ attempts }) => attempts.at(-1)?.job, 'STRING'],
  ['git commit', ({ git }) => git?.commit, 'STRING'],
  ['git dirty', ({ git }) => git?.dirty, 'BOOLEAN'],
];

/**
 * @returns a Parquet file. A parameter or metric with a name that another column has is called `parameters.NAME` or
 *   `metrics.NAME`; values that are neither numbers, booleans nor text are JSON
 */
export function tableOf(records: readonly RunRecord[]): Uint8Array {
  const columns = columnsOf(records).map(([name, of, type]) => columnOf(name, records.map(of), type));
  return new Uint8Array(parquetWriteBuffer({ columnData: columns }));
}

function columnsOf(records: readonly RunRecord[]): Column[] {
  const own = [...FIRST, ...LAST].map(([name]) => name);
  const named = (of: (record: RunRecord) => object) => [...new Set(records.flatMap((one) => Object.keys(of(one))))];
  const parameters = named((one) => one.parameters);
  const metrics = named((one) => one.metrics);
  const hasSeeds = records.some(({ seed }) => seed !== null) && !parameters.includes('seed');
  const taken = new Set([...own, ...(hasSeeds ? [SEED] : [])]);
  const free = (name: string, kind: string) => {
    let one = name;
    while (taken.has(one)) one = `${kind}.${one}`;
    taken.add(one);
    return one;
  };
  return [
    ...FIRST,
    ...parameters.map((name): Column => [free(name, 'parameters'), (one) => one.parameters[name]]),
    ...(hasSeeds ? [[SEED, ({ seed }) => seed, 'DOUBLE'] as Column] : []),
    ...metrics.map((name): Column => [free(name, 'metrics'), (one) => one.metrics[name], 'DOUBLE']),
    ...LAST,
  ];
}

function columnOf(name: string, cells: readonly Cell[], type = typeOf(cells)) {
  const data = cells.map((cell) => {
    if (cell === undefined || cell === null) return null;
    return type === 'STRING' && typeof cell !== 'string' ? JSON.stringify(cell) : cell;
  });
  return { name, data, type };
}

/** The type of a parameter, by its values. */
function typeOf(cells: readonly Cell[]): ColumnType {
  const known = cells.filter((cell) => cell !== undefined && cell !== null);
  const all = (kind: string) => known.length > 0 && known.every((cell) => typeof cell === kind);
  return all('boolean') ? 'BOOLEAN' : all('number') ? 'DOUBLE' : 'STRING';
}

function dateOf(time: string | null): Date | undefined {
  return time === null ? undefined : new Date(time);
}
