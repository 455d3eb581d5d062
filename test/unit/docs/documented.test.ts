import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { readApi, type Documented } from './api';

const api = readApi();

/** Names that say all there is to say of a field. */
const SAYS_ALL =
  /\.(name|title|seed|shape|kind|dispose|classNames|toString|schedule|from|to|inputShape|latentDimensions|width|count|trainingAccuracy|logits)$/;

const names = (found: readonly Documented[]) => found.map(({ name }) => name);

describe('what cells import', () => {
  it('is found at all', () => {
    expect(names(api.exports)).toEqual(expect.arrayContaining(['VAE', 'check', 'lossCurves', 'FitOptions', 'todo']));
    expect(names(api.members)).toEqual(
      expect.arrayContaining(['VAE.posterior', 'FitOptions.epochs', 'GaussianMixture.fit']),
    );
  });

  it('has a docstring, every export of it', () => {
    expect(names(api.exports.filter(({ text }) => text === ''))).toEqual([]);
  });

  it('has a docstring for every public method and field whose name does not say all', () => {
    expect(names(api.members.filter(({ name, text }) => text === '' && !SAYS_ALL.test(name)))).toEqual([]);
  });

  it('tells of no parameter that is not there', () => {
    const wrong = [...api.exports, ...api.members].flatMap(({ name, symbol, told }) => {
      const known = parametersOf(symbol);
      return known ? told.filter((one) => one !== '' && !known.has(one)).map((one) => `${name}(${one})`) : [];
    });
    expect(wrong).toEqual([]);
  });
});

/** Names of all parameters, of all overloads; a class's are its constructor's. Nothing where one has no name. */
function parametersOf({ declarations = [], members }: ts.Symbol): Set<string> | undefined {
  const all = [...declarations, ...(members?.get(ts.InternalSymbolName.Constructor)?.declarations ?? [])];
  const signatures = all.flatMap((one) => (ts.isFunctionLike(one) ? [one] : []));
  if (signatures.length === 0) return undefined;
  const found = new Set<string>();
  for (const { parameters } of signatures) {
    for (const { name } of parameters) {
      // `{ a, b }: Options` is called what its docstring calls it.
      if (!ts.isIdentifier(name)) return undefined;
      found.add(name.text);
    }
  }
  return found;
}
