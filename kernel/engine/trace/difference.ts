import { excerpt } from './print/excerpt';
import type { Call, Program, ProgramInput, Value } from './program';
import { TraceRefusal } from './refusal';

/** Why two traces of one function are not one program. */
interface Difference {
  readonly reason: string;
  /** The call of the first trace that shows it, if one does. */
  readonly call?: Call | undefined;
}

/** @throws {TraceRefusal} when the second trace of a function differs from the first */
export function refuseDifference(first: Program, second: Program): void {
  const difference = differenceBetween(first, second);
  if (!difference) return;
  const { reason, call } = difference;
  throw new TraceRefusal(reason, call ? { excerpt: excerpt(first, call), where: call.place } : {});
}

function differenceBetween(first: Program, second: Program): Difference | undefined {
  const others = new Map<Value, Value>();
  const pair = (a: Value, b: Value) => others.set(a, b);
  const same = (a: Value, b: Value) => others.get(a) === b;
  if (first.constants.length !== second.constants.length || first.calls.length !== second.calls.length) {
    return { reason: 'runs other operations at each call', call: firstOther(first, second) };
  }
  if (first.inputs.length !== second.inputs.length) return { reason: 'uses other variables at each call' };
  for (const [i, input] of first.inputs.entries()) {
    const other = second.inputs[i]!;
    const variableOf = (one: ProgramInput) => (one.kind === 'variable' ? one.variable : one.name);
    if (variableOf(input) !== variableOf(other)) {
      const reason = `uses other variables at each call: ${input.name}, then ${other.name}`;
      return { reason, call: userOf(first, input.value) };
    }
    pair(input.value, other.value);
  }
  for (const [i, { value, elements }] of first.constants.entries()) {
    const other = second.constants[i]!;
    pair(value, other.value);
    if (elements.length !== other.elements.length || elements.some((e, j) => !Object.is(e, other.elements[j]))) {
      const reason =
        'uses a value that JavaScript makes anew at each call (random, or counted): pass it in as an input';
      return { reason, call: userOf(first, value) };
    }
  }
  for (const [i, call] of first.calls.entries()) {
    const other = second.calls[i]!;
    const inputs = Object.entries(call.inputs);
    const alike =
      call.kernel === other.kernel &&
      inputs.length === Object.keys(other.inputs).length &&
      inputs.every(([name, value]) => other.inputs[name] && same(value, other.inputs[name]));
    if (!alike) return { reason: `runs other operations at each call: ${call.kernel}, then ${other.kernel}`, call };
    if (JSON.stringify(call.attrs) !== JSON.stringify(other.attrs)) {
      return { reason: `runs ${call.kernel} with other settings at each call`, call };
    }
    call.outputs.forEach((output, j) => pair(output, other.outputs[j]!));
  }
  const alike = Object.entries(first.outputs).every(([name, value]) => {
    const other = second.outputs[name];
    return other !== undefined && same(value, other);
  });
  if (!alike || Object.keys(first.outputs).length !== Object.keys(second.outputs).length) {
    return { reason: 'gives other results at each call' };
  }
  return undefined;
}

/** The first call that the second trace has another kernel for. */
function firstOther(first: Program, second: Program): Call | undefined {
  return first.calls.find(({ kernel }, i) => kernel !== second.calls[i]?.kernel);
}

/** The first call that is given the value. */
function userOf({ calls }: Program, value: Value): Call | undefined {
  return calls.find(({ inputs }) => Object.values(inputs).includes(value));
}
