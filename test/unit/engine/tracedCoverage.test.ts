/** That a traced step is held against the eager one for every model: of the library, and of docs/own-models.md. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as library from '../../../kernel/autoencoders/index';
import { packageRoot } from '../../../kernel/engine/packageRoot';
import { describeTracedSteps, type Create } from './tracedIsEager';

const UNIT = path.join(packageRoot(), 'test', 'unit');

/** The tests that compare traced steps with eager ones, each with what it imports from its own folder. */
function comparisons(): string[] {
  const files = readdirSync(UNIT, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(UNIT, name));
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('describeTracedSteps(')) return [];
    const beside = [...text.matchAll(/from '(\.\/[^']+)'/g)].map(
      ([, name]) => `${path.join(path.dirname(file), name!)}.ts`,
    );
    return [text, ...beside.map((name) => readFileSync(name, 'utf8'))];
  });
}

describe('every model that the library exports', () => {
  const models = Object.entries(library).flatMap(([name, value]) =>
    typeof value === 'function' && value.prototype instanceof library.Model && value !== library.Autoencoder
      ? [name]
      : [],
  );

  it('is one of those whose traced steps are compared with eager ones', () => {
    const made = new Set(
      comparisons().flatMap((text) => [...text.matchAll(/\bnew (?:library\.)?(\w+)\(/g)].map(([, name]) => name!)),
    );
    expect(models).toContain('VAE');
    expect(models.filter((name) => !made.has(name))).toEqual([]);
  });
});

/** The page's code in its order, without what trains, saves and loads. */
function pageOfOwnModels(): string {
  const text = readFileSync(path.join(packageRoot(), 'docs', 'own-models.md'), 'utf8');
  const cells = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  const kept = cells.filter((code) => !code.includes('.load('));
  return kept.join('\n').replace(/^(import|\(?await) .*;$/gm, '');
}

/** The models of the page, by the names of its constants; each takes what all of them are given. */
function ownModels(): Record<string, Create> {
  const page = pageOfOwnModels().replace(/^(const \w+ = new [\w.]+\(\{)/gm, '$1 ...common,');
  const names = [...page.matchAll(/^const (\w+) = new /gm)].map(([, name]) => name!);
  const { code } = transformSync(page, { loader: 'ts' });
  const run = new Function('lab', 'tf', 'common', `${code}\nreturn { ${names.join(', ')} };`) as (
    ...given: unknown[]
  ) => Record<string, ReturnType<Create>>;
  return Object.fromEntries(names.map((name) => [name, (common) => run(library, tf, common)[name]!]));
}

/** Layers without names get new ones each time; layersModels.test.ts compares such a model. */
const OWN = Object.entries(ownModels()).filter(([name]) => name !== 'withLayers');

describe('models that users write', () => {
  describeTracedSteps(
    Object.fromEntries(OWN.map(([name, create]) => [`model \`${name}\` of docs/own-models.md`, create])),
    undefined,
    // Adam divides gradients that are nearly zero by themselves.
    [[5, { name: 'adam', epsilon: 1e-3, clipNorm: 1 }]],
  );
});
