/** What is done apart, by name; each runs in a thread and shares nothing with the process but its input. */
import { imageTasks } from '../images/tasks';

const TASKS = { ...imageTasks };

type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
export type TaskInput<K extends TaskName> = Parameters<Tasks[K]>[0];
export type TaskResult<K extends TaskName> = Awaited<ReturnType<Tasks[K]>>;

export interface Question {
  task: TaskName;
  input: unknown;
}

/** `problem`: what a `DataError` says; `fault`: what any other error says. */
export type Answer = { value: unknown } | { problem?: string; fault?: string };

/** @returns the answer, and the buffers that move with it instead of being copied */
export async function answer({ task, input }: Question): Promise<{ answer: Answer; moved: ArrayBuffer[] }> {
  try {
    const value = await (TASKS[task] as (input: unknown) => unknown)(input);
    return { answer: { value }, moved: buffersIn(value) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isData = error instanceof Error && error.name === 'DataError';
    return { answer: isData ? { problem: message.replace(/\.$/, '') } : { fault: message }, moved: [] };
  }
}

/** The buffers of arrays that a task returns, alone or as fields of an object. */
function buffersIn(value: unknown): ArrayBuffer[] {
  const views = (ArrayBuffer.isView(value) ? [value] : Object.values(value ?? {})).filter((one) =>
    ArrayBuffer.isView(one),
  );
  const buffers = new Set(views.map(({ buffer }) => buffer));
  return [...buffers].filter((buffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer && isOwn(buffer));
}

/** Node's small buffers share a pool, which cannot be moved. */
function isOwn(buffer: ArrayBuffer): boolean {
  return buffer !== Buffer.allocUnsafe(1).buffer;
}
