import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOWERINGS } from '../../../../kernel/engine/lower/onnx/table';
import { UncoveredError } from '../../../../kernel/engine/ops/rule';
import { RULES, ruleOf } from '../../../../kernel/engine/ops/table';
import { DTYPES, kernelsOf, normal, random, whole, type Ran } from '../cpuKernels';
import { Draws } from './draws';

beforeAll(() => tf.setBackend('cpu'));

/** The kernels that have been compared with what tfjs's cpu backend made of them. */
const compared = new Set<string>();

/** Says that the rules give the shapes and types that the kernels gave which a function ran. */
function expectRuled(f: () => unknown): void {
  const ran = kernelsOf(f);
  for (const one of ran) {
    const rule = ruleOf(one.kernel);
    if (!rule) continue;
    const type = ({ shape, dtype }: Ran['outputs'][number]) => ({ shape: [...shape], dtype });
    const inferred = rule(one.inputs, one.attrs).map(({ shape, dtype }) => ({ shape: [...shape], dtype }));
    const given = JSON.stringify([one.attrs, Object.values(one.inputs).map(type)]);
    expect(inferred, `${one.kernel} ${given}`).toEqual(one.outputs.map(type));
    compared.add(one.kernel);
  }
}

/** So many cases of a kind, each drawn from its own number. */
const CASES = 40;
type Case = (draws: Draws) => unknown;

const UNARY = [
  ...['sqrt', 'rsqrt', 'reciprocal', 'exp', 'expm1', 'log', 'log1p', 'erf', 'sin', 'cos', 'tan', 'asin', 'acos'],
  ...['atan', 'sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh', 'sigmoid', 'softplus', 'elu', 'selu'],
  ...['isNaN', 'isInf', 'isFinite', 'floor', 'ceil', 'round'],
] as const;
/** Those that keep the type of whole numbers, too. */
const OF_NUMBERS = ['square', 'relu', 'relu6', 'step', 'neg', 'abs', 'sign', 'zerosLike', 'onesLike'] as const;
const BINARY = [
  ...['add', 'sub', 'mul', 'mod', 'maximum', 'minimum', 'pow', 'squaredDifference', 'atan2', 'div', 'floorDiv'],
  ...['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'],
] as const;
const REDUCTIONS = ['sum', 'prod', 'mean', 'max', 'min'] as const;

/** The gradient of a function, back from ones. */
function backwards(f: (...x: tf.Tensor[]) => tf.Tensor, ...x: tf.Tensor[]): tf.Tensor[] {
  return tf.grads((...given: tf.Tensor[]) => f(...given).sum())(x);
}

