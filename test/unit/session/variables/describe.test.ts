import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe as group, expect, it } from 'vitest';
import * as latentlab from '../../../../kernel/session/latentlab';
import { describe } from '../../../../kernel/session/variables/describe';
import { LibraryClasses } from '../../../../kernel/session/variables/libraryValues';
import { PileUp } from '../../../../kernel/session/variables/memory';
import { pictureShape } from '../../../../kernel/session/variables/picture';

const library = new LibraryClasses(latentlab);
const described = (value: unknown) => describe(value, library);

beforeAll(() => tf.setBackend('cpu'));

group('a value in a list', () => {
  it('says what it is', async () => {
    class Point {
      constructor(readonly x: number) {}
    }
    const cases: [unknown, object][] = [
      [undefined, { type: 'undefined', kind: 'value', text: 'undefined' }],
      [null, { type: 'null', text: 'null' }],
      [0.1 + 0.2, { type: 'number', text: '0.3' }],
      ['it’s', { type: 'string', text: "'it’s'" }],
      [12n, { type: 'bigint', text: '12n' }],
      [new Point(2), { type: 'Point', kind: 'object', text: '{ x: 2 }', expandable: true }],
      [{}, { type: 'Object', text: '{}', expandable: false }],
      [[], { type: 'Array', kind: 'list', shape: [0], expandable: false }],
      [['a', [1], null], { type: 'Array', kind: 'list', shape: [3], text: "['a', Array(1), null]" }],
      [new Map([[1, 2]]), { type: 'Map', kind: 'list', shape: [1] }],
      [new Date(0), { type: 'Date', text: '1970-01-01T00:00:00.000Z' }],
      [/a+/g, { type: 'RegExp', text: '/a+/g' }],
      [new TypeError('wrong'), { type: 'TypeError', text: 'wrong' }],
      [Promise.resolve(1), { type: 'Promise', text: '' }],
      [(a: number, b: number) => a + b, { kind: 'function', text: '2 parameters' }],
      [Point, { kind: 'class', expandable: false }],
      [Object.create(null), { type: 'Object', text: '{}' }],
      [new Proxy({}, {}), { type: 'Proxy', expandable: false }],
      [new ArrayBuffer(16), { type: 'ArrayBuffer', bytes: 16 }],
    ];
    for (const [value, expected] of cases) expect(await described(value)).toMatchObject(expected);
  });

  it('that contains itself is described all the same', async () => {
    const cyclic: Record<string, unknown> = { n: 1 };
    cyclic.self = cyclic;
    expect((await described(cyclic)).text).toBe('{ n: 1, self: Object }');
    const list: unknown[] = [];
    list.push(list);
    expect((await described(list)).text).toBe('[Array(1)]');
  });

  it('that is a model of tfjs’s layers counts its parameters', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
    expect(await described(model)).toMatchObject({ kind: 'model', model: { parameters: 15 }, bytes: 60 });
    expect(await described(tf.sequential())).toMatchObject({ kind: 'model', model: { parameters: 0 } });
  });

  it('that is a tensor disposed of says so', async () => {
    const tensor = tf.zeros([2]);
    tensor.dispose();
    expect(await described(tensor)).toMatchObject({ type: 'Tensor', text: 'disposed', shape: [2] });
  });
});

group('what is a picture', () => {
  it('follows from the shape', () => {
    expect(pictureShape([28, 28])).toEqual({ count: 1, height: 28, width: 28, channels: 1 });
    expect(pictureShape([28, 28, 3])).toEqual({ count: 1, height: 28, width: 28, channels: 3 });
    expect(pictureShape([5, 28, 30])).toEqual({ count: 5, height: 28, width: 30, channels: 1 });
    expect(pictureShape([5, 28, 30, 4])).toEqual({ count: 5, height: 28, width: 30, channels: 4 });
    for (const shape of [[100], [], [100, 3], [5, 28, 30, 2], [0, 28, 28], [1, 2, 28, 28, 3]]) {
      expect(pictureShape(shape)).toBeUndefined();
    }
  });
});

group('tensors that pile up', () => {
  /** At the ends of cells so many are alive, all of them unnamed. */
  const told = (...alive: number[]) => {
    const pile = new PileUp();
    return alive.map((unnamed) => pile.cellEnded(unnamed, () => ({ unnamed, unnamedBytes: 4 * unnamed }))?.unnamed);
  };

  it('are reported when they have grown three times by a hundred in all', () => {
    expect(told(40, 80, 120)).toEqual([undefined, undefined, 120]);
    expect(told(40, 80, 40, 80, 120, 160)).toEqual([undefined, undefined, undefined, undefined, undefined, 160]);
    expect(told(500, 400, 500, 400)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are reported when a single cell leaves a thousand', () => {
    expect(told(10, 1010)).toEqual([undefined, 1010]);
  });

  it('are reported again when they are twice as many', () => {
    expect(told(40, 80, 120, 160, 200, 240, 280)).toEqual([
      undefined,
      undefined,
      120,
      undefined,
      undefined,
      240,
      undefined,
    ]);
  });

  it('are not counted for a few more or less', () => {
    const pile = new PileUp();
    const looks = [10, 20, 29].map((tensors) => {
      let looked = false;
      pile.cellEnded(tensors, () => ((looked = true), { unnamed: tensors, unnamedBytes: 0 }));
      return looked;
    });
    expect(looks).toEqual([false, false, false]);
  });
});
