/** What a written cell declares before its check: imports, a model and points, and what the reader has to give. */
import { HELPERS, type Inputs } from './inputs';
import { comment, literal } from './layout';
import { spoken } from './names';

type Namer = (wanted: string, type: string) => string;

/** @param check the code that follows, which uses the library too */
export function declarations(
  inputs: Inputs,
  declared: ReadonlyMap<string, string>,
  name: Namer,
  check: string,
): string[] {
  const groups = [givenValues(inputs, declared, name), asked(inputs, declared), helpers(inputs, declared, name)];
  const code = groups.filter((lines) => lines.length > 0);
  const used = ['todo', 'MultivariateGaussian', 'LinearGaussianModel', 'VAE', 'propagate', 'tf'];
  const text = [...code.flat(), check].join('\n');
  const library = new Set([...inputs.library, ...used.filter((one) => new RegExp(`\\b${one}\\b`).test(text))]);
  return [`import { ${IMPORT_PLACE} } from 'latentlab';`, ...code.flatMap((lines) => ['', ...lines])].map((line) =>
    line.replace(IMPORT_PLACE, [...library].sort(byName).join(', ')),
  );
}

const IMPORT_PLACE = '…';

const byName = (a: string, b: string) => a.localeCompare(b, 'en');

// --- values that can be given ---------------------------------------------------------------------------------------

function givenValues(inputs: Inputs, declared: ReadonlyMap<string, string>, name: Namer): string[] {
  const { given, scalars, arrays } = inputs;
  const lines: string[] = [];
  const [mu, sigma] = ['mu', 'sigma'];
  const isScalar = scalars.has(mu) && scalars.has(sigma);
  const isDiagonal = arrays.has(mu) && arrays.has(sigma);
  const isNew = (called: string) => !declared.has(called);
  if (given.has('model') && isNew(name('model', 'model'))) {
    lines.push(
      '// A model with closed forms for all densities. Put your own model here.',
      `const ${name('model', 'model')} = await LinearGaussianModel.of(`,
      `  new VAE({ input: 3, latent: ${isScalar ? 1 : 2}, hidden: [], likelihood: 'gaussian', sigma: 0.5, seed: 1 }),`,
      ');',
    );
  }
  const values: [string, string, string][] = [
    ['x', '[0.4, -0.2, 0.7]', 'a sample'],
    ['z', isScalar ? '[0.3]' : '[0.3, -0.8]', 'a point of the latent space'],
  ];
  for (const [one, value, what] of values) {
    if (!given.has(one as 'x') || !isNew(name(one, one))) continue;
    lines.push(`const ${name(one, one)}: number[] = ${value}; // ${what}`);
  }
  if (given.has('q') && (isScalar || isDiagonal)) {
    if (isNew(mu)) lines.push(isScalar ? `const ${mu}: number = 0.3;` : `const ${mu}: number[] = [0.3, -0.8];`);
    if (isNew(sigma)) lines.push(isScalar ? `const ${sigma}: number = 0.8;` : `const ${sigma}: number[] = [0.5, 1.2];`);
    for (const one of [mu, sigma]) {
      scalars.delete(one);
      arrays.delete(one);
    }
  }
  const q = name('q', 'q');
  if (given.has('q') && isNew(q)) {
    if (isScalar) lines.push(`const ${q} = new MultivariateGaussian([${mu}], [[${sigma} ** 2]]);`);
    else if (isDiagonal) {
      lines.push(`const ${q} = new MultivariateGaussian(`, `  ${mu},`);
      lines.push(`  ${sigma}.map((s, i) => ${sigma}.map((_, j) => (i === j ? s ** 2 : 0))),`, ');');
    } else lines.push(`const ${q} = new MultivariateGaussian([0.3, -0.2], [[0.5, 0.1], [0.1, 0.8]]);`);
  }
  const p = name('p', 'p');
  if (given.has('p') && isNew(p)) {
    lines.push(
      isScalar
        ? `const ${p} = new MultivariateGaussian([0], [[1]]);`
        : `const ${p} = new MultivariateGaussian([0, 0.5], [[1, 0], [0, 1]]);`,
    );
  }
  return lines;
}

// --- what the reader has to give ------------------------------------------------------------------------------------

function asked({ scalars, arrays, functions, stubs }: Inputs, declared: ReadonlyMap<string, string>): string[] {
  const lines: string[] = [];
  const isNew = (called: string) => !declared.has(called);
  const defined: string[] = [];
  for (const [called, { name, rank }] of arrays) {
    if (!isNew(called)) continue;
    const type = `number${'[]'.repeat(rank)}`;
    lines.push(`const ${called}: ${type} = todo(${literal(`${spoken(name)}: ${type}`)});`);
  }
  for (const [called, { name, definition }] of scalars) {
    if (!isNew(called)) continue;
    if (definition !== undefined) defined.push(`const ${called} = ${definition};`);
    else lines.push(`const ${called}: number = todo(${literal(`${spoken(name)}, a number`)});`);
  }
  for (const [called, { name, type }] of functions) {
    if (isNew(called)) lines.push(`const ${called}: ${type} = () => todo(${literal(`the function ${spoken(name)}`)});`);
  }
  for (const [called, { tex, why }] of stubs) {
    lines.push(`const ${called} = (): number => todo(${literal(tex === '' ? why : tex)});`);
  }
  const head = lines.length > 0 ? [comment('Fill these in: until then, running the cell says what is missing.')] : [];
  return [...head, ...lines, ...defined];
}

function helpers({ helpers: wanted }: Inputs, declared: ReadonlyMap<string, string>, name: Namer): string[] {
  return [...wanted].flatMap((helper) => {
    const called = name(`${helper}Over`, HELPERS[helper]);
    if (declared.has(called)) return [];
    const [start, sign] = helper === 'sum' ? ['0', '+'] : ['1', '*'];
    return [
      `const ${called} = (from: number, to: number, term: (index: number) => number): number =>`,
      '  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => term(from + i)).reduce(',
      `    (total, value) => total ${sign} value,`,
      `    ${start},`,
      '  );',
    ];
  });
}
