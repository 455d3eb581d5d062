import { describe, expect, it } from 'vitest';
import { deviceReportText, withRace, type Rung } from '../../../../kernel/engine/devices/report';
import { cudaPrecision, gpusOf } from '../../../../kernel/engine/devices/nvidia';
import { indexOfGpu, parseRequest } from '../../../../kernel/engine/devices/whichGpu';
import type { Runtime } from '../../../../kernel/engine/runtime';
import { engineReport } from '../../../../kernel/session/engineReport';
import { JUPYTER_DISPLAY } from '../../../../kernel/session/show/display';

const rung = (name: string, status: Rung['status'], reason: string): Rung => ({
  name,
  about: 'a device',
  status,
  reason,
});

const LADDER: Rung[] = [
  rung('tfjs-node-gpu', 'chosen', 'GPU, TensorFlow; the first that passed its self-test'),
  rung('xla-cuda', 'usable', 'GPU, CUDA; passed its self-test'),
  rung('traced-webgpu', 'unusable', 'no graphics adapter was found'),
  rung('traced-cpu', 'usable', 'CPU, ONNX Runtime; passed its self-test'),
];
const RACE = {
  times: new Map<Runtime, number | string>([
    ['eager', 3.14159],
    ['xla-cuda', 0.51234],
    ['cpu', 'reads a value inside the step (at cell 2:3:9)'],
  ]),
  winner: 'xla-cuda',
} as const;

describe('the report as text', () => {
  it('lines up names, states and reasons', () => {
    expect(deviceReportText(LADDER.slice(2)).split('\n')).toEqual([
      'traced-webgpu  unusable  no graphics adapter was found',
      'traced-cpu     usable    CPU, ONNX Runtime; passed its self-test',
    ]);
  });

  it('wraps long reasons at whole words, in their column', () => {
    const reason = 'not installed; `npm install @tensorflow/tfjs-node-gpu` adds it (Linux and Windows on x64)';
    const lines = deviceReportText([rung('tfjs-node-gpu', 'unusable', reason)], 70).split('\n');
    expect(lines).toEqual([
      'tfjs-node-gpu  unusable  not installed; `npm install',
      '                         @tensorflow/tfjs-node-gpu` adds it (Linux and',
      '                         Windows on x64)',
    ]);
    expect(lines.map((line) => line.trim()).join(' ')).toBe(`tfjs-node-gpu  unusable  ${reason}`);
  });
});

describe('the report after a race', () => {
  it('tells each rung’s milliseconds, the fastest, and why one did not run', () => {
    expect(withRace(LADDER, RACE).map(({ reason, millisecondsPerStep }) => [reason, millisecondsPerStep])).toEqual([
      ['GPU, TensorFlow; the first that passed its self-test; 3.14 ms a step in the last race', 3.14159],
      ['GPU, CUDA; passed its self-test; 0.512 ms a step in the last race, the fastest', 0.51234],
      ['no graphics adapter was found', undefined],
      [
        'CPU, ONNX Runtime; passed its self-test; in the last race: the step reads a value inside the step (at cell 2:3:9)',
        undefined,
      ],
    ]);
  });

  it('is shown in a cell as a table, with the reasons for steps that were not traced', () => {
    const bundle = engineReport(LADDER, RACE, ['reads a value inside the step (at cell 2:3:9)'])[JUPYTER_DISPLAY]();
    for (const text of [bundle['text/plain'], bundle['text/html']]) {
      for (const { name, status } of LADDER) expect(text).toMatch(new RegExp(`${name}[^a-z]+.*${status}`));
      expect(text).toContain('0.512 ms a step');
      expect(text).toMatch(/not traced.*a training step reads a value inside the step \(at cell 2:3:9\)/i);
    }
  });
});

describe('an NVIDIA GPU', () => {
  it('is read from nvidia-smi', () => {
    expect(gpusOf('NVIDIA A100-SXM4-40GB, 550.90.07, 8.0\nNVIDIA T4, 550.90.07, 7.5\n')).toEqual([
      { name: 'NVIDIA A100-SXM4-40GB', driver: '550.90.07', capability: 8 },
      { name: 'NVIDIA T4', driver: '550.90.07', capability: 7.5 },
    ]);
    expect(gpusOf('')).toEqual([]);
  });

  it('computes products in TF32 from Ampere on, unless the environment forbids it', () => {
    const gpu = { name: 'NVIDIA A100', driver: '550', capability: 8 };
    expect(cudaPrecision(gpu, {})).toBe('TF32');
    expect(cudaPrecision(gpu, { NVIDIA_TF32_OVERRIDE: '0' })).toBe('float32');
    expect(cudaPrecision(gpu, { LATENTLAB_PRECISION: 'float32' })).toBe('float32');
    expect(() => cudaPrecision(gpu, { LATENTLAB_PRECISION: 'half' })).toThrow(
      'LATENTLAB_PRECISION is "half"; expected TF32 or float32.',
    );
    expect(cudaPrecision({ ...gpu, capability: 7.5 }, {})).toBe('float32');
    expect(cudaPrecision(undefined, {})).toBe('TF32');
  });
});

describe('one of several GPUs', () => {
  const gpus = [{ name: 'NVIDIA A100-SXM4-40GB' }, { name: 'NVIDIA H200' }, { name: 'NVIDIA H200' }];
  const list = '0 (NVIDIA A100-SXM4-40GB), 1 (NVIDIA H200), 2 (NVIDIA H200)';

  it('is asked for behind the rung', () => {
    expect(parseRequest('xla-cuda')).toEqual({ name: 'xla-cuda' });
    expect(parseRequest('xla-cuda:1')).toEqual({ name: 'xla-cuda', gpu: '1' });
    expect(parseRequest('auto: H200')).toEqual({ name: 'auto', gpu: 'H200' });
  });

  it('is meant by its number or by a part of its name that no other has', () => {
    expect(indexOfGpu('2', gpus)).toBe(2);
    expect(indexOfGpu('a100', gpus)).toBe(0);
  });

  it.each([
    ['3', `There is no GPU 3; this machine has ${list}.`],
    ['T4', `There is no GPU “T4”; this machine has ${list}. Choose by number, xla-cuda:1 for example.`],
    ['h200', `More than one GPU is named “h200”; this machine has ${list}. Choose by number, xla-cuda:1 for example.`],
    ['', `There is no GPU “”; this machine has ${list}. Choose by number, xla-cuda:1 for example.`],
  ])('is refused as “%s” with those that there are', (gpu, message) => {
    expect(() => indexOfGpu(gpu, gpus)).toThrow(message);
  });

  it('is refused where nvidia-smi names none', () => {
    expect(() => indexOfGpu('1', [])).toThrow(/“1” cannot be found.*lists none/);
  });
});
