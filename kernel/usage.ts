/** How LatentLab is called from a terminal, command by command. */
import { BENCH_USAGE } from './bench/usage';
import { SWEEP_USAGE } from './sweeps/usage';

const DEVICE = '    --device NAME                       a device by name (default: auto, the best that works)\n';

const USAGES: Readonly<Record<string, string>> = {
  start: `  npm start                             run samples/vae.ipynb, write out/vae.ipynb and out/vae.html
`,
  notebook: `  npm run notebook -- FILE.ipynb        run a notebook, or notes in Markdown (FILE.md), from the first cell to the last
    -p NAME=VALUE                       set a parameter of the cell tagged "parameters"; repeat it for more
    --output FILE                       where the executed notebook goes (default: out/<name of the notebook>)
    --html FILE                         also write an HTML report with interactive views
    --export FORMAT,FORMAT              also export it, beside the executed notebook: md, ts, html, pdf
    --short                             the short setting of a derivation: every cell, with brief trainings
${DEVICE}    --seed N                            default seed of models and training
`,
  sweep: SWEEP_USAGE,
  samples: `  npm run samples -- NAME NAME          run the samples in full, check them, and write them in place for a commit
${DEVICE}`,
  export: `  npm run export -- FILE.ipynb --to FORMAT,FORMAT   export the saved notebook, without running it: Markdown with pictures (md),
                                        a TypeScript program (ts), a report (html) or the report as PDF (pdf)
    --output FILE                       where it goes (default: beside the notebook); a folder for several formats
`,
  devices: `  npm run devices                       list all devices, and why each is or is not used
    --device NAME                       try this device
    --retry                             also try devices that crashed or hung in the last days; they have 3 minutes to answer
    --json                              print JSON: [{ "name", "status", "reason", "description", "precision" }, …]
`,
  verify: `  npm run verify                        compare every model with its oracles: expected, found, tolerance
    --quick                             the subset that npm test runs
    --only TEXT                         rows with this text in their id
    --json FILE                         also write the rows: [{ "id", "system", "identity", "expected", "found", … }, …]
    --seeds N                           run N times with different seeds, and print how far the results depend on them
    --threads N,N                       the same for numbers of threads (default: all cores)
    --convolutions blocked,standard     and for both layouts of ONNX Runtime's convolutions (default: blocked)
${DEVICE}`,
  bench: BENCH_USAGE,
};

export const COMMANDS: readonly string[] = Object.keys(USAGES);

/** The usage of one command, or of all where there is no such command. */
export function usageOf(command: string | undefined): string {
  const one = command !== undefined && Object.hasOwn(USAGES, command) ? USAGES[command] : undefined;
  return `Usage:\n${one ?? Object.values(USAGES).join('')}`;
}
