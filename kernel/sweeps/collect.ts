/** All runs of a sweep as one table in Parquet, a row each: parameters, seed, state, metrics, times, device. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ParameterValue, RunRecord } from './results';

type Cell = ParameterValue | Date | undefined;

/** Name and what it holds of each run. */
type Column = readonly [name: string, of: (record: RunRecord) => Cell];

const FIRST: readonly Column[] = [['run', ({ index }) => index]];

const LAST: readonly Column[] = [
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['start', ({ start }) => dateOf(start)],
  ['end', ({ end }) => dateOf(end)],
  ['seconds', ({ seconds }) => seconds],
  ['attempts', ({ attempts }) => attempts.length],
  ['device', ({ device }) => device?.name],
  ['device description', ({ device }) => device?.description],
  ['threads', ({ threads }) => threads],
  ['host', ({ attempts }) => attempts.at(-1)?.host],
  ['job', ({ attempts }) => attempts.at(-1)?.job],
  ['git commit', ({ git }) => git?.commit],
  ['git dirty', ({ git }) => git?.dirty],
];

/**
 * @returns a Parquet file. A parameter or metric with a name that another column has is called `parameters.NAME` or
 *   `metrics.NAME`; values that are neither numbers, booleans nor text are JSON
 */
export function tableOf(records: readonly RunRecord[]): Uint8Array {
  const columns = columnsOf(records).map(([name, of]) => columnOf(name, records.map(of)));
  return new Uint8Array(parquetWriteBuffer({ columnData: columns }));
}

function columnsOf(records: readonly RunRecord[]): Column[] {
  const own = [...FIRST, ...LAST].map(([name]) => name);
  const named = (of: (record: RunRecord) => object) => [...new Set(records.flatMap((one) => Object.keys(of(one))))];
  const parameters = named((one) => one.parameters);
  const metrics = named((one) => one.metrics);
  const hasSeeds = records.some(({ seed }) => seed !== null) && !parameters.includes('seed');
  const free = (name: string, kind: string, others: readonly string[]) =>
    own.includes(name) || others.includes(name) ? `${kind}.${name}` : name;
  return [
    ...FIRST,
    ...parameters.map((name): Column => [free(name, 'parameters', []), (one) => one.parameters[name]]),
    ...(hasSeeds ? [['seed', ({ seed }) => seed] as Column] : []),
    ...metrics.map((name): Column => [
      free(name, 'metrics', [...parameters, ...(hasSeeds ? ['seed'] : [])]),
      (one) => one.metrics[name],
    ]),
    ...LAST,
  ];
}

function columnOf(name: string, cells: readonly Cell[]) {
  const known = cells.filter((cell) => cell !== undefined && cell !== null);
  const all = (kind: string) => known.every((cell) => typeof cell === kind);
  const data = cells.map((cell) => cell ?? null);
  if (known.length > 0 && known.every((cell) => cell instanceof Date))
    return { name, data, type: 'TIMESTAMP' as const };
  if (known.length > 0 && all('boolean')) return { name, data, type: 'BOOLEAN' as const };
  if (known.length > 0 && all('number')) {
    const isWhole = COUNTS.has(name);
    return { name, data, type: isWhole ? ('INT32' as const) : ('DOUBLE' as const) };
  }
  if (all('string')) return { name, data, type: 'STRING' as const };
  const text = data.map((cell) => (cell === null || typeof cell === 'string' ? cell : JSON.stringify(cell)));
  return { name, data: text, type: 'STRING' as const };
}

/** Whole numbers always; a parameter or a metric may be one by chance. */
const COUNTS = new Set(['run', 'attempts', 'threads']);

function dateOf(time: string | null): Date | undefined {
  return time === null ? undefined : new Date(time);
}
