/** How an operation reads: its name, its settings, the types of its values. */
import type { Attrs } from '../../ops/rule';
import type { Dtype, TensorType } from '../../ops/types';
import type { Elements } from '../program';

/** Functions of tfjs whose kernels have other names than they; a kernel's name begins with a capital letter. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Multiply: 'mul',
  RealDiv: 'div',
  Select: 'where',
  IsNan: 'isNaN',
  BatchMatMul: 'matMul',
  _FusedMatMul: 'fused.matMul',
  Conv2D: 'conv2d',
  FusedConv2D: 'fused.conv2d',
  DepthwiseConv2dNative: 'depthwiseConv2d',
  FusedDepthwiseConv2D: 'fused.depthwiseConv2d',
  Conv3D: 'conv3d',
  MaxPool3D: 'maxPool3d',
  AvgPool3D: 'avgPool3d',
  Dilation2D: 'dilation2d',
  ResizeBilinear: 'image.resizeBilinear',
  ResizeNearestNeighbor: 'image.resizeNearestNeighbor',
  FlipLeftRight: 'image.flipLeftRight',
  Pack: 'stack',
  Unpack: 'unstack',
  SplitV: 'split',
  PadV2: 'pad',
  LinSpace: 'linspace',
  GatherV2: 'gather',
  GatherNd: 'gatherND',
  ScatterNd: 'scatterND',
  TopK: 'topk',
  FusedBatchNorm: 'batchNorm',
  LRN: 'localResponseNormalization',
};

/** As tfjs names the function; a kernel that none runs by itself, such as that of a gradient, by its own name. */
export function operationName(kernel: string): string {
  return FUNCTIONS[kernel] ?? kernel.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}

/** Settings that change nothing are not shown. */
const NOTHING: Readonly<Record<string, readonly string[]>> = {
  dataFormat: ['NHWC', 'NDHWC'],
  dilations: ['1', '[1,1]', '[1,1,1]'],
  activation: ['linear'],
};

/** `[transposeB=true]`; nothing where there is nothing to say. What is not there is undefined, null or false. */
export function settings(attrs: Attrs): string {
  const shown = Object.entries(attrs).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === false) return [];
    const text = setting(value);
    return NOTHING[name]?.includes(text) ? [] : [`${name}=${text}`];
  });
  return shown.length === 0 ? '' : `[${shown.join(' ')}]`;
}

/** Longer lists are cut. */
const LONGEST_LIST = 16;

function setting(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return number(value);
  if (!Array.isArray(value)) return JSON.stringify(value) ?? typeof value;
  const items = value.slice(0, LONGEST_LIST).map(setting);
  return `[${items.join(',')}${value.length > LONGEST_LIST ? `,… ${value.length} in all` : ''}]`;
}

const SHORT: Readonly<Record<Dtype, string>> = { float32: 'f32', int32: 'i32', bool: 'bool' };

/** `f32[128,400]` */
export function typeText({ dtype, shape }: TensorType): string {
  return `${SHORT[dtype]}[${shape.join()}]`;
}

/** A number of this type in as few digits as tell it from its neighbours. */
export function literal(value: number, dtype: Dtype): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'int32') return String(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), value)) return number(short);
  }
  return number(value);
}

function number(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The number that all elements are; undefined if they differ or there are none. */
export function onlyElement(elements: Elements): number | undefined {
  const [first] = elements;
  return first !== undefined && elements.every((element) => Object.is(element, first)) ? first : undefined;
}
