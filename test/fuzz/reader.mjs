/**
 * A process that reads mutants, each by `loadData` and by `streamData`, and says what came of it.
 *
 * @typedef {{ outcome: 'read' | 'refused' | 'raw' | 'unnamed' | 'disagree'; detail: string; megabytes: number }} Verdict
 */
// By its address, since the type checker would otherwise look into what was built.
/** @type {Pick<typeof import('../../kernel/autoencoders/index'), 'loadData' | 'streamData'>} */
const { loadData, streamData } = await import(String(new URL('../../dist/kernel/latentlab.js', import.meta.url)));

// What readers want to be known is not what is asked here.
console.warn = () => undefined;

process.on('message', async (/** @type {{ path: string }} */ { path }) => {
  const verdict = await judged(path);
  process.send?.({ ...verdict, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) });
});

/** @param {string} path */
async function judged(path) {
  const [loaded, streamed] = [await tried(() => loadData(path)), await tried(() => collected(path))];
  for (const { error } of [loaded, streamed]) {
    if (!error) continue;
    if (error.name !== 'DataError') return { outcome: 'raw', detail: String(error.stack ?? error).slice(0, 600) };
    if (!error.message.includes(path)) return { outcome: 'unnamed', detail: error.message };
  }
  const texts = [loaded, streamed].map(({ error, value }) => error?.message ?? described(value));
  if (texts[0] !== texts[1]) return { outcome: 'disagree', detail: texts.map((text) => text.slice(0, 400)).join('\n') };
  return { outcome: loaded.error ? 'refused' : 'read', detail: texts[0]?.slice(0, 400) ?? '' };
}

/**
 * @template T
 * @param {() => Promise<T>} read
 * @returns {Promise<{ value?: T; error?: Error }>}
 */
async function tried(read) {
  try {
    return { value: await read() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** @param {string} path */
async function collected(path) {
  const { length, width, shape, classNames, chunks } = await streamData(path);
  const values = new Float32Array(length * width);
  /** @type {Int32Array | null} */
  let labels = null;
  let filled = 0;
  for await (const chunk of chunks()) {
    values.set(chunk.values, filled * width);
    if (chunk.labels) (labels ??= new Int32Array(length)).set(chunk.labels, filled);
    filled += chunk.values.length / width;
  }
  return { length: filled, shape, classNames, values, labels };
}

/** @param {any} data */
function described({ length, shape, classNames, values, labels }) {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0;
  // One NaN is as good as another.
  for (let i = 0; i < bits.length; i++)
    sum = (Math.imul(sum, 31) + (Number.isNaN(values[i]) ? 1 : (bits[i] ?? 0))) >>> 0;
  return JSON.stringify({ length, shape, classNames: classNames ?? [], sum, labels: labels && [...labels] });
}

process.send?.('ready');
