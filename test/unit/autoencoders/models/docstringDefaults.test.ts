import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as library from '../../../../kernel/autoencoders/index';

const LIBRARY = join(import.meta.dirname, '../../../../kernel/autoencoders');
const image = { kind: 'image', height: 28, width: 28, channels: 1 } as const;

/** The least that each model's configuration needs. */
const MODELS: Record<string, object> = {
  DeterministicAutoencoder: { input: 8, latent: 2 },
  DenoisingAutoencoder: { input: 8, latent: 2, corruption: { corruption: 'masking', rate: 0.3 } },
  SparseAutoencoder: { input: 8, latent: 2 },
  KSparseAutoencoder: { input: 8 },
  ContractiveAutoencoder: { input: 8, latent: 2 },
  RegularizedAutoencoder: { input: 8, latent: 2 },
  AdversarialAutoencoder: { input: 8, latent: 2 },
  VAE: { input: 8, latent: 2 },
  IWAE: { input: 8, latent: 2 },
  BetaTCVAE: { input: 8, latent: 2, dataSize: 100 },
  FactorVAE: { input: 8, latent: 2 },
  InfoVAE: { input: 8, latent: 2 },
  VampPriorVAE: { input: 8, latent: 2 },
  ConditionalVAE: { input: 8, latent: 2, classes: 2 },
  ConvolutionalVAE: { input: image },
  VQVAE: { input: 8 },
  ConvolutionalVQVAE: { input: image },
  GridVQVAE: { input: 16, grid: [16] },
  VQVAE2: { input: image },
  LatentDiffusionAutoencoder: { input: image },
  VQLatentDiffusionAutoencoder: { input: image },
  HierarchicalVAE: { input: 8, latents: [2] },
  MHVAE: { input: 8, latents: [2] },
  LadderVAE: { input: 8, latents: [2, 1] },
  TDVAE: { input: 64, frames: 8 },
  ProbeClassifier: { input: image, classes: 2 },
  LatentFlow: { input: 4 },
};

interface Interface {
  extends: { name: string; picks: string[] | null; omits: string[] }[];
  /** What the docstring of each field says. */
  docs: Map<string, string>;
}

/** Every interface of the library's source, by name. */
const interfaces = new Map<string, Interface>();
for (const file of readdirSync(LIBRARY, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const source = ts.createSourceFile(file, readFileSync(join(LIBRARY, file), 'utf8'), ts.ScriptTarget.Latest, true);
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, interfaceOf(node, source));
  });
}

function interfaceOf(node: ts.InterfaceDeclaration, source: ts.SourceFile): Interface {
  const docs = new Map<string, string>();
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || !ts.isIdentifier(member.name)) continue;
    const comments = ts.getJSDocCommentsAndTags(member).map((comment) => comment.getText(source));
    docs.set(member.name.text, comments.join(' ').replaceAll(/\s*\n\s*\*?\s*/g, ' '));
  }
  const bases = node.heritageClauses?.flatMap(({ types }) => [...types]) ?? [];
  return { extends: bases.map((base) => baseOf(base, source)), docs };
}

function baseOf({ expression, typeArguments = [] as never }: ts.ExpressionWithTypeArguments, source: ts.SourceFile) {
  const name = expression.getText(source);
  const [of, fields] = typeArguments.map((argument) => argument.getText(source));
  const names = [...(fields ?? '').matchAll(/'(\w+)'/g)].map((match) => match[1]!);
  if (name === 'Pick') return { name: of!, picks: names, omits: [] };
  if (name === 'Omit') return { name: of!, picks: null, omits: names };
  return { name, picks: null, omits: [] };
}

/** Docstrings of all fields, a field's own before an inherited one. */
function docsOf(name: string): Map<string, string> {
  const { extends: bases, docs } = interfaces.get(name)!;
  const all = new Map<string, string>();
  for (const base of bases) {
    for (const [field, doc] of docsOf(base.name)) {
      if (base.picks?.includes(field) === false || base.omits.includes(field)) continue;
      all.set(field, doc);
    }
  }
  for (const [field, doc] of docs) all.set(field, doc);
  return all;
}

