/** Native addons load in one piece: one whose JavaScript V8 ends half-way through takes its process with it. */

/** @param critical hears that work begins, and ends, that must not be stopped half-way */
export function loadAddonsWhole(critical: (busy: boolean) => void): void {
  const load = process.dlopen;
  // Node's own `require` of an addon comes here too.
  process.dlopen = (...given: Parameters<typeof load>) => {
    critical(true);
    try {
      load.apply(process, given);
    } finally {
      critical(false);
    }
  };
}
