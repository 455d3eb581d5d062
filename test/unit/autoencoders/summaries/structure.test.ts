import { mkdirSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import * as l from '../../../../kernel/autoencoders/index';
import { structureOf, type Structure } from '../../../../kernel/autoencoders/summaries/structure/index';
import { diagram, diagramSvg } from '../../../../kernel/views/index';

const image = { kind: 'image', height: 12, width: 12, channels: 1 } as const;
const small = { kind: 'image', height: 16, width: 16, channels: 3 } as const;

/** Every model of the library. */
const MODELS: Record<string, () => { parameters: Readonly<Record<string, tf.Variable>>; dispose(): void }> = {
  DeterministicAutoencoder: () => new l.DeterministicAutoencoder({ input: image, latent: 8 }),
  SparseAutoencoder: () => new l.SparseAutoencoder({ input: image, latent: 64 } as never),
  KSparseAutoencoder: () => new l.KSparseAutoencoder({ input: image, units: 40, active: 5 } as never),
  DenoisingAutoencoder: () => new l.DenoisingAutoencoder({ input: image, latent: 8 } as never),
  ContractiveAutoencoder: () => new l.ContractiveAutoencoder({ input: image, latent: 8 } as never),
  RegularizedAutoencoder: () => new l.RegularizedAutoencoder({ input: image, latent: 8 } as never),
  VAE: () => new l.VAE({ input: image, latent: 4, beta: 4 }),
  ConditionalVAE: () => new l.ConditionalVAE({ input: image, latent: 4, classes: 10 }),
  ConvolutionalVAE: () => new l.ConvolutionalVAE({ input: image, latent: 4 } as never),
  IWAE: () => new l.IWAE({ input: image, latent: 4, draws: 5 }),
  BetaTCVAE: () => new l.BetaTCVAE({ input: image, latent: 4 } as never),
  FactorVAE: () => new l.FactorVAE({ input: image, latent: 4 } as never),
  InfoVAE: () => new l.InfoVAE({ input: image, latent: 4 } as never),
  VampPriorVAE: () => new l.VampPriorVAE({ input: image, latent: 4 } as never),
  'VAE of a mixture': () => new l.VAE({ input: image, latent: 4, prior: 'gaussianMixture' }),
  MHVAE: () => new l.MHVAE({ input: image, latents: [8, 4, 2] } as never),
  LadderVAE: () => new l.LadderVAE({ input: image, latents: [8, 4] } as never),
  TDVAE: () => new l.TDVAE({ input: 60, frames: 10, latent: 4, belief: 16, jumps: [1, 4] } as never),
  VQVAE: () => new l.VQVAE({ input: image, positions: 4, codebookSize: 16, codeDimension: 4 }),
  'VQVAE of levels': () => new l.VQVAE({ input: image, positions: 4, quantizer: { kind: 'finiteScalar', levels: [4, 3] } } as never), // prettier-ignore
  ConvolutionalVQVAE: () => new l.ConvolutionalVQVAE({ input: image, codebookSize: 16 } as never),
  GridVQVAE: () => new l.GridVQVAE({ input: image, codebookSize: 16, grid: [12, 12] } as never),
  VQVAE2: () => new l.VQVAE2({ input: { ...small, height: 32, width: 32 }, codebookSize: 16 } as never),
  AdversarialAutoencoder: () => new l.AdversarialAutoencoder({ input: image, latent: 2 } as never),
  LatentDiffusionAutoencoder: () => new l.LatentDiffusionAutoencoder({ input: small, channels: [8, 8], latentChannels: 3 } as never), // prettier-ignore
  VQLatentDiffusionAutoencoder: () => new l.VQLatentDiffusionAutoencoder({ input: small, channels: [8, 8], latentChannels: 3, codebookSize: 16 } as never), // prettier-ignore
  PixelCNN: () => new l.PixelCNN({ height: 6, width: 6, codebookSize: 16 } as never),
  PixelSNAIL: () => new l.PixelSNAIL({ height: 6, width: 6, codebookSize: 16 } as never),
  LatentFlow: () => new l.LatentFlow({ input: 8 } as never),
  ProbeClassifier: () => new l.ProbeClassifier({ input: small, classes: 2, channels: [3], features: 2 }),
  SoftmaxRegression: () => new l.SoftmaxRegression({ input: 64, classes: 10 }),
};

function structured(make: () => { dispose(): void }): Structure {
  const model = make();
  try {
    return structureOf(model);
  } finally {
    model.dispose();
  }
}

const arrowsOf = ({ parts, arrows }: Structure) => {
  const title = new Map(parts.map((part) => [part.id, part.title]));
  return arrows.map(({ from, to, shape }) => `${title.get(from)} → ${title.get(to)}${shape && ` [${shape}]`}`).sort();
};

describe('the structure of a model', () => {
  it('of a VAE is that of its derivation', () => {
    const structure = structured(MODELS['VAE']!);
    expect(arrowsOf(structure)).toEqual(
      [
        ...['x → encoder [12 × 12 × 1]', 'encoder → z [8]', 'z → decoder [4]', 'decoder → p(x | z) [12 × 12 × 1]'],
        ...['p(x | z) → reconstruction', 'x → reconstruction', 'encoder → β · kl', 'p(z) → β · kl'],
      ].sort(),
    );
    const lines = Object.fromEntries(structure.parts.map(({ title, lines: told }) => [title, told]));
    expect(lines['encoder']).toEqual(['MLP, relu', '144 → 400 → 200 → 8']);
    expect(lines['β · kl']).toEqual(['β = 4']);
    expect(lines['p(x | z)']).toEqual(['Bernoulli']);
  });

  it('of a conditional one tells both networks the class', () => {
    const arrows = arrowsOf(structured(MODELS['ConditionalVAE']!));
    expect(arrows).toEqual(expect.arrayContaining(['y → encoder', 'y → decoder']));
  });

  it('of a VampPrior has its pseudo-inputs encoded', () => {
    const arrows = arrowsOf(structured(MODELS['VampPriorVAE']!));
    expect(arrows).toEqual(expect.arrayContaining(['pseudo inputs → encoder [144]', 'encoder → p(z) [8]']));
  });

  // Gregor et al. 2019, figure 1, and the terms of equation 6.
  it('of a TD-VAE is that of its paper: no density has its own state or another choice of times as an input', () => {
    expect(arrowsOf(structured(MODELS['TDVAE']!))).toEqual(
      [
        ...[
          'x → frame [60]',
          'frame → belief [16]',
          'belief → filter',
          't₁ → filter',
          't₂ → filter',
          'filter → z₂ [8]',
        ],
        ...['belief → smoother', 'z₂ → smoother [8]', 'smoother → z₁ [8]', 'z₁ → transition [8]', 'z₂ → decoder [8]'],
        ...['x → reconstruction', 'decoder → reconstruction', 'smoother → smoothing', 'filter → smoothing'],
        ...['filter → prediction', 'transition → prediction', 'z₂ → prediction'],
      ].sort(),
    );
  });

  it.each(['LatentDiffusionAutoencoder', 'VQLatentDiffusionAutoencoder'])(
    'of %s has the adversarial loss look at the discriminator alone: its weight is a number that is reported',
    (name) => {
      const arrows = arrowsOf(structured(MODELS[name]!));
      expect(arrows.filter((arrow) => arrow.endsWith('adversarial'))).toEqual([
        'discriminator → 1[t ≥ start] · adversarial',
      ]);
      const reconstruction = ['decoder → reconstruction', 'log scale → reconstruction', 'x → reconstruction'];
      expect(arrows.filter((arrow) => arrow.endsWith('reconstruction'))).toEqual(reconstruction);
    },
  );

  it('of a hierarchy has a latent for each level, in its order', () => {
    const arrows = arrowsOf(structured(MODELS['MHVAE']!));
    expect(arrows).toEqual(expect.arrayContaining(['encoder → z₁ [16]', 'z₁ → inference 2 [8]', 'z₂ → inference 3 [4]', 'z₂ → prior 1 [4]'])); // prettier-ignore
  });

  it('of a quantised one goes through its codebook, which is a table', () => {
    const { parts, ...rest } = structured(MODELS['VQVAE']!);
    expect(arrowsOf({ parts, ...rest })).toEqual(
      expect.arrayContaining(['encoder → codebook [16]', 'codebook → decoder [16]']),
    );
    expect(parts.find(({ title }) => title === 'codebook')).toMatchObject({
      kind: 'codebook',
      lines: ['16 × 4', 'moving averages'],
    });
  });

  it('of a k-sparse one says that its decoder has the weights of the encoder', () => {
    const { parts } = structured(MODELS['KSparseAutoencoder']!);
    expect(parts.find(({ id }) => id === 'decoder')?.lines.join()).toMatch(/^tied weights/);
  });

  it('of a denoising one corrupts x before it is encoded', () => {
    expect(arrowsOf(structured(MODELS['DenoisingAutoencoder']!))).toContain('x̃ → encoder [144]');
  });

  it('of a model that a cell states is found by recording it', () => {
    const Own = l.defineModel('Own', ({ latent = 3 }: { latent?: number }, { network, shape }) => {
      const encoder = network('encoder', l.mlp([16]), { from: shape, to: [latent] });
      const decoder = network('decoder', (z: tf.Tensor) => tf.tile(z, [1, 4]), { from: [latent], to: shape });
      return {
        latentDimensions: latent,
        terms: ({ x }) => {
          const z = encoder.apply(x);
          return {
            error: decoder.apply(z).sub(x).square().sum(1).mean(),
            size: { value: z.square().sum(1).mean(), weight: 0.1 },
          };
        },
      };
    });
    const structure = structured(() => new Own({ input: 12 }));
    expect(arrowsOf(structure)).toEqual(
      ['x → encoder [12]', 'encoder → decoder [3]', 'decoder → error', 'x → error', 'encoder → size'].sort(),
    );
    expect(structure.parameters).toBe(12 * 16 + 16 + 16 * 3 + 3);
  });
});

describe('every model of the library', () => {
  it.each(Object.keys(MODELS))('%s: has x, terms that look at something, and all of its parameters', (name) => {
    const model = MODELS[name]!();
    const { parts, arrows, parameters, notes, name: title } = structureOf(model);
    const trained = Object.values(model.parameters).reduce((sum, { size }) => sum + size, 0);
    model.dispose();
    expect(notes).toEqual([]);
    expect(parts.some(({ id }) => id === 'x')).toBe(true);
    expect(parts.filter(({ id }) => /drawn |undefined/.test(`${parts.find((part) => part.id === id)!.title}`))).toEqual(
      [],
    );
    for (const { id, kind } of parts) {
      const ends = arrows.filter(({ from, to }) => from === id || to === id);
      expect(ends.length, `${id} hangs on nothing`).toBeGreaterThan(0);
      if (kind === 'term') expect(ends.every(({ to }) => to === id)).toBe(true);
    }
    expect(parameters).toBe(trained);
    const told = parts.reduce((sum, part) => sum + (part.parameters ?? 0), 0);
    // Scalars that only weigh a term stand in no part of their own.
    expect(trained - told).toBeLessThanOrEqual(2);
    const view = diagram({ id: name, title, parts, arrows, parameters });
    mkdirSync('test/artifacts/diagrams', { recursive: true });
    writeFileSync(`test/artifacts/diagrams/${name.replaceAll(' ', '-')}.svg`, diagramSvg(view));
    for (const { boxes, width, height } of view.layouts) {
      for (const box of boxes) {
        expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
        expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
      }
    }
  });
});

describe('the structure of a network', () => {
  it('is a box for each layer, of a part between its ends', () => {
    const { parts, parameters } = structureOf(l.mlp([16, 8]), { from: [10], to: [3] });
    expect(parts.map(({ title }) => title)).toEqual(['in', 'layer 1', 'layer 2', 'layer 3', 'out']);
    expect(parameters).toBe(10 * 16 + 16 + 16 * 8 + 8 + 8 * 3 + 3);
  });

  it('is that of a model of tfjs’s layers', () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [4], activation: 'relu' }), tf.layers.dense({ units: 2 })] }); // prettier-ignore
    const { parts, parameters, arrows } = structureOf(model);
    expect(parts.filter(({ kind }) => kind === 'network').map(({ lines }) => lines[0])).toEqual([
      'Dense, relu',
      'Dense',
    ]);
    expect(parameters).toBe(4 * 5 + 5 + 5 * 2 + 2);
    expect(arrows.length).toBeGreaterThanOrEqual(1);
    model.dispose();
  });

  it('needs ends for a part, and names what is no network', () => {
    expect(() => structureOf(l.mlp([4]))).toThrow(
      /pass the shapes on both sides: diagram\(mlp\(…\), \{ from: \[784\], to: \[20\] \}\)/,
    );
    expect(() => structureOf(7 as never)).toThrow(/diagram takes as "model" a model or a network; found the number 7/);
  });
});
