/** `npm run fuzz`: damaged files of every format; see `run.mjs`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCampaign, type Failure, type Tally } from './campaign';
import { FORMATS } from './formats';

const KEPT = 'test/artifacts/fuzz/failures';
const USAGE = `npm run fuzz -- [--format ${FORMATS.map(({ name }) => name).join('|')}] [--count 2000] [--seed 1] [--first 0] [--processes 2]

Makes COUNT damaged files of each format (all, or those named), reads each by loadData and by streamData, and exits with 1
when one hangs, crashes, takes too much memory, is refused by another error than a DataError that names the file, or is
read in two ways. What failed is kept in ${KEPT}.`;

const started = performance.now();
const { values } = parseArgs({
  options: {
    format: { type: 'string', multiple: true },
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    first: { type: 'string', default: '0' },
    processes: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});
const wanted = values.format ?? FORMATS.map(({ name }) => name);
const stray = wanted.find((name) => !FORMATS.some((format) => format.name === name));
const [count, seed, first, processes] = [values.count, values.seed, values.first, values.processes].map(Number) as [number, number, number, number]; // prettier-ignore
if (
  values.help ||
  stray !== undefined ||
  ![count, seed, first, processes].every((one) => Number.isInteger(one) && one >= 0)
) {
  console.log(stray === undefined ? USAGE : `There is no format “${stray}”.\n\n${USAGE}`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const formats = FORMATS.filter(({ name }) => wanted.includes(name));
  const tally = await runCampaign({ formats, count, seed, first, processes });
  for (const failure of tally.failures) console.log(keep(failure));
  console.log(table(tally));
  console.log(
    `${formats.length * count} mutants in ${Math.round((performance.now() - started) / 1000)} s, ${tally.failures.length} failures`,
  );
  if (tally.failures.length > 0) process.exitCode = 1;
}

/** Writes the mutant where it can be looked at. @returns what failed, and how it is made again */
function keep({ format, index, content, outcome, detail }: Failure): string {
  mkdirSync(KEPT, { recursive: true });
  const file = path.join(KEPT, `${seed}-${index}-${path.basename(format.file)}`);
  writeFileSync(file, content);
  const again = `npm run fuzz -- --format ${format.name} --seed ${seed} --first ${index} --count 1`;
  return `${format.name} ${index}: ${outcome}\n  ${detail.replaceAll('\n', '\n  ')}\n  ${file}\n  ${again}`;
}

function table({ counts }: Tally): string {
  const outcomes = ['read', 'refused', 'raw', 'unnamed', 'disagree', 'hang', 'crash', 'memory'] as const;
  const rows = [...counts].map(([name, counted]) => [name, ...outcomes.map((one) => String(counted.get(one) ?? 0))]);
  return [['', ...outcomes], ...rows].map((row) => row.map((cell) => cell.padEnd(12)).join('')).join('\n');
}
