#!/usr/bin/env node
/** `npx latentlab <command>`: what devices there are, and what makes more of them. */
import { parseArgs } from 'node:util';
import { deviceReportText, probeDevices } from '../engine/devices';
import { commandLine } from '../engine/commandLine';
import { unpackNatives } from '../engine/packedNatives';

const USAGE = `Usage:
  ${commandLine('devices')}                 list all devices, and why each is or is not used
    --device NAME                       try this device
    --retry                             also try devices that crashed or hung in the last days; they have 3 minutes to answer
    --json                              print JSON: [{ "name", "status", "reason", "description", "precision" }, …]
  ${commandLine('setup:tfjs-node')}         build TensorFlow's binding, for tfjs-node and tfjs-node-gpu; --help tells how
  ${commandLine('setup:webgpu')}            fetch Dawn, for traced-webgpu and webgpu, where npm has not
  ${commandLine('setup:xla')}               fetch XLA's plugin for this machine's GPU, for xla-cuda and the like; --help tells how
`;

/** What is wrong with the command line. */
class UsageError extends Error {}

async function main([command, ...args]: string[]): Promise<void> {
  switch (command) {
    case 'devices':
      return devices(args);
    case 'setup:tfjs-node':
      giveOn(args);
      await import('../setup/tfjsNode');
      return;
    case 'setup:webgpu':
      giveOn(args);
      await import('../setup/webgpu');
      return;
    case 'setup:xla':
      giveOn(args);
      await import('../setup/xla');
      return;
    case '--help':
    case '-h':
    case 'help':
      process.stdout.write(USAGE);
      return;
    default:
      throw new UsageError(command === undefined ? 'name a command' : `there is no command "${command}"`);
  }
}

async function devices(args: string[]): Promise<void> {
  const { device, retry, json } = wanted(args);
  const rungs = await probeDevices(device, { retry });
  // Wrapped in a terminal, a device a line for other programs.
  process.stdout.write(`${json ? JSON.stringify(rungs) : deviceReportText(rungs, process.stdout.columns)}\n`);
}

function wanted(args: string[]): { device: string; retry: boolean; json: boolean } {
  const flag = { type: 'boolean', default: false } as const;
  const options = { device: { type: 'string', default: 'auto' }, retry: flag, json: flag } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** A setup is its own program, which reads the command line. */
function giveOn(args: string[]): void {
  process.argv.splice(2, Infinity, ...args);
}

try {
  await unpackNatives();
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(error instanceof UsageError ? `latentlab: ${error.message}\n\n${USAGE}` : `${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
