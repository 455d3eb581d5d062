/** Runs the rounds: `npm run test:interrupts -- --help`. */
import { runBundled } from '../host/bundled.mjs';

await runBundled(new URL('main.ts', import.meta.url));
