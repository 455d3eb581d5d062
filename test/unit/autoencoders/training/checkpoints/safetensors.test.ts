import { describe, expect, it } from 'vitest';
import {
  decodeSafetensors,
  encodeSafetensors,
} from '../../../../../kernel/autoencoders/training/checkpoints/safetensors';

/** A file as the format's page describes it, put together by hand. */
function handWritten(header: string, data: number[], headerLength = header.length): Uint8Array {
  const length = [headerLength & 0xff, (headerLength >> 8) & 0xff, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...length, ...Buffer.from(header), ...data]);
}

const ONE = [0x00, 0x00, 0x80, 0x3f];
const MINUS_TWO = [0x00, 0x00, 0x00, 0xc0];
const HALF = [0x00, 0x00, 0x00, 0x3f];
const HEADER =
  '{"__metadata__":{"made":"by hand"},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]},' +
  '"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}';

describe('safetensors', () => {
  it('are read by the letter of the format', () => {
    expect(decodeSafetensors(handWritten(HEADER, [...ONE, ...MINUS_TWO, ...HALF]))).toEqual({
      a: { values: Float32Array.of(1, -2), shape: [1, 2] },
      b: { values: Float32Array.of(0.5), shape: [] },
    });
  });

  it('are written by the letter of the format', () => {
    const bytes = encodeSafetensors({ a: { values: Float32Array.of(1, -2), shape: [2, 1] } });
    const header = '{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}';
    expect(header.length % 8).toBe(0);
    expect([...bytes]).toEqual([...handWritten(header, [...ONE, ...MINUS_TWO])]);
  });

  it('have data that begin at a multiple of 8 bytes', () => {
    const bytes = Buffer.from(encodeSafetensors({ longer: { values: Float32Array.of(1), shape: [1] } }));
    expect(Number(bytes.readBigUInt64LE(0)) % 8).toBe(0);
  });

  it('come back as they were, every bit, empty tensors included', () => {
    const tensors = {
      'encoder.0.kernel': { values: Float32Array.of(0.1, -0, 1e-45, 3.4e38, -1 / 3, NaN), shape: [2, 3] },
      none: { values: new Float32Array(0), shape: [0, 4] },
    };
    expect(decodeSafetensors(encodeSafetensors(tensors))).toEqual(tensors);
  });

  it('that are damaged say where', () => {
    const data = [...ONE, ...MINUS_TWO, ...HALF];
    const whole = handWritten(HEADER, data);
    const decode = (bytes: Uint8Array) => () => decodeSafetensors(bytes);
    expect(decode(whole.subarray(0, 5))).toThrow('cut off: 5 bytes');
    expect(decode(whole.subarray(0, 50))).toThrow(`the header ends at byte ${8 + HEADER.length}, the file at 50`);
    expect(decode(whole.subarray(0, whole.length - 1))).toThrow('cut off: tensor b ends at byte 12 of the data');
    expect(decode(handWritten(HEADER, [...data, 0]))).toThrow('1 bytes follow the last tensor');
    expect(decode(Uint8Array.from(Buffer.from('PK\x03\x04 not this format')))).toThrow('not a safetensors file');
    expect(decode(handWritten('[]', []))).toThrow('not a JSON object');
    expect(decode(handWritten('{"a":', []))).toThrow('not a JSON object');
    expect(decode(handWritten('{"a":{"dtype":"F32"}}', []))).toThrow('entry for a lacks');
    const half = HEADER.replace('"F32","shape":[]', '"BF16","shape":[2]');
    expect(decode(handWritten(half, data))).toThrow('tensor b has dtype BF16');
    expect(decode(handWritten(HEADER.replace('"F32"', '"BF16"'), data))).toThrow('tensor b of shape [] has 4 bytes');
    expect(decode(handWritten(HEADER.replace('[1,2]', '[1,3]'), data))).toThrow('shape [1, 3] has 8 bytes');
    const overlapping = HEADER.replace('[8,12]', '[4,8]');
    expect(decode(handWritten(overlapping, data))).toThrow("bytes 8 to 4 of the data are not one tensor's");
  });
});
