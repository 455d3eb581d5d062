/** The code that "Train VAE on Selection" writes: plain, short, and the user's to change. */

/** Where the data comes from. */
export interface DataSource {
  /** A TypeScript expression for the data; `await` is allowed. */
  expression: string;
  /** Functions of `latentlab` that the expression calls. */
  imports: string[];
  /** The expression is the data itself, and long: it gets a cell of its own, above the training. */
  verbatim?: boolean;
  /** The expression is a call of a reader, which takes options behind its argument. */
  reads?: boolean;
  /** What a reader calls it, for the first line. */
  description: string;
}

/** What a kernel found the expression to be; see {@link probeCode}. */
export interface DataFacts {
  samples: number;
  width: number;
  image: boolean;
  /** Smallest and largest value. */
  low: number;
  high: number;
}

/** What a kernel found where no column of a table is plainly its class: names of the columns of text and of numbers. */
export interface ColumnChoice {
  texts: string[];
  numbers: string[];
}

/** The same source, read with this column as the class; undefined: none is. Other columns of text are left out. */
export function withClass(source: DataSource, label: string | undefined, { texts, numbers }: ColumnChoice): DataSource {
  const told = label === undefined ? [] : [`label: ${JSON.stringify(label)}`];
  const others = texts.some((text) => text !== label);
  const kept = numbers.filter((column) => column !== label).map((column) => JSON.stringify(column));
  const options = [...told, ...(others ? [`columns: [${kept.join(', ')}]`] : [])];
  return { ...source, expression: source.expression.replace(/\)$/, `, { ${options.join(', ')} })`) };
}

/** A VAE on fewer samples than this shows nothing. */
export const FEWEST_SAMPLES = 10;

/** Steps that a small VAE needs until its curves are flat, about. */
const STEPS = 1500;
const BATCH = 128;

/** A cell that shows {@link DataFacts} or a {@link ColumnChoice} as JSON, or fails with the reason why the expression is no data. */
export function probeCode({ expression, imports }: DataSource): string {
  const names = ['Dataset', ...imports].join(', ');
  return `{
  let $probe, $facts;
  try {
    $probe = await (async ({ ${names} }) => Dataset.from(${expression}).checked())(await import('latentlab'));
  } catch ($error) {
    if (!$error?.choice?.texts) throw $error;
    $facts = $error.choice;
  }
  if ($probe) {
    let $low = Infinity, $high = -Infinity;
    for (const $value of $probe.values) { $low = Math.min($low, $value); $high = Math.max($high, $value); }
    const $image = $probe.shape.kind === 'image';
    $facts = { samples: $probe.length, width: $probe.width, image: $image, low: $low, high: $high };
  }
  await display({ [Symbol.for('Jupyter.display')]: () => ({ 'application/json': $facts }) });
}`;
}

/** @returns why nothing can be trained on such data, or undefined */
export function refusal({ samples, width, low, high }: DataFacts): string | undefined {
  if (samples < FEWEST_SAMPLES) {
    return `it holds ${samples} sample${samples === 1 ? '' : 's'} of ${width} value${width === 1 ? '' : 's'}; a VAE needs at least ${FEWEST_SAMPLES}`;
  }
  if (width < 2) return 'its samples have one value each; a VAE needs at least 2';
  if (low === high) return `all of its values are ${low}`;
  return undefined;
}

/** The cells to write: the training, below the data where that is verbatim. */
export function trainingCells(source: DataSource, facts: DataFacts): string[] {
  if (!source.verbatim) return [trainingCode(source, facts)];
  const data = `import { ${source.imports.join(', ')} } from 'latentlab';

const selected = ${source.expression};`;
  return [data, trainingCode({ ...source, expression: 'selected', imports: [] }, facts)];
}

/** A cell that trains a VAE on the data and shows losses, latent space and reconstructions. */
export function trainingCode(source: DataSource, facts: DataFacts): string {
  const bernoulli = facts.image && facts.low >= 0 && facts.high <= 1;
  const names = ['Dataset', ...source.imports, 'VAE', 'latentScatter', 'linearWarmup', 'reconstructions'];
  const heldOut = Math.max(2, Math.round(facts.samples * 0.1));
  const train = facts.samples - heldOut;
  const batchSize = Math.min(BATCH, Math.max(8, 2 ** Math.floor(Math.log2(train / 4))));
  const stepsPerEpoch = Math.ceil(train / batchSize);
  const epochs = Math.min(300, Math.max(5, Math.round(STEPS / stepsPerEpoch)));
  const hidden = facts.width >= 200 ? [400, 200] : [64, 32];
  const warmup = Math.round((epochs * stepsPerEpoch) / 5);
  const data = `Dataset.from(${source.expression})`;
  const split = bernoulli
    ? `const [train, heldOut] = ${data}.split(${heldOut}, { seed: 1 });`
    : `const [part, rest] = ${data}.split(${heldOut}, { seed: 1 });
const train = part.standardized();
const heldOut = rest.standardized(train.standardization);`;
  return `// A VAE with two latents on ${source.description}: ${facts.samples} samples of ${facts.width} values.
import { ${names.sort((a, b) => a.localeCompare(b)).join(', ')} } from 'latentlab';

${split}

const vae = new VAE({
  input: train.shape,
  latent: 2,
  hidden: [${hidden.join(', ')}],
  likelihood: '${bernoulli ? 'bernoulli' : 'gaussian'}',
  beta: linearWarmup(${warmup}),
  seed: 1,
});
await vae.fit(train, { epochs: ${epochs}, batchSize: ${batchSize}, validation: heldOut });

await display(await latentScatter(vae, train));
await display(await reconstructions(vae, heldOut));`;
}

/**
 * The data of a whole cell: the expression that it ends with, or the variable that its last statement declares.
 *
 * @returns undefined when the cell ends with neither
 */
export async function lastValueOf(code: string): Promise<string | undefined> {
  const { default: ts } = await import('typescript');
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.ESNext, true);
  const last = file.statements.at(-1);
  if (!last) return undefined;
  if (ts.isExpressionStatement(last)) return last.expression.getText(file);
  if (!ts.isVariableStatement(last)) return undefined;
  const name = last.declarationList.declarations.at(-1)?.name;
  return name && ts.isIdentifier(name) ? name.text : undefined;
}

/** Text as a template literal: what it holds stays readable. */
export function templateLiteral(text: string): string {
  return `\`${text.replace(/[`\\]|\$\{/g, '\\$&')}\``;
}
