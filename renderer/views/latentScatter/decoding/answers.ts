/** What the live kernel says of a place or a point. */
import * as z from '../../../schema';
import type { Sample } from '../../../../kernel/views/types';
import type { Channel } from '../../../channel';
import { sample as sampleSchema } from '../../../data';
import { parse } from '../../../view';

/** What stands behind a point. */
export interface PointSamples {
  input: Sample;
  reconstruction: Sample;
  /** ‖x − x̂‖², summed over the values of a sample. */
  error: number;
}

const pointSamples = z.object({ input: sampleSchema, reconstruction: sampleSchema, error: z.number() });

export async function askDecoded(channel: Channel, place: number[]): Promise<Sample> {
  const result = await channel.ask({ kind: 'decode', z: place });
  if (result.kind !== 'decoded') throw new Error(`the kernel answered “${result.kind}”`);
  return parse(sampleSchema, result.sample);
}

export async function askPoint(channel: Channel, point: number): Promise<PointSamples> {
  const result = await channel.ask({ kind: 'point', point });
  if (result.kind !== 'point') throw new Error(`the kernel answered “${result.kind}”`);
  return parse(pointSamples, result);
}
