/** Overrides of a notebook's parameters, by papermill's convention: a cell behind the one that declares them. */
import { isCode, joined, tags } from '../format';
import type { CodeCell, Notebook } from '../format';
import { NotebookError } from '../read';
import { declaredParameters } from './declared';
import type { DeclaredParameter } from './declared';
import { checkParameters, givenText, valueFrom } from './given';
import type { DeclaredAt } from './given';
import { injectedSource, PARAMETERS_TAG, SEED } from './overriding';
import { injectSource } from './source';
import type { ParameterValue } from './types';

/** What a notebook is without its parameters cell. */
const HOW_TO_TAG =
  'tag the one that declares them: in VS Code “LatentLab: Mark Cell as Parameters”, in the file "tags": ["parameters"] in its metadata, in Markdown ```ts tags=["parameters"]';

/**
 * The parameters that the notebook declares; none where no cell is tagged.
 *
 * @param path names the notebook in errors
 * @throws NotebookError for several cells that are tagged
 */
export function parametersOf(notebook: Notebook, path: string): DeclaredParameter[] {
  const cell = parametersCell(notebook, path);
  return cell ? declaredParameters(joined(cell.source)) : [];
}

/** @throws NotebookError where there are values and no cell is tagged */
export function requireParameters(notebook: Notebook, path: string): DeclaredParameter[] {
  if (!parametersCell(notebook, path)) {
    throw new NotebookError(
      `${path} has no cell tagged "${PARAMETERS_TAG}", so no parameter can be given; ${HOW_TO_TAG}`,
    );
  }
  return parametersOf(notebook, path);
}

/** Where it declares them; a notebook without a parameters cell has nowhere to name. */
export function declaredAt(notebook: Notebook, path: string): DeclaredAt {
  const cell = parametersCell(notebook, path);
  const number = cell && notebook.cells.filter(isCode).indexOf(cell) + 1;
  return { notebook: path, cell: `cell ${number ?? ''} (tagged "${PARAMETERS_TAG}")` };
}

function parametersCell(notebook: Notebook, path: string): CodeCell | undefined {
  const codeCells = notebook.cells.filter(isCode);
  const tagged = codeCells.filter((cell) => tags(cell).includes(PARAMETERS_TAG));
  if (tagged.length > 1) {
    const names = tagged.map((cell) => `cell ${codeCells.indexOf(cell) + 1}`).join(' and ');
    throw new NotebookError(`${path} has ${tagged.length} cells tagged "${PARAMETERS_TAG}" (${names}); one is allowed`);
  }
  return tagged[0];
}

/**
 * Overrides parameters of the notebook, in place: values that an earlier injected cell has are gone.
 *
 * @throws NotebookError naming the parameter, what was found and what is allowed; the notebook is then unchanged
 */
export function injectParameters(
  notebook: Notebook,
  path: string,
  values: Readonly<Record<string, ParameterValue>>,
): void {
  if (Object.keys(values).length === 0) return;
  const declared = requireParameters(notebook, path);
  checkParameters(values, declared, declaredAt(notebook, path));
  injectSource(notebook, injectedSource(values, declared));
}

/**
 * Overrides parameters of the notebook, in place, by what a command line says.
 *
 * @param texts each `name=value`; `seed=3` needs no parameter of that name
 * @param seed what else was said of it
 * @returns the default seed of the run
 * @throws NotebookError naming the parameter, what was found and what is allowed
 */
export function overrideByTexts(
  notebook: Notebook,
  path: string,
  texts: readonly string[],
  seed?: number,
): number | undefined {
  const given = texts.map(givenText);
  const twice = given.find(({ name }, i) => given.findIndex((one) => one.name === name) !== i);
  if (twice) throw new NotebookError(`-p ${twice.name} is given twice; give one value`);
  const isDeclared = parametersOf(notebook, path).some(({ name }) => name === SEED);
  const seedText = given.find(({ name }) => name === SEED);
  const own = seedText ? seedFrom(seedText.text) : undefined;
  if (own !== undefined && seed !== undefined && own !== seed) {
    throw new NotebookError(`--seed ${seed} and -p seed=${own} differ; give one of them`);
  }
  const others = given.filter(({ name }) => name !== SEED || isDeclared);
  const declared = others.length > 0 ? requireParameters(notebook, path) : [];
  const values = others.map((one) => [one.name, valueFrom(one, declared, declaredAt(notebook, path))] as const);
  injectParameters(notebook, path, Object.fromEntries(values));
  return own ?? seed;
}

function seedFrom(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed)) {
    throw new NotebookError(`-p seed is a whole number; found "${text}"`);
  }
  return seed;
}
