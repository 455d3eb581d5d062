/** How long derivations run: in full for a reader, short for a test that only has to see every cell work. */
const SHORT = 'LATENTLAB_SHORT';

/**
 * The value of this run's setting: `full`, or `short` where the environment has LATENTLAB_SHORT=1, as under
 * `npm run notebook -- FILE --short`.
 */
export function setting<T>({ full, short }: { full: T; short: T }): T {
  return process.env[SHORT] === '1' ? short : full;
}
