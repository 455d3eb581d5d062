/** The code that "Train VAE on Selection" writes: plain, short, and the user's to change. */
import type { Names } from './names';
import type { Plan } from './plan';
import { readingOf, type DataSource, type Reading } from './source';

/** The cells to write: the training, below the data where these are text. */
export function trainingCells(source: DataSource, plan: Plan, names: Names): string[] {
  const reading = readingOf(source, plan);
  if (source.kind !== 'text') return [trainingCode(source, plan, names, reading)];
  const data = `import { ${reading.imports.join(', ')} } from 'latentlab';

const ${names.data} = ${reading.expression};`;
  return [data, trainingCode(source, plan, names)];
}

/** A cell that trains the model on the data and shows what it has learned. */
function trainingCode({ description }: DataSource, plan: Plan, names: Names, reading?: Reading): string {
  const { family } = plan;
  const { data, train, validation, model, history, result } = names;
  const built = modelOf(plan, names);
  const views = family === 'vae' ? ['latentScatter', 'reconstructions'] : ['codebookHistogram', 'reconstructions'];
  const imports = [...new Set([...(reading?.imports ?? []), ...built.imports, ...views])];
  const read = reading ? [...reading.before, `const ${data} = ${reading.expression};`] : [];
  return `// ${titleOf(plan)} on ${description}: ${samplesText(plan)}.
import { ${imports.sort((a, b) => a.localeCompare(b)).join(', ')} } from 'latentlab';

${[...read, ...splitOf(plan, names)].join('\n')}

const ${model} = ${built.expression};
const ${history} = await ${model}.fit(${train}, {
  epochs: ${plan.epochs},
  batchSize: ${plan.batchSize},
  learningRate: ${family === 'vqvae' && plan.network.value === 'convolutional' ? '3e-4' : '1e-3'},
  ${validation === 'validation' ? validation : `validation: ${validation}`},
});
// If you stop the training above, ${result} stays the model of the last complete run.
const ${result} = ${model};

await display(await ${views[0]}(${result}, ${train}));
await display(await ${views[1]}(${result}, ${validation}));`;
}

/** A part for training and one that is held out, both scaled as the first is. */
function splitOf(plan: Plan, names: Names): string[] {
  const { train, validation, part, rest, whole, data } = names;
  const from = plan.missing === 'leaveOut' ? whole : data;
  // How many samples lack nothing is known when they are read, as is the length of a file whose start alone was read.
  const isCounted = from === data && (plan.survey.exact || !plan.isAll);
  const count = isCounted ? String(plan.heldOut) : `Math.round(0.1 * ${from}.length)`;
  const split = `${from}.split(${count}, { seed: 1 })`;
  const parts = plan.standardized
    ? [
        `const [${part}, ${rest}] = ${split};`,
        `const ${train} = ${part}.standardized();`,
        `const ${validation} = ${rest}.standardized(${train}.standardization);`,
      ]
    : [`const [${train}, ${validation}] = ${split};`];
  return from === whole ? [`const ${whole} = ${data}.withoutMissing();`, ...parts] : parts;
}

/** The model with the options that a researcher would name. */
export function modelOf(plan: Plan, { train }: Pick<Names, 'train'>): { expression: string; imports: string[] } {
  const { family, network, latent, codes, codeDimension, positions, hidden, likelihood, missing, warmup } = plan;
  const isConvolutional = network.value === 'convolutional';
  const names = { vae: ['VAE', 'ConvolutionalVAE'], vqvae: ['VQVAE', 'ConvolutionalVQVAE'] }[family];
  const name = names[isConvolutional ? 1 : 0]!;
  const fields =
    family === 'vae'
      ? [
          `latent: ${latent.value}`,
          isConvolutional ? 'channels: [32, 64]' : `hidden: [${hidden.join(', ')}]`,
          `likelihood: '${likelihood.value}'`,
          ...(missing === 'keep' ? ['missing: true'] : []),
          `beta: linearWarmup(${warmup})`,
        ]
      : [
          ...(isConvolutional ? ['channels: 64'] : [`hidden: [${hidden.join(', ')}]`, `positions: ${positions}`]),
          `codebookSize: ${codes.value}`,
          `codeDimension: ${codeDimension}`,
          ...(missing === 'keep' ? ['missing: true'] : []),
        ];
  const lines = [`input: ${train}.shape`, ...fields, 'seed: 1'].map((field) => `  ${field},`);
  return {
    expression: `new ${name}({\n${lines.join('\n')}\n})`,
    imports: [name, ...(family === 'vae' ? ['linearWarmup'] : [])],
  };
}

function titleOf({ family, latent, codes }: Plan): string {
  if (family === 'vqvae') return `A VQ-VAE with a codebook of ${codes.value}`;
  return `A VAE with ${latent.value === 1 ? 'one latent' : `${latent.value === 2 ? 'two' : latent.value} latents`}`;
}

function samplesText({ survey, samples, isAll, shape, columns, label }: Plan): string {
  const about = survey.exact ? '' : 'about ';
  const count = isAll ? `${about}${samples}` : `the first ${samples} of ${about}${survey.rows}`;
  const sample = columns
    ? `${shape[0]} column${shape[0] === 1 ? '' : 's'}`
    : shape.length === 1
      ? `${shape[0]} values`
      : shape.join(' × ');
  return `${count} samples of ${sample}${label === null ? '' : `, the class in “${label}”`}`;
}
