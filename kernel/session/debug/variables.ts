/** Variables of a paused kernel: scopes without the kernel's own names, objects by what is in them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Debugger, Runtime } from 'node:inspector';
import type { Connection } from './connection';
import { inScriptNames, isOwnVariable, shownName } from './expressions';
import type { Frame } from './stack';
import { describe } from './values';

/** More elements than that come in pieces. */
const MANY = 1000;

/** What a reference stands for. */
interface Holder {
  objectId: string;
  /** A scope of a frame: its variables are given values through the frame, by the names that V8 has of them. */
  scope?: { callFrameId: string; number: number; scriptNames: Map<string, string> };
  /** What else is shown first. */
  more?: DebugProtocol.Variable[];
  isModule?: boolean;
  /** Only its own properties mean something. */
  isPart?: boolean;
}

/** What CommonJS gives every file; in an ES module they stand for nothing. */
const OF_COMMON_JS = new Set(['exports', 'require', 'module', '__filename', '__dirname']);

const TITLES: Partial<Record<Debugger.Scope['type'], string>> = {
  local: 'Local',
  block: 'Block',
  catch: 'Catch',
  with: 'With',
  eval: 'Eval',
  module: 'Module',
  script: 'Notebook',
  global: 'Global',
};

export class Variables {
  private readonly holders = new Map<number, Holder>();
  private last = 0;

  constructor(private readonly connection: Connection) {}

  /** The kernel continues: what was asked for is of no use any more. */
  forget(): void {
    this.holders.clear();
  }

  async scopesOf({ call, script }: Frame): Promise<DebugProtocol.Scope[]> {
    if (!call) return [];
    const isModule = script !== undefined && !script.facts.url.startsWith('latentlab-cell-');
    const scopes: DebugProtocol.Scope[] = [];
    for (const [number, { type, name, object }] of call.scopeChain.entries()) {
      if (object.objectId === undefined) continue;
      const isFirst = number === 0;
      const holder: Holder = {
        objectId: object.objectId,
        scope: { callFrameId: call.callFrameId, number, scriptNames: new Map() },
        more: isFirst ? this.ofCall(call) : [],
        isModule,
      };
      const isGlobal = type === 'global';
      // Nothing but names of ours is in some.
      if (!isGlobal && (await this.read(holder)).length === 0) continue;
      const title = TITLES[type] ?? (name && !isOwnVariable(name) ? `Closure (${shownName(name)})` : 'Closure');
      const presentationHint = type === 'local' ? 'locals' : undefined;
      scopes.push({ name: title, variablesReference: this.hold(holder), expensive: isGlobal, presentationHint });
    }
    const imports = isModule && (await this.imports(call, script!.facts.aliases));
    if (imports) scopes.splice(-1, 0, imports);
    return scopes;
  }

  async variables({
    variablesReference,
    filter,
    start = 0,
    count,
  }: DebugProtocol.VariablesArguments): Promise<DebugProtocol.Variable[]> {
    const holder = this.holders.get(variablesReference);
    if (!holder) return [];
    if (filter !== 'indexed') return this.read(holder, filter === 'named');
    const piece = await this.connection.send('Runtime.callFunctionOn', {
      objectId: holder.objectId,
      functionDeclaration: `function (start, count) {
        const piece = {};
        for (let i = start; i < Math.min(this.length, start + count); i++) if (i in this) piece[i] = this[i];
        return piece;
      }`,
      arguments: [{ value: start }, { value: count ?? MANY }],
    });
    return this.read({ objectId: piece.result.objectId!, isPart: true });
  }

