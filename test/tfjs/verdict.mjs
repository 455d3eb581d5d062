/** What the runs of tfjs-core's own test-suite say of the backend: which specs count, and whether it passes. */

/** The share of the specs that use lowered kernels alone which has to pass. */
const REQUIRED_SHARE = 0.95;
/** More unused kernels than this are not named one by one. */
const MOST_NAMED = 20;

/**
 * One spec that ran.
 *
 * @typedef {object} Spec
 * @property {string} name
 * @property {string[]} errors None when it passed.
 * @property {string[]} kernels Those of the backend that it called.
 * @property {string[]} lent Kernels and types that the backend does not have.
 */

/**
 * What a part of the suite sends.
 *
 * @typedef {{ kind: 'started'; name: string }
 *   | ({ kind: 'spec' } & Spec)
 *   | { kind: 'error'; message: string }
 *   | { kind: 'done'; lowered: string[] }} Message
 */

/** @typedef {{ spec: string; reason: string }} Exclusion */
/** @typedef {{ passed: number; failed: number; excluded: number }} Counts */

/**
 * @param {Spec[]} specs
 * @param {Exclusion[]} exclusions
 * @param {object} run
 * @param {string[]} run.lowered The backend's kernels.
 * @param {string[]} run.errors Errors outside specs.
 * @param {number} [run.requiredShare] None is required of a few specs that somebody chose.
 */
export function judge(specs, exclusions, { lowered, errors, requiredShare = REQUIRED_SHARE }) {
  const excluded = new Set(exclusions.map(({ spec }) => spec));
  const alone = specs.filter(({ kernels, lent }) => kernels.length > 0 && lent.length === 0);
  const mixed = specs.filter(({ kernels, lent }) => kernels.length > 0 && lent.length > 0);
  const others = specs.filter(({ kernels }) => kernels.length === 0);
  const failing = alone.filter(hasFailed);
  const failures = failing.filter(({ name }) => !excluded.has(name));
  const failingNames = new Set(failing.map(({ name }) => name));
  const share = alone.length === 0 ? 0 : 1 - failing.length / alone.length;
  const problems = [
    ...errors,
    ...failures.map(({ name, errors: [first] }) => `${name}\n${first}`),
    ...exclusions
      .filter(({ spec }) => !failingNames.has(spec))
      .map(({ spec }) => `${spec}\nis excluded, but no spec of lowered kernels that fails has this name`),
  ];
  if (alone.length === 0) problems.push('No spec called lowered kernels alone.');
  if (share < requiredShare) {
    problems.push(`${percent(share)} of the specs of lowered kernels pass; ${percent(requiredShare)} have to`);
  }
  return {
    passes: problems.length === 0,
    problems,
    share,
    groups: { alone: count(alone, excluded), mixed: count(mixed), others: count(others) },
    kernels: new Map(lowered.toSorted().map((kernel) => [kernel, count(alone.filter(uses(kernel)), excluded)])),
    lent: tally(mixed.concat(others).flatMap(({ lent }) => lent)),
  };
}

/**
 * The verdict as text: what passed by kernel in short, what is wrong in full.
 *
 * @param {ReturnType<typeof judge>} verdict
 * @returns {string}
 */
export function summary({ groups, share, kernels, lent, problems }) {
  const all = [...kernels];
  const flawed = all.filter(([, { failed, excluded }]) => failed + excluded > 0);
  const clean = all.filter(([, { passed, failed, excluded }]) => passed > 0 && failed + excluded === 0);
  const unused = all.filter(([, { passed, failed, excluded }]) => passed + failed + excluded === 0);
  return [
    header('Specs that call'),
    `${row('lowered kernels alone', groups.alone)}   ${percent(share)} passed`,
    row('others as well', groups.mixed),
    row('no lowered kernel', groups.others),
    '',
    ...(flawed.length > 0 ? [header('Kernel'), ...flawed.map(([kernel, counts]) => row(kernel, counts)), ''] : []),
    `All passed: ${listed(clean.map(([kernel, { passed }]) => `${kernel} ${passed}`))}`,
    // Those of a pattern leave most kernels out.
    `In no spec of lowered kernels alone: ${unused.length > MOST_NAMED ? `${unused.length} kernels` : listed(unused.map(([kernel]) => kernel))}`,
    `Not lowered: ${listed([...lent].map(([what, specs]) => `${what} ${specs}`))}`,
    ...problems.map((problem) => `\nFAILED: ${shortened(problem)}`),
  ].join('\n');
}

/** @param {Spec} spec */
const hasFailed = ({ errors }) => errors.length > 0;

/** @param {string} kernel */
const uses = (kernel) => (/** @type {Spec} */ spec) => spec.kernels.includes(kernel);

/**
 * @param {Spec[]} specs
 * @param {ReadonlySet<string>} [excluded]
 * @returns {Counts}
 */
function count(specs, excluded = new Set()) {
  const failing = specs.filter(hasFailed);
  const failed = failing.filter(({ name }) => !excluded.has(name)).length;
  return { passed: specs.length - failing.length, failed, excluded: failing.length - failed };
}

/**
 * How often each occurs, the most frequent first.
 *
 * @param {string[]} items
 */
function tally(items) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

/** @param {string} label */
function header(label) {
  return row(label, { passed: 'passed', failed: 'failed', excluded: 'excluded' });
}

/**
 * @param {string} label
 * @param {Record<keyof Counts, number | string>} counts
 */
function row(label, { passed, failed, excluded }) {
  return label.padEnd(30) + [passed, failed, excluded].map((cell) => String(cell).padStart(9)).join('');
}

/** @param {string[]} items */
function listed(items) {
  return items.join(', ') || 'none';
}

/**
 * A message's first lines, since arrays of a thousand numbers follow.
 *
 * @param {string} message
 */
function shortened(message) {
  const lines = message.split('\n').slice(0, 4);
  return lines.map((line) => line.slice(0, 200)).join('\n    ');
}
