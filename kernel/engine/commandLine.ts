/** Set by esbuild in the library as a package. */
declare const LATENTLAB_IS_PACKAGE: true | undefined;

/** Set in the package for VS Code, whose users call commands from its palette. */
declare const LATENTLAB_IS_EXTENSION: true | undefined;

const IN_PALETTE = {
  devices: 'LatentLab: Select Device',
  'setup:cuda': 'LatentLab: Set Up CUDA',
  'setup:tfjs-node': 'LatentLab: Set Up tfjs-node',
};

/**
 * How people call a command: `npm run devices -- --retry` in a checkout, `npx latentlab devices --retry` where the library
 * is a package, and by its name in VS Code's palette where the extension is.
 */
export function commandLine(command: 'devices' | 'setup:cuda' | 'setup:tfjs-node', options = ''): string {
  if (typeof LATENTLAB_IS_EXTENSION !== 'undefined') return IN_PALETTE[command];
  const isPackage = typeof LATENTLAB_IS_PACKAGE !== 'undefined';
  const [call, separator] = isPackage ? ['npx latentlab', ' '] : ['npm run', ' -- '];
  return `${call} ${command}${options && separator + options}`;
}
