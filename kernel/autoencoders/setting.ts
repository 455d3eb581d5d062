/** How long derivations run: in full for a reader, short for a test that only has to see every cell work. */
import { object, takes } from './arguments';
const SHORT = 'LATENTLAB_SHORT';

/**
 * The value of this run's setting: `full`, or `short` where the environment has LATENTLAB_SHORT=1, as under
 * `npm run notebook -- FILE --short`.
 */
export function setting<T>(values: { full: T; short: T }): T {
  takes('setting', ['values', values, object('full', 'short')]);
  const { full, short } = values;
  return process.env[SHORT] === '1' ? short : full;
}
