import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { encode } from 'fast-png';
import { dump } from 'npyjs';
import { describe, expect, it } from 'vitest';
import { loadData } from '../../../../kernel/autoencoders/data/index';
import { temporaryFile, temporaryFolder } from './temporaryFolder';

const idx2 = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4);

describe('loadData', () => {
  it.each([
    ['numbers.csv', '1,2\n3,4'],
    ['numbers.TSV', '1\t2\n3\t4'],
    ['numbers.txt', '1 2\n3 4'],
    ['numbers.csv.gz', gzipSync('1,2\n3,4')],
    ['numbers.json', '[[1, 2], [3, 4]]'],
    ['numbers.npy', new Uint8Array(dump(Float32Array.of(1, 2, 3, 4), [2, 2]))],
    ['numbers.idx2', idx2],
    ['numbers-idx2-ubyte', idx2],
    ['numbers-idx2-ubyte.gz', gzipSync(idx2)],
  ])('reads %s', async (name, content) => {
    const data = await loadData(temporaryFile(name, content));
    expect([data.length, ...data.values]).toEqual([2, 1, 2, 3, 4]);
  });

  it('reads a folder of images', async () => {
    const pixel = encode({ width: 1, height: 1, channels: 1, data: Uint8Array.of(255) });
    const data = await loadData(temporaryFolder({ 'a/1.png': pixel, 'b/1.png': pixel }), { size: [2, 2] });
    expect([data.length, data.width, data.classNames]).toEqual([2, 4, ['a', 'b']]);
  });

  it('takes the label of a table', async () => {
    const data = await loadData(temporaryFile('iris.csv', 'width,species\n3.5,setosa\n3.2,virginica'), {
      label: 'species',
    });
    expect(data.classNames).toEqual(['setosa', 'virginica']);
  });

  it('names what it cannot read', async () => {
    const folder = temporaryFolder({ 'a.mat': 'x', 'a.png': 'x' });
    await expect(loadData(path.join(folder, 'a.mat'))).rejects.toThrow(
      'a.mat: expected .csv, .tsv, .json, .parquet, .npy, .npz, .safetensors, .wav, IDX',
    );
    await expect(loadData(path.join(folder, 'a.png'))).rejects.toThrow('give the folder that holds the images');
    await expect(loadData(path.join(folder, 'b.csv'))).rejects.toThrow('b.csv: there is no such file');
    writeFileSync(path.join(folder, 'c-idx3-ubyte'), idx2.subarray(0, 14));
    await expect(loadData(path.join(folder, 'c-idx3-ubyte'))).rejects.toThrow('cut short');
  });
});