const KINDS: Record<string, Case> = {
  'one input, element by element'(draws) {
    const shape = draws.shape(0, 4);
    const x = random(shape, draws.of(DTYPES));
    return [
      [...UNARY, ...OF_NUMBERS].map((name) => tf[name](normal(shape))),
      OF_NUMBERS.map((name) => tf[name](whole(shape, -3, 4))),
      [tf.leakyRelu(normal(shape), 0.3), tf.clipByValue(normal(shape), -1, 1), x.cast(draws.of(DTYPES))],
    ];
  },
  answers: (draws) => {
    const [a, b] = draws.broadcast().map((shape) => random(shape, 'bool'));
    return [tf.logicalAnd(a!, b!), tf.logicalOr(a!, b!), tf.logicalNot(a!)];
  },
  'two inputs, broadcast'(draws) {
    const [left, right] = draws.broadcast();
    const dtypes = ['float32', 'int32'] as const;
    const [a, b] = [random(left!, draws.of(dtypes)), random(right!, draws.of(dtypes))];
    return [
      BINARY.map((name) => tf[name](a, b)),
      tf.prelu(normal(left!), normal(right!.length > left!.length ? left! : right!)),
    ];
  },
  bits(draws) {
    const [a, b] = draws.broadcast().map((shape) => whole(shape, 0, 9));
    return tf.engine().runKernel('BitwiseAnd', { a: a!, b: b! });
  },
  'several inputs'(draws) {
    const [shape, dtype] = [draws.shape(1, 4), draws.of(DTYPES)];
    const rows = random([shape[0]!], 'bool');
    const [t, e] = [random(shape, dtype), random(shape, dtype)];
    return [
      tf.engine().runKernel('Select', { condition: rows, t, e }),
      tf.where(random(shape, 'bool'), t, e),
      tf.addN([normal(shape), normal(shape)]),
    ];
  },
  'gradients, element by element'(draws) {
    return backwards((x) => x.elu().add(x.relu()), normal(draws.shape(1, 3)));
  },
  products(draws) {
    const [n, rows, inner, columns] = draws.sizes(4);
    const [transposeA, transposeB] = [draws.coin(), draws.coin()];
    const left = transposeA ? [inner!, rows!] : [rows!, inner!];
    const right = transposeB ? [columns!, inner!] : [inner!, columns!];
    const a = normal(draws.coin() ? [n!, ...left] : left) as tf.Tensor2D;
    const b = normal(right) as tf.Tensor2D;
    const bias = normal([columns!]);
    return [
      tf.matMul(a, b, transposeA, transposeB),
      tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation: draws.of(['linear', 'relu', 'elu'] as const) }),
    ];
  },
  'Einstein’s convention'(draws) {
    const [b, i, j, k] = draws.sizes(4) as [number, number, number, number];
    const equation = draws.of(['bij,bjk->bik', 'bij,bjk->ik', 'bij,bjk->bkij'] as const);
    return tf.einsum(equation, normal([b, i, j]), normal([b, j, k]));
  },
  'convolutions of images'(draws) {
    const { x, filter, strides, pad, dilations, rounding } = draws.windows();
    const options = { x: normal(x) as tf.Tensor4D, filter: normal(filter) as tf.Tensor4D, strides, pad, dilations };
    const activation = draws.of(['linear', 'relu', 'sigmoid'] as const);
    const bias = normal([filter[3]!]);
    const backTo = dilations === 1 && typeof pad !== 'number';
    return [
      tf.fused.conv2d({ ...options, dimRoundingMode: rounding, bias, activation }),
      backTo
        ? backwards((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad), options.x, options.filter)
        : tf.conv2d(options.x, options.filter, strides, pad, 'NHWC', dilations, rounding),
    ];
  },
  'depthwise convolutions'(draws) {
    const { x, filter, strides, pad } = draws.windows(true);
    const [image, kernel] = [normal(x) as tf.Tensor4D, normal(filter) as tf.Tensor4D];
    const bias = normal([filter[2]! * filter[3]!]);
    return [
      tf.fused.depthwiseConv2d({ x: image, filter: kernel, strides, pad, bias }),
      typeof pad === 'number'
        ? tf.depthwiseConv2d(image, kernel, strides, pad)
        : backwards((a, b) => tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad), image, kernel),
    ];
  },
  'convolutions of volumes'(draws) {
    const [n, depth, height, width] = draws.sizes(4, 3, 5) as [number, number, number, number];
    const [into, out, size] = draws.sizes(3, 1, 3) as [number, number, number];
    const [x, filter] = [normal([n, depth, height, width, into]), normal([size, size, 1, into, out])];
    const [stride, pad] = [draws.of([1, 2] as const), draws.of(['same', 'valid'] as const)];
    return backwards((a, b) => tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, stride, pad), x, filter);
  },
  'pooling of images'(draws) {
    const { x, filter, strides, pad, rounding } = draws.windows();
    const [image, window] = [normal(x) as tf.Tensor4D, [filter[0]!, filter[1]!] as [number, number]];
    const pooled = (a: tf.Tensor) =>
      tf
        .maxPool(a as tf.Tensor4D, window, strides, pad, rounding)
        .add(tf.avgPool(a as tf.Tensor4D, window, strides, pad, rounding));
    const argmax = pad === 'same' || pad === 'valid';
    return [backwards(pooled, image), argmax ? tf.maxPoolWithArgmax(image, window, strides, pad) : []];
  },
  'pooling of volumes'(draws) {
    const x = normal([...draws.sizes(4, 3, 5), 2]);
    const [window, stride, pad] = [draws.size(1, 3), draws.of([1, 2] as const), draws.of(['same', 'valid'] as const)];
    const pooled = (a: tf.Tensor) =>
      tf.maxPool3d(a as tf.Tensor5D, window, stride, pad).add(tf.avgPool3d(a as tf.Tensor5D, window, stride, pad));
    return backwards(pooled, x);
  },
  dilation(draws) {
    const { x, filter, strides, dilations } = draws.windows();
    const [image, window] = [normal(x), normal([filter[0]!, filter[1]!, x[3]!])];
    const pad = draws.of(['same', 'valid'] as const);
    return backwards(
      (a, b) => tf.dilation2d(a as tf.Tensor4D, b as tf.Tensor3D, strides, pad, dilations),
      image,
      window,
    );
  },
  'images of another size'(draws) {
    const images = normal(draws.sizes(4, 2, 5)) as tf.Tensor4D;
    // Where it goes backwards, tfjs's cpu backend confuses height and width.
    const square = normal([2, 4, 4, draws.size()]);
    const size = draws.sizes(2, 1, 7) as [number, number];
    const corners = draws.coin();
    return [
      backwards((x) => tf.image.resizeBilinear(x as tf.Tensor4D, size, corners), square),
      backwards((x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size), square),
      [tf.image.resizeNearestNeighbor(images, size), tf.image.resizeBilinear(images, size, corners)],
      tf.image.resizeNearestNeighbor(images.toInt(), size),
      tf.image.resizeBilinear(images.toInt(), size),
      tf.image.flipLeftRight(images),
    ];
  },
  reductions(draws) {
    const shape = draws.shape(1, 4);
    const x = random(shape, draws.of(['float32', 'int32']));
    const [axes, keep] = [draws.axes(shape.length), draws.coin()];
    const bools = random(shape, 'bool');
    const axis = draws.axis(shape.length);
    const along = (axis + shape.length) % shape.length;
    return [
      tf[draws.of(REDUCTIONS)](x, draws.coin() ? axes : undefined, keep),
      [tf.all(bools, axes, keep), tf.any(bools, axes, keep), tf.argMax(x, axis), tf.argMin(x, axis)],
      [tf.softmax(normal(shape)), tf.logSoftmax(normal(shape))],
      // Counted from the end, tfjs's cpu backend transposes wrong.
      [tf.cumsum(x, along, draws.coin(), draws.coin()), tf.cumprod(x, along, draws.coin(), draws.coin())],
    ];
  },
  'other shapes of the same elements'(draws) {
    const shape = draws.shape(1, 4);
    const x = random(shape, draws.of(DTYPES));
    const rest = draws.of([[-1], [1, -1], [x.size, 1]] as const);
    return [
      tf.engine().runKernel('Reshape', { x }, { shape: [...rest] }),
      tf.engine().runKernel('Identity', { x }),
      tf.expandDims(x, draws.axis(shape.length + 1)),
      tf.transpose(x, draws.permutation(shape.length)),
    ];
  },
  blocks(draws) {
    const [n, height, width, channels] = draws.sizes(4, 1, 3) as [number, number, number, number];
    const block = draws.size(1, 3);
    const image = normal([n, height, width, channels * block ** 2]) as tf.Tensor4D;
    const batch = normal([n * block ** 2, height, width, channels]) as tf.Tensor4D;
    const crops = [
      [0, draws.of([0, height * block - 1])],
      [0, 0],
    ];
    const spread = normal([n, height * block, width * block, channels]) as tf.Tensor4D;
    return [
      block > 1 ? tf.depthToSpace(image, block) : [],
      tf.batchToSpaceND(batch, [block, block], crops),
      tf.spaceToBatchND(
        spread,
        [block, block],
        [
          [0, draws.of([0, block])],
          [block, 0],
        ],
      ),
    ];
  },
  'joined and split'(draws) {
    const shape = draws.shape(1, 4);
    const dtype = draws.of(DTYPES);
    const axis = draws.axis(shape.length);
    const along = (axis + shape.length) % shape.length;
    const other = shape.with(along, draws.size(0, 4));
    const sizes = [1, draws.size(1, 3), -1];
    const long = random(shape.with(along, 7), dtype);
    return [
      tf.concat([random(shape, dtype), random(other, dtype)], along),
      tf.stack([random(shape, dtype), random(shape, dtype)], draws.axis(shape.length + 1)),
      tf.split(long, sizes, along),
      tf.split(random(shape.with(along, 6), dtype), draws.of([1, 2, 3, 6]), along),
      tf.unstack(long, axis),
    ];
  },
  'cut out, turned round and made larger'(draws) {
    const shape = draws.shape(1, 4);
    const x = random(shape, draws.of(DTYPES));
    const begin = shape.map((size) => draws.size(0, size - 1));
    const size = shape.map((all, i) => draws.of([-1, draws.size(1, all - begin[i]!)]));
    const padding = shape.map(() => [draws.size(0, 2), draws.size(0, 2)] as [number, number]);
    const mirrored = shape.map((all) => [draws.size(0, all - 1), draws.size(0, all - 1)] as [number, number]);
    const end = shape.map((all) => draws.size(-all, all));
    const strides = shape.map(() => draws.of([1, 2, -1]));
    const masks = () => draws.size(0, 2 ** shape.length - 1);
    return [
      tf.slice(x, begin, size),
      tf.stridedSlice(x, begin, end, strides, masks(), masks()),
      tf.reverse(x, draws.axes(shape.length)),
      tf.pad(x, padding),
      tf.mirrorPad(normal(shape), mirrored, 'reflect'),
      tf.tile(
        x,
        shape.map(() => draws.size(1, 3)),
      ),
    ];
  },
  'made of numbers'(draws) {
    const [s0, s1] = draws.broadcast().map((shape) => tf.tensor1d(shape, 'int32'));
    const [start, stop] = [draws.size(-5, 5), draws.size(-5, 5)];
    return [
      tf.fill(draws.shape(0, 3), 2, draws.of(['float32', 'int32'] as const)),
      tf.range(start, stop, draws.of([1, start < stop ? 2 : -2]), draws.of(['float32', 'int32'] as const)),
      tf.linspace(start, stop, draws.size(1, 6)),
      s0!.size > 0 && s1!.size > 0 ? tf.engine().runKernel('BroadcastArgs', { s0: s0!, s1: s1! }) : [],
      tf.diag(normal(draws.shape(1, 2))),
    ];
  },
  'read at positions'(draws) {
    const shape = draws.shape(1, 4);
    const x = random(shape, draws.of(DTYPES));
    const axis = draws.axis(shape.length);
    const along = (axis + shape.length) % shape.length;
    const indices = whole(draws.shape(1, 2), 0, shape[along]!);
    const depth = draws.size(1, shape.length);
    const coordinates = whole([draws.size(1, 3), depth], 0, Math.min(...shape));
    const sorted = normal([3, 5]);
    return [
      tf.gather(x, indices, axis),
      tf.gather(normal([2, 3, 4]), whole([2, draws.size(1, 4)], 0, 3), 1, 1),
      tf.gatherND(x, coordinates),
      tf.topk(normal(shape), draws.size(1, shape.at(-1)!)),
      tf.searchSorted(sorted, normal([3, draws.size(1, 4)]), draws.of(['left', 'right'] as const)),
      tf.oneHot(indices, draws.size(2, 5), 2, 1, draws.of(DTYPES)),
    ];
  },
  'written and added at positions'(draws) {
    const [rows, columns, count] = draws.sizes(3, 2, 5) as [number, number, number];
    const positions = whole([count, 1], 0, rows);
    const updates = normal([count, columns]);
    const values = whole([count], 0, rows);
    const weights = draws.coin() ? normal([count]) : tf.tensor1d([]);
    return [
      backwards((x) => tf.gather(x, whole([count], 0, rows)), normal([rows, columns])),
      tf.unsortedSegmentSum(updates, values as tf.Tensor1D, rows),
      tf.scatterND(positions, updates, [rows, columns]),
      tf.tensorScatterUpdate(normal([rows, columns]), positions, updates),
      tf.sparseToDense(tf.range(0, rows, 1, 'int32'), normal([rows]), [rows + 1], 0),
      tf.bincount(values as tf.Tensor1D, weights as tf.Tensor1D, rows),
      tf.denseBincount(whole([2, count], 0, rows) as tf.Tensor2D, tf.tensor2d([], [2, 0]), rows, draws.coin()),
    ];
  },
  normalised(draws) {
    const x = normal(draws.sizes(4, 1, 4)) as tf.Tensor4D;
    const channels = x.shape[3];
    const each = () => normal([channels]) as tf.Tensor1D;
    return [
      tf.batchNorm(x, each(), each().abs(), draws.coin() ? each() : undefined, each()),
      backwards((a) => tf.localResponseNormalization(a as tf.Tensor4D, draws.size(1, 3)), x),
    ];
  },
};