const LITERAL =
  /Defaults? (?:to )?(\[[^\]]*\]|`[^`]+`|-?(?:\d[\d,]*)?\.?\d+(?:e-?\d+)?|true|false|null|none)(?![\w·]| ·| for each)/;

/** What the text says that the default is; undefined if it says it in words. */
function statedDefault(doc: string): unknown {
  const [, text] = LITERAL.exec(doc) ?? [];
  if (text === undefined) return undefined;
  if (text === 'none') return null;
  if (text.startsWith('`')) return /^`\w+`$/.test(text) ? text.slice(1, -1) : undefined;
  return JSON.parse(text.startsWith('[') ? text : text.replaceAll(',', '').replace(/^(-?)\./, '$10.')) as unknown;
}

/** Where a VAE's configuration has what its short names stand for. */
const IN_PARTS: Record<string, (config: Record<string, unknown>) => unknown> = {
  hidden: ({ encoder }) => optionsOf(encoder)['hidden'],
  activation: ({ encoder }) => optionsOf(encoder)['activation'],
  initializer: ({ encoder }) => optionsOf(encoder)['initializer'],
  beta: ({ objective }) => optionsOf(objective)['beta'],
  draws: ({ objective }) => optionsOf(objective)['draws'],
  reduction: ({ objective }) => optionsOf(objective)['reduction'],
  divergence: ({ objective }) => optionsOf(objective)['divergence'],
};

function optionsOf(part: unknown): Record<string, unknown> {
  return ((part as { options?: Record<string, unknown> } | undefined)?.options ?? {}) as Record<string, unknown>;
}

describe('the defaults that docstrings name', () => {
  it.each(Object.keys(MODELS))('of a %s are those that it has', (name) => {
    const classes = library as unknown as Record<
      string,
      new (config: object) => { config: Record<string, unknown>; dispose(): void }
    >;
    const model = new classes[name]!(MODELS[name]!);
    const said: Record<string, unknown> = {};
    const found: Record<string, unknown> = {};
    for (const [field, doc] of docsOf(
      name === 'MHVAE' ? 'ChainConfig' : `${name === 'DeterministicAutoencoder' ? 'Deterministic' : name}Config`,
    )) {
      const stated = statedDefault(doc);
      if (stated === undefined || field in MODELS[name]!) continue;
      said[field] = stated;
      const value = model.config[field] ?? IN_PARTS[field]?.(model.config);
      // A name stands for itself and its parameters, and `null` for what is absent.
      const empty = Array.isArray(value) && value.length === 0 && stated === null;
      const held = empty
        ? null
        : typeof value === 'object' && value !== null && 'name' in value
          ? value.name
          : (value ?? null);
      found[field] = held ?? (field === 'sigma' ? stated : null);
    }
    expect(found).toEqual(said);
    expect(Object.keys(said).length).toBeGreaterThan(1);
    model.dispose();
  });

  it('are read from the text: a wrong one would be seen', () => {
    expect(statedDefault('/** Widths. Default [400, 200]. */')).toEqual([400, 200]);
    expect(statedDefault('/** Default `relu`. */')).toBe('relu');
    expect(statedDefault('/** Updates before. Default 1,000. */')).toBe(1000);
    expect(statedDefault('/** Default .2; 0: never. */')).toBe(0.2);
    expect(statedDefault('/** Default 1e-5. */')).toBe(1e-5);
    expect(statedDefault('/** Default .25 · d/D. */')).toBeUndefined();
    expect(docsOf('TDVAEConfig').get('hidden')).toContain('Default [200]');
  });

  it('are looked at for every model that has an interface of its configuration', () => {
    const configured = [...interfaces.keys()].flatMap((name) => /^(\w+)Config$/.exec(name)?.[1] ?? []);
    const models = configured.filter(
      (name) => name in library && typeof (library as Record<string, unknown>)[name] === 'function',
    );
    // Priors of codes and layers, which take no configuration of a model.
    const elsewhere = ['PixelCNN', 'PixelSNAIL', 'SoftmaxRegression', 'VectorQuantizer', 'FiniteScalarQuantizer', 'LookupFreeQuantizer']; // prettier-ignore
    expect(models.filter((name) => !(name in MODELS) && !elsewhere.includes(name))).toEqual([]);
  });
});
