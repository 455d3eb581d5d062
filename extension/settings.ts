/** The user's settings, read where they are needed. */
import * as vscode from 'vscode';
import type { Patience } from '../kernel/keeping/kept';

export interface Settings {
  /** A rung of the device ladder, or `auto`; perhaps with which GPU behind a colon. */
  device: string;
  /** How products are computed on GPUs that have TF32. */
  precision: 'TF32' | 'float32';
  /** Empty: find a Node. */
  nodePath: string;
  /** Milliseconds. */
  startupDeadline: number;
  /** Whether a restart or the closing of a notebook asks before it ends a training. */
  confirmEndingTraining: boolean;
  /** How long kernels live on without their window. */
  patience: Patience;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Timers take no more milliseconds. */
const LONGEST = 2 ** 31 - 1;

export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const configuration = vscode.workspace.getConfiguration('latentlab', scope);
  /** VS Code underlines what is not a number, and gives it all the same. */
  const numberOf = (name: string, preset: number) => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'number' && value >= 0 ? value : preset;
  };
  return {
    device: configuration.get('device', 'auto'),
    precision: configuration.get('precision') === 'float32' ? 'float32' : 'TF32',
    nodePath: configuration.get('nodePath', ''),
    startupDeadline: numberOf('startupDeadline', 60) * 1000,
    confirmEndingTraining: configuration.get('confirmEndingTraining', true),
    patience: {
      busy: Math.min(LONGEST, numberOf('keepKernel.busyHours', 12) * HOUR),
      idle: Math.min(LONGEST, numberOf('keepKernel.idleMinutes', 10) * MINUTE),
    },
  };
}
