/** The user's settings, read where they are needed. */
import * as vscode from 'vscode';

export interface Settings {
  /** A rung of the device ladder, or `auto`. */
  device: string;
  /** Empty: find a Node. */
  nodePath: string;
  /** Milliseconds. */
  startupDeadline: number;
  /** Whether a restart or the closing of a notebook asks before it ends a training. */
  confirmEndingTraining: boolean;
}

export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const configuration = vscode.workspace.getConfiguration('latentlab', scope);
  return {
    device: configuration.get('device', 'auto'),
    nodePath: configuration.get('nodePath', ''),
    startupDeadline: configuration.get('startupDeadline', 60) * 1000,
    confirmEndingTraining: configuration.get('confirmEndingTraining', true),
  };
}
