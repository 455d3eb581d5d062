/** Who is measured. */
import type { Contestant } from './contestant';
import type { WorkloadName } from './workloads';

export interface Engine {
  /** As rows have it. Several engines may share it: PyTorch of several versions, for example. */
  name: string;
  /** For people. Absent: its process tells. */
  device?: string;
  /** What is said beside the device. */
  remark?: string;
  /** Whether it is a rung for a GPU. */
  gpu?: boolean;
  /** @param env variables of its process, where that is one of Node */
  start(workload: WorkloadName, env?: Readonly<Record<string, string>>): Contestant;
}