describe('shape rules give the shapes and types of tfjs’s cpu backend', () => {
  it.each(Object.entries(KINDS))('%s', (_, run) => {
    for (let seed = 0; seed < CASES; seed++) expectRuled(() => run(new Draws(seed)));
  });

  it('for every kernel that has a rule and that this backend has', () => {
    const lacking = ['BroadcastTo', 'LogSoftmax', 'ReluGradient'];
    expect(
      Object.keys(RULES)
        .filter((kernel) => !compared.has(kernel))
        .sort(),
    ).toEqual(lacking);
  });
});

describe('shape rules', () => {
  it('are there for every kernel that has a lowering, and for no other', () => {
    expect(Object.keys(RULES).sort()).toEqual(Object.keys(LOWERINGS).sort());
  });

  const float = (...shape: number[]) => ({ shape, dtype: 'float32' }) as const;

  it.each([
    ['Fill', {}, { shape: [2], dtype: 'string' }, 'tensors of type string have no traced form'],
    ['Einsum', { 0: float(2, 2) }, {}, 'it has no equation'],
    ['DepthToSpace', { x: float(1, 4, 2, 2) }, { blockSize: 2, dataFormat: 'NCHW' }, 'is for NHWC, not for NCHW'],
    [
      'Conv2D',
      { x: float(1, 2, 2, 1), filter: float(3, 3, 1, 1) },
      { strides: 1, pad: 'valid' },
      'no window of 3×3 fits into 2×2',
    ],
    [
      'Conv2DBackpropFilter',
      { x: float(1, 4, 4, 1), dy: float(1, 4, 4, 1) },
      { strides: 1, pad: 'valid', filterShape: [3, 3, 1, 1] },
      '[1,4,4,1] is not the shape of this convolution’s result, which is [1,2,2,1]',
    ],
    [
      'MaxPoolWithArgmax',
      { x: float(1, 4, 4, 1) },
      { filterSize: 1, strides: 1, pad: 2, includeBatchInIndex: false },
      'a window that lies wholly in the padding',
    ],
    [
      'UnsortedSegmentSum',
      { x: float(4, 2), segmentIds: { shape: [2, 2], dtype: 'int32' as const } },
      { numSegments: 3 },
      'more than one axis',
    ],
  ])('refuse what no program holds: %s', (kernel, inputs, attrs, message) => {
    const infer = () => ruleOf(kernel)!(inputs, attrs);
    expect(infer).toThrow(UncoveredError);
    expect(infer).toThrow(message);
  });

  it.each([
    ['BatchMatMul', { a: float(2, 3), b: float(2, 3) }, {}, 'inner shapes (3) and (2)'],
    ['Add', { a: float(2, 3), b: float(4) }, {}, 'could not be broadcast'],
    ['Pack', { 0: float(2), 1: float(3) }, { axis: 0 }, 'tf.stack'],
    ['ExpandDims', { input: float(2) }, { dim: 3 }, 'Axis must be in [-2, 1]'],
  ])('fail, as tfjs does, where there is no result: %s', (kernel, inputs, attrs, message) => {
    expect(() => ruleOf(kernel)!(inputs as never, attrs)).toThrow(message);
    expect(() => ruleOf(kernel)!(inputs as never, attrs)).not.toThrow(UncoveredError);
  });

  it('know kernels that tfjs’s cpu backend lacks', () => {
    expect(ruleOf('BroadcastTo')!({ x: float(3, 1) }, { shape: [2, 3, 4] })).toEqual([float(2, 3, 4)]);
    expect(() => ruleOf('BroadcastTo')!({ x: float(3) }, { shape: [2, 4] })).toThrow('could not be broadcast');
    expect(ruleOf('LogSoftmax')!({ logits: float(2, 3) }, { axis: -1 })).toEqual([float(2, 3)]);
    expect(ruleOf('ReluGradient')!({ dy: float(2, 3), y: float(2, 3) }, {})).toEqual([float(2, 3)]);
  });

  it('know no kernel by a name that every object has', () => {
    expect(ruleOf('toString')).toBeUndefined();
  });
});
