import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as latentlab from '../../../kernel/session/latentlab';
import { useWasm } from '../engine/backends';
import { callsOf } from './exportCalls';
import { createValues, type Call, type Values } from './exportValues';
import { complaint, junk } from './wrongArguments';

/** Methods by which the library's parts talk to each other, and what the types keep from users. */
const WITHIN = new Set(
  [
    'terms checkedTerms complete checkGroups stepTerms noise heads beside likelihood posteriorRows logWeights evaluateTerms expected prepare diagnostics objective',
    'encodeRows decodeRows encoderOutputs decoderOutputs compiled compiledRows expectedLatents doublyReparameterized',
    'divergence logPrior components prior inferred regularized q start bound indexOf powers coded updates projected',
    'unprojected restart update nearest joint expectation maximized rows tensors expected split draw with gather classIndex',
    'exported closing toString recordStep recordMeasures recordFigures recordValidation endEpoch end takeEpochMeans updateTime curve seriesOf',
    'forward quantized map checkedCodes auxiliaryLoss mapLabelled classesOf givenLabels labelled turned featureRows',
    'logitRows jump beliefStates framesOf imagined checkedRollout logProbRows inverseRows coupled reconstructionError',
    'losses inputs inRows vectorsOf xHat commitment updated distances',
    'logImportanceWeights fromClusters expectBlock expect fromMoments squaredJacobian residual reconstruction priorDraw denoising activated count zE codebookUpdates observed scale dispose above codesOf network adopt parameter add scalars draws lacks posteriorOf likelihoodOf posteriorRowsOf logWeightsOf mapped mappedLatents',
    'conditioned inputTypes seen compiledSeen unlessLabelled logLikelihoodAt density weighed divergenceName',
    'logProbOf parametersOf state restore adversariesOf checkNeeds refuse priorPlace priorNoise warnOfMismatch atLevels positions codesOf sampleCodes sampleLevels detect sigma',
    'requireUndisposed',
  ].flatMap((line) => line.split(' ')),
);

/** Classes whose objects the library makes, and errors. */
const MADE = new Set([
  'AnomalyDetector',
  'Explanation',
  'KMeans',
  'LatentSampler',
  'PCA',
  'ProbabilisticPCA',
  'Sprites',
]);
[
  'TrainingHistory',
  'TodoError',
  'VQVAE2Prior',
  'CheckpointError',
  'ModelError',
  'ConfigurationError',
  'DataError',
  'DivergenceError',
].forEach((name) => MADE.add(name));

/** Readers of files have separate tests; of these the path is what can be wrong. */
const READERS = /^(read|stream)[A-Z]|^(fashionMnist|surveyFile)$/;

/**
 * What is still answered by the engine or by what trips over it: rows that fit each other in no other way, and what a
 * function of the caller's gives back.
 */
const LEFT = new RegExp(
  [
    'broadcast|inner shapes|Matrices dim|evenly divide|not yet supported|numeric tensor|customGrad|no rows',
    'fractional number|must match the product|index value|float32 tensor|Tensor is disposed|\\(\\.\\.\\.\\)\\.',
    'mix BigInt',
  ].join('|'),
);

let values: Values;
let calls: Record<string, () => Call>;
/** What is saved under a name that only means to be wrong lands here. */
const folder = mkdtempSync(path.join(tmpdir(), 'latentlab-exports-'));
const before = process.cwd();

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

beforeAll(async () => {
  await useWasm();
  process.chdir(folder);
  values = await createValues();
  calls = callsOf(values);
});

