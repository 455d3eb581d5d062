/** What the bench and the processes that it measures say to each other. */
import { z } from 'zod';
import { WORKLOAD_NAMES } from './workloads';

const whole = z.int().min(1);

/** What a process of Node is to do: its first argument, as JSON. */
export const taskSchema = z.strictObject({
  workload: z.enum(WORKLOAD_NAMES),
  /** Train or encode on this rung of the device ladder, or multiply the workload's matrices in ONNX Runtime. */
  work: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('model'), rung: z.string(), stock: z.boolean() }),
    z.strictObject({ kind: z.literal('products'), threads: whole }),
  ]),
});
export type Task = z.output<typeof taskSchema>;

/** The first answer, unasked: ready after a first pass of `first` milliseconds. */
export const readySchema = z.object({
  first: z.number(),
  device: z.string().optional(),
  /** How it computes, where there are several ways. */
  remark: z.string().optional(),
});
export type Ready = z.output<typeof readySchema>;

/** A question: do at least so many passes, for at least so many milliseconds; then collect what nothing refers to. */
export const questionSchema = z.strictObject({
  passes: whole,
  milliseconds: z.number().min(0),
  /** At least so many steps; a pass may have several. Only processes of Node count them. */
  steps: whole.optional(),
  collect: z.boolean().optional(),
});
export type Question = z.output<typeof questionSchema>;

/** Its answer: milliseconds a step of each pass and, from Node, how many steps there were and what is held after them. */
export const timesSchema = z.object({
  times: z.array(z.number()),
  steps: z.int().optional(),
  held: z.object({ tensors: z.int(), residentBytes: z.number(), deviceBytes: z.number().optional() }).optional(),
});
export type Times = z.output<typeof timesSchema>;

/** In the place of an answer: why there is none. The process ends after it. */
export const failureSchema = z.object({ reason: z.string() });
