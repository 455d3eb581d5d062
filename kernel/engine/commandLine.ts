/** Set by esbuild in the library as a package. */
declare const LATENTLAB_IS_PACKAGE: true | undefined;

/** Set in the package for VS Code, whose users call commands from its palette. */
declare const LATENTLAB_IS_EXTENSION: true | undefined;

const IN_PALETTE = {
  devices: 'LatentLab: Select Device',
  'setup:tfjs-node': 'LatentLab: Set Up tfjs-node',
  'setup:webgpu': 'LatentLab: Set Up WebGPU',
  'setup:xla': 'LatentLab: Set Up GPU',
};

export type Command = keyof typeof IN_PALETTE;

/** Whether packages beside the installation are none of the user's to add: VS Code manages it. */
export function isExtension(): boolean {
  return typeof LATENTLAB_IS_EXTENSION !== 'undefined';
}

/**
 * How people call a command: `npm run devices -- --retry` in a checkout, `npx latentlab devices --retry` where the library
 * is a package, and by its name in VS Code's palette where the extension is.
 */
export function commandLine(command: Command, options = ''): string {
  if (isExtension()) return IN_PALETTE[command];
  const isPackage = typeof LATENTLAB_IS_PACKAGE !== 'undefined';
  const [call, separator] = isPackage ? ['npx latentlab', ' '] : ['npm run', ' -- '];
  return `${call} ${command}${options && separator + options}`;
}
