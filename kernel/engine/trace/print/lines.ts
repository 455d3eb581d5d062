import type { Call, Value } from '../program';
import type { ValueNames } from './names';
import { operationName, settings, typeText } from './operation';

/** Places stand behind the longest line, but not farther right than this. */
const FARTHEST = 60;

/** A call that is to be shown, and what stands before it. */
export interface Row {
  readonly call: Call;
  readonly lead: string;
  /** Whether the types of its inputs are printed. */
  readonly typed?: boolean;
}

/** Calls, one a line, their places behind them: `c:f32[128,400] = matMul[transposeB=true] a b  // cell 1:4:9`. */
export function lines(rows: readonly Row[], names: ValueNames): string[] {
  const texts = rows.map(({ call, lead, typed }) => {
    const mention = (value: Value) => (typed ? names.withType(value) : names.of(value));
    return lead + operation(call, names, mention);
  });
  const width = Math.max(0, ...texts.map(({ length }) => length).filter((length) => length <= FARTHEST));
  return texts.map((text, i) => {
    const { place } = rows[i]!.call;
    return place ? `${text.padEnd(width)}  // ${place}` : text;
  });
}

function operation({ kernel, inputs, attrs, outputs }: Call, names: ValueNames, mention: (value: Value) => string) {
  const made = outputs.map((output) => `${names.of(output)}:${typeText(output)}`);
  const given = Object.values(inputs).map(mention);
  return [...made, ...(made.length > 0 ? ['='] : []), operationName(kernel) + settings(attrs), ...given].join(' ');
}
