import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { checkCell, declaredTypes, displayFormulas } from '../../../../kernel/notebook/equationChecks/index';
import { parseNotebook } from '../../../../kernel/notebook/read';
import { joined } from '../../../../kernel/notebook/format';
import * as library from '../../../../kernel/autoencoders/index';

const ROOT = path.resolve(import.meta.dirname, '../../../..');

/** Every display formula of the samples. */
function formulasOfSamples(): string[] {
  const folder = path.join(ROOT, 'samples');
  const notebooks = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  return notebooks.flatMap((name) =>
    parseNotebook(readFileSync(path.join(folder, name), 'utf8'), name)
      .notebook.cells.filter((cell) => cell.cell_type === 'markdown')
      .flatMap((cell) => displayFormulas(joined(cell.source)).map(({ tex }) => tex)),
  );
}

interface Row {
  left: number | library.Estimate;
  right: number | library.Estimate;
  options: library.CompareOptions & { equation?: string };
}

type Side = number | library.Estimate | ((seed: number) => number | library.Estimate | Promise<library.Estimate>);

/** What holds the sides against each other; the equation is a name. */
function comparisonOf(options: Row['options']): library.CompareOptions {
  const comparison = { ...options };
  delete comparison.equation;
  return comparison;
}

/** Runs a written cell with the real library, and a `check` that keeps both sides. */
async function run(code: string): Promise<Row[]> {
  const rows: Row[] = [];
  const valueOf = async (side: Side) => (typeof side === 'function' ? side(1) : side);
  const add = async (_identity: string, left: Side, right: Side, options = {}) => {
    rows.push({ left: await valueOf(left), right: await valueOf(right), options });
  };
  const check = async (title: string, first: unknown, right: Side, options?: object) => {
    if (!Array.isArray(first)) return add(title, first as Side, right, options);
    for (const row of first as [string, Side, Side, object?][]) await add(...row);
  };
  const { outputText } = ts.transpileModule(code.replace(/^import .*$/m, ''), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const names = { ...library, check };
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>;
  await new AsyncFunction(...Object.keys(names), outputText)(...Object.values(names));
  return rows;
}

const cellOf = (tex: string) => checkCell(tex, new Map());

describe('a formula whose parts are quantities of the library', () => {
  it.each([
    ['the bound and its gap', String.raw`\log p(x) = \mathcal L(q) + \mathrm{KL}(q(z)\,\|\,p(z|x))`],
    [
      'a chain of equalities, and Jensen’s inequality',
      String.raw`\log p(x) = \log \int q(z) \frac{p(x, z)}{q(z)} dz \ge \mathbb E_q\!\left[\log \frac{p(x, z)}{q(z)}\right] = \mathcal L(q)`,
    ],
    [
      'aligned lines, and expectations without brackets',
      String.raw`\begin{aligned} \log p_\theta(\mathbf x) &\geq \log p_\theta(\mathbf x) - D_\text{KL}(q_\phi(\mathbf z|\mathbf x)\|p_\theta(\mathbf z|\mathbf x)) \\ &= \mathbb{E}_{\mathbf z\sim q_\phi(\mathbf z|\mathbf x)} \log p_\theta(\mathbf x|\mathbf z) - D_\text{KL}(q_\phi(\mathbf z|\mathbf x)\|p_\theta(\mathbf z)) \end{aligned}`,
    ],
    [
      'a divergence in closed form, by a sum over an index',
      String.raw`\mathrm{KL}(q(z|x)\,\|\,p(z)) = \tfrac12 \sum_{j=1}^k \left(\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2\right)`,
    ],
    ['a density of one dimension', String.raw`\log q(z) = -\tfrac12 \log 2\pi\sigma^2 - \frac{(z - \mu)^2}{2\sigma^2}`],
    ['an entropy', String.raw`H(q) = -\mathbb E_{q(z)}[\log q(z)]`],
    ['mutual information', String.raw`I(x; z) = \mathbb E_{p(x)}[\mathrm{KL}(p(z|x)\,\|\,p(z))]`],
    ['densities themselves', String.raw`p(x, z) = p(z)\,p(x|z), \qquad p(x) = \int p(x|z)\,p(z)\,dz`],
  ])('is written as a check that holds: %s', async (_name, tex) => {
    const { code, understood } = cellOf(tex);
    expect(understood).toBe('all');
    expect(code).not.toContain('todo(');
    const rows = await run(code);
    expect(rows.length).toBeGreaterThan(0);
    for (const { left, right, options } of rows) {
      expect(library.compare(left, right, comparisonOf(options)), code).toMatchObject({ ok: true });
    }
  });

  it.each([
    ['a sign', String.raw`\log p(x) = \mathcal L(q) - \mathrm{KL}(q(z)\,\|\,p(z|x))`],
    ['a factor', String.raw`\mathrm{KL}(q(z|x)\,\|\,p(z)) = \sum_{j=1}^k (\mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2)`],
    ['the order of a divergence', String.raw`\log p(x) = \mathcal L(q) + \mathrm{KL}(p(z|x)\,\|\,q(z))`],
    ['the direction of a bound', String.raw`\log p(x) \le \mathcal L(q)`],
  ])('is written as a check that fails where %s is wrong', async (_name, tex) => {
    const rows = await run(cellOf(tex).code);
    const verdicts = rows.map(({ left, right, options }) => library.compare(left, right, comparisonOf(options)).ok);
    expect(verdicts).toContain(false);
  });

  it('becomes both unbiased estimators of a gradient', async () => {
    const { code } = cellOf(String.raw`\nabla_\mu \mathbb E_{q}[f(z)] = \mathbb E_q[f(z)\, \nabla_\mu \log q(z)]`);
    // f(z) = z² has the gradient 2 μ.
    const rows = await run(
      code
        .replace(/= \(\) => todo\('the function f'\)/, '= (z) => z.square()')
        .replace(/todo\('μ, a number'\)/, '0.7')
        .replace(/todo\('σ, a number'\)/, '0.5'),
    );
    for (const side of [rows[0]!.left, rows[0]!.right]) {
      expect(library.compare(side, 1.4).ok).toBe(true);
    }
  });
});

describe('a formula that is understood in part', () => {
  it('says which part is not, and why, and asks for it when it runs', async () => {
    const { code, understood } = cellOf(String.raw`\mathbb E_n\,\mathrm{KL} = I_q(z; n) + \mathrm{TC}`);
    expect(understood).not.toBe('all');
    expect(code).toMatch(/\/\/ .*total correlation/s);
    await expect(run(code)).rejects.toThrow(/Fill in/);
  });

  it('asks for what a definition does not give', () => {
    const { code } = cellOf(String.raw`F := \beta\,\mathrm{KL}(q(z|x)\,\|\,p(z))`);
    expect(code).toContain('F is defined by the other side');
    expect(code).toContain("const beta: number = todo('β, a number');");
    expect(code).toContain('() => beta * q.kl(model.prior)');
  });

  it('says of a statement that no number decides it', () => {
    expect(cellOf(String.raw`z \sim q(z|x)`).code).toMatch(/says how it is drawn/);
    expect(cellOf(String.raw`N \leftarrow \gamma N + n`).code).toMatch(/is an assignment/);
    expect(cellOf('x^2 + 1').code).toMatch(/It has no relation/);
    expect(cellOf(String.raw`\frac{a}{`).code).toMatch(/KaTeX cannot read/);
  });
});

describe('a written cell', () => {
  it('names its equation by the label', () => {
    const { code } = cellOf(String.raw`\log p(x) \ge \mathcal L(q) \label{eq:elbo}`);
    expect(code).toContain("equation: 'eq:elbo'");
    expect(code).not.toContain('\\label');
  });

  it('uses what cells above have, and takes no name that means something else', async () => {
    const tex = String.raw`\log p(x) \ge \mathcal L(q)`;
    const first = cellOf(tex).code;
    const again = checkCell(tex, await declaredTypes([first])).code;
    expect(again).not.toMatch(/const (model|x|q)\b/);
    const taken = checkCell(tex, await declaredTypes(['const x = await loadData("x.csv"); const q = 3;'])).code;
    expect(taken).toMatch(/const x2: number\[\] = /);
    expect(taken).toMatch(/const q2 = new MultivariateGaussian/);
    expect(taken).toContain('evidenceLowerBound(x2, q2)');
  });

  const folder = mkdtempSync(path.join(ROOT, 'test', 'artifacts-cells-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles with types, of every display formula of the samples', () => {
    const formulas = formulasOfSamples();
    expect(formulas.length).toBeGreaterThan(100);
    const files = formulas.map((tex, i) => {
      const file = path.join(folder, `cell${i}.ts`);
      writeFileSync(file, `${cellOf(tex).code}\nexport {};\n`);
      return file;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      paths: { latentlab: [path.join(ROOT, 'dist', 'types', 'session', 'latentlab.d.ts')] },
    });
    const problems = files.flatMap((file) => {
      const source = program.getSourceFile(file)!;
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
        ({ messageText }) => `${path.basename(file)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
    expect(problems).toEqual([]);
  });
});