  /** @throws Error saying why it cannot be given */
  async set(
    { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
    evaluate: (expression: string) => Promise<Runtime.RemoteObject>,
  ): Promise<DebugProtocol.SetVariableResponse['body']> {
    const holder = this.holders.get(variablesReference);
    if (!holder) throw new Error('The kernel has gone on.');
    const given = await evaluate(value);
    const { objectId, unserializableValue } = given;
    const newValue: Runtime.CallArgument = unserializableValue
      ? { unserializableValue }
      : objectId
        ? { objectId }
        : { value: given.value as unknown };
    if (holder.scope) {
      const { callFrameId, number: scopeNumber, scriptNames } = holder.scope;
      await this.connection.send('Debugger.setVariableValue', {
        callFrameId,
        scopeNumber,
        variableName: scriptNames.get(name) ?? name,
        newValue,
      });
    } else {
      const { exceptionDetails } = await this.connection.send('Runtime.callFunctionOn', {
        objectId: holder.objectId,
        functionDeclaration: 'function (name, value) { this[name] = value; }',
        arguments: [{ value: name }, newValue],
      });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    }
    return this.variable(name, given);
  }

  /** A value by a name. */
  variable(name: string, value: Runtime.RemoteObject): DebugProtocol.Variable {
    const text = describe(value);
    const { objectId, subtype, className, type } = value;
    if (objectId === undefined) return { name, value: text, type, variablesReference: 0 };
    const length = Number(/\((\d+)\)/.exec(value.description ?? '')?.[1] ?? 0);
    const isLong = (subtype === 'array' || subtype === 'typedarray') && length > MANY;
    const variablesReference = this.hold({ objectId });
    const counts = isLong ? { indexedVariables: length, namedVariables: 1 } : {};
    return { name, value: text, type: className ?? type, variablesReference, ...counts };
  }

  /** An expression of the user's with the names that its variables have in a frame. */
  async inFrame(expression: string, { call, script }: Frame): Promise<string> {
    const aliases = { ...script?.facts.aliases };
    if (!Object.keys(aliases).some((name) => expression.includes(name))) return expression;
    // A variable of a function hides one of the notebook's, or an import.
    const inner = (call?.scopeChain ?? []).filter(({ type }) => type !== 'script' && type !== 'global');
    for (const { object } of inner) {
      const { result } = await this.connection.send('Runtime.getProperties', {
        objectId: object.objectId!,
        ownProperties: true,
      });
      for (const { name } of result) delete aliases[name];
    }
    return inScriptNames(expression, aliases);
  }

  private hold(holder: Holder): number {
    this.holders.set(++this.last, holder);
    return this.last;
  }

  private ofCall({ this: self, returnValue }: Debugger.CallFrame): DebugProtocol.Variable[] {
    const shown: DebugProtocol.Variable[] = [];
    if (returnValue) shown.push(this.variable('Return value', returnValue));
    const isPlain = self.type === 'undefined' || self.className === 'global' || self.className === 'Object';
    if (!isPlain) shown.push(this.variable('this', self));
    return shown;
  }

  /** What an ES module has imported: not in any scope, since its script reads it from elsewhere. */
  private async imports(
    call: Debugger.CallFrame,
    aliases: Record<string, string>,
  ): Promise<DebugProtocol.Scope | undefined> {
    if (Object.keys(aliases).length === 0) return undefined;
    const getters = Object.entries(aliases).map(
      ([name, alias]) => `get ${JSON.stringify(name)}() { return ${alias}; }`,
    );
    const expression = `(() => { const all = { ${getters.join(', ')} }, read = {};
      for (const name in all) try { read[name] = all[name]; } catch { read[name] = undefined; }
      return read; })()`;
    const { callFrameId } = call;
    const { result, exceptionDetails } = await this.connection.send('Debugger.evaluateOnCallFrame', {
      callFrameId,
      expression,
      silent: true,
    });
    if (exceptionDetails || !result.objectId) return undefined;
    const variablesReference = this.hold({ objectId: result.objectId, isPart: true });
    return { name: 'Imports', variablesReference, expensive: false };
  }

  private async read({ objectId, scope, more = [], isModule, isPart }: Holder, withoutElements = false) {
    const { result, internalProperties = [] } = await this.connection.send('Runtime.getProperties', {
      objectId,
      ownProperties: true,
      generatePreview: true,
    });
    const shown = [...more];
    for (const { name, value, get } of result) {
      scope?.scriptNames.set(shownName(name), name);
      if (isOwnVariable(name) || (withoutElements && /^\d+$/.test(name))) continue;
      if (scope && isModule && OF_COMMON_JS.has(name)) continue;
      if (value) shown.push(this.variable(scope ? shownName(name) : name, value));
      else if (get?.objectId) shown.push({ name, value: '(…)', type: 'accessor', variablesReference: 0 });
      else if (scope) shown.push({ name: shownName(name), value: '<not yet>', variablesReference: 0 });
    }
    for (const { name, value } of scope || isPart ? [] : internalProperties) {
      if (value && SHOWN_INTERNALS.has(name)) shown.push(this.variable(name, value));
    }
    return shown;
  }
}

const SHOWN_INTERNALS = new Set([
  '[[Entries]]',
  '[[PromiseState]]',
  '[[PromiseResult]]',
  '[[Prototype]]',
  '[[Target]]',
]);
