/** Runs the campaign: `npm run fuzz -- --help`. */
import { runBundled } from '../host/bundled.mjs';

await runBundled(new URL('main.ts', import.meta.url));
