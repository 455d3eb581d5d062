/** The process of one engine and one workload: `benchMain.js TASK`, its parent asking over IPC. */
import * as tf from '@tensorflow/tfjs';
import { questionSchema, taskSchema } from './messages';
import type { Question, Task } from './messages';
import { productsPass } from './products';
import { collectGarbage, deviceMemory, useRung } from './rung';
import { WORKLOADS } from './workloads';
import { modelPass } from './work';
import type { Pass } from './work';

process.on('disconnect', () => process.exit(0));
try {
  const task = taskSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const { pass, device } = await prepare(task);
  const first = await timed(pass);
  process.on('message', async (message) => {
    try {
      const question = questionSchema.parse(message);
      const done = await run(pass, question);
      if (question.collect) collectGarbage();
      process.send?.({ ...done, held: held(task) });
    } catch (error) {
      fail(error);
    }
  });
  process.send?.({ first: first.milliseconds, device });
} catch (error) {
  fail(error);
}

/** Tensors and memory after passes. */
function held({ work }: Task) {
  const deviceBytes = work.kind === 'model' ? deviceMemory(work.rung) : undefined;
  return {
    tensors: tf.engine().state.numTensors,
    residentBytes: process.memoryUsage.rss(),
    ...(deviceBytes !== undefined && { deviceBytes }),
  };
}

async function prepare({ workload, work }: Task): Promise<{ pass: Pass; device?: string }> {
  if (work.kind === 'products') {
    const { threads } = work;
    return { pass: productsPass(WORKLOADS[workload].products, threads) };
  }
  const device = await useRung(work.rung, work.stock);
  return { pass: await modelPass(workload), device };
}

/** Milliseconds a step of each pass, and how many steps there were. */
async function run(
  pass: Pass,
  { passes, milliseconds: least, steps: leastSteps = 0 }: Question,
): Promise<{ times: number[]; steps: number }> {
  const start = performance.now();
  const times: number[] = [];
  let done = 0;
  while (times.length < passes || done < leastSteps || performance.now() - start < least) {
    const { milliseconds, steps } = await timed(pass);
    times.push(milliseconds / steps);
    done += steps;
  }
  return { times, steps: done };
}

async function timed(pass: Pass): Promise<{ milliseconds: number; steps: number }> {
  const start = performance.now();
  const steps = await pass();
  return { milliseconds: performance.now() - start, steps };
}

/** Answers with the reason and ends the process. */
function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.send?.({ reason: text.trim().split('\n')[0] }, () => process.exit(1));
}
