/** Set by esbuild in the library as a package. */
declare const LATENTLAB_IS_PACKAGE: true | undefined;

/**
 * How people call a command: `npm run devices -- --retry` in a checkout, `npx latentlab devices --retry` where the library
 * is a package.
 */
export function commandLine(command: 'devices' | 'setup:cuda' | 'setup:tfjs-node', options = ''): string {
  const isPackage = typeof LATENTLAB_IS_PACKAGE !== 'undefined';
  const [call, separator] = isPackage ? ['npx latentlab', ' '] : ['npm run', ' -- '];
  return `${call} ${command}${options && separator + options}`;
}