async function answerOf([callee, ...args]: Call): Promise<unknown> {
  try {
    await callee(...args);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Names of all that users call: functions, constructors, static functions and methods where they are declared. */
function publicNames(): string[] {
  return Object.entries(latentlab).flatMap(([name, value]) => {
    if (typeof value !== 'function') return [];
    const isClass = /^class\b/.test(Function.prototype.toString.call(value));
    if (!isClass) return [name];
    const statics = Object.getOwnPropertyNames(value).filter(
      (key) =>
        key !== 'prototype' &&
        !WITHIN.has(key) &&
        typeof (value as unknown as Record<string, unknown>)[key] === 'function',
    );
    return [...(MADE.has(name) ? [] : [name]), ...statics.map((key) => `${name}.${key}`), ...methodsOf(value)];
  });
}

function methodsOf(Class: { prototype: object; name: string }): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(Class.prototype))
    .filter(([key, { value }]) => key !== 'constructor' && typeof value === 'function' && !WITHIN.has(key))
    .map(([key]) => `${Class.name.replace(/^_/, '')}#${key}`);
}

describe('what latentlab exports', () => {
  it('is called here, each function, constructor and method', () => {
    // Training of priors goes the same way as that of all models, and needs convolutions that plain tfjs has not.
    const known = new Set([
      ...Object.keys(calls),
      'AutoregressivePrior#fit',
      'VQVAE2Prior#fit',
      'VQVAE2Prior#score',
      'VQVAE2Prior#sample',
      // Stubs throw whatever they are given.
      ...['todo', 'unsolved'],
      ...Object.keys(latentlab).filter((n) => READERS.test(n)),
    ]);
    expect([...new Set(publicNames())].filter((name) => !known.has(name))).toEqual([]);
  });

  it('takes what its documentation says', async () => {
    const failed: string[] = [];
    for (const [name, make] of Object.entries(calls)) {
      const error = await answerOf(make());
      const why = error === undefined ? undefined : complaint(error, name);
      if (why !== undefined) failed.push(`${name}: ${why}`);
    }
    expect(failed).toEqual([]);
  });

  it('answers what it does not take by a sentence of its own', { timeout: 300_000 }, async () => {
    const failed: string[] = [];
    for (const [name, make] of Object.entries(calls)) {
      if (READERS.test(name)) continue;
      for (let at = 1; at < make().length; at++) {
        for (const [label, value] of junk(values)) {
          const call = make();
          call[at] = value;
          const error = await answerOf(call);
          const why = error === undefined ? undefined : complaint(error, name);
          if (why !== undefined && !LEFT.test(why)) failed.push(`${name}, argument ${at}, ${label}: ${why}`);
        }
      }
    }
    expect(failed).toEqual([]);
  });

  it.each([
    [
      'latentScatter',
      0,
      [[0, 0]],
      'latentScatter takes as "model" a model with encode() and decode(); found an array of 1 × 2.',
    ],
    [
      'reconstructions',
      1,
      [[0, 0]],
      'reconstructions takes as "data" a Dataset, such as Dataset.from(rows); found an array of 1 × 2.',
    ],
    ['activeUnits', 0, undefined, 'activeUnits takes as "model" a model with encode(); found undefined.'],
    ['perplexity', 0, 'abc', 'perplexity takes as "counts" a list of finite numbers; found the text "abc".'],
    ['loadData', 0, 5, 'loadData takes as "file" the path of a file or folder; found the number 5.'],
    ['VAE.load', 0, undefined, 'VAE.load takes as "path" the path of a file or folder; found undefined.'],
  ])('%s names argument %i', async (name, at, value, message) => {
    const call = calls[name]!();
    call[at + 1] = value;
    expect(await answerOf(call)).toMatchObject({ message });
  });

  it('says of a disposed model and a disposed tensor that they are', async () => {
    const gone = new latentlab.VAE({ input: 4, latent: 2, hidden: [3] });
    gone.dispose();
    const scatter = calls['latentScatter']!();
    scatter[1] = gone;
    expect(await answerOf(scatter)).toMatchObject({
      message: expect.stringMatching(/found a VAE that has been disposed/),
    });
    const tensor = latentlab.tf.zeros([3, 2]);
    tensor.dispose();
    const distance = calls['frechetDistance']!();
    distance[1] = tensor;
    expect(await answerOf(distance)).toMatchObject({
      message: expect.stringMatching(/found a tensor of shape \[3, 2\] and type float32 that has been disposed/),
    });
  });
});
