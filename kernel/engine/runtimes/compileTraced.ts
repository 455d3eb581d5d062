import { ProgramLoweringError } from '../lower/loweringError';
import { TraceRefusal } from '../trace/refusal';

/**
 * Compiles what has been traced. What cannot be lowered is traced once more, with places, to say which line it is.
 *
 * @param compiler who compiles, for messages
 * @throws {TraceRefusal} with the reason
 */
export function compileTraced<T, C>(
  trace: (places: boolean) => T,
  compile: (traced: T) => C,
  compiler = 'ONNX Runtime',
): C {
  const attempt = (places: boolean): C => {
    const traced = trace(places);
    try {
      return compile(traced);
    } catch (error) {
      if (error instanceof ProgramLoweringError && !places) return attempt(true);
      throw refusalOf(error, compiler);
    }
  };
  return attempt(false);
}

export function refusalOf(error: unknown, compiler: string): TraceRefusal {
  if (error instanceof TraceRefusal) return error;
  if (error instanceof ProgramLoweringError) {
    const { reason, where, excerpt, cause } = error;
    return new TraceRefusal(reason, { cause, where, excerpt });
  }
  return new TraceRefusal(`${compiler} refuses the graph: ${(error as Error).message}`, { cause: error });
}
