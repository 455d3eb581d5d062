/** The form of "Run with Parameters…": one list of all parameters, and a box or a list for the one that is chosen. */
import * as vscode from 'vscode';
import type { DeclaredParameter } from '../../kernel/notebook/parameters/declared';
import { isClear, type ParameterType, type ParameterValue } from '../../kernel/notebook/parameters/types';
import { read, valueProblem } from '../../kernel/notebook/parameters/values';

export type Values = Record<string, ParameterValue>;

interface Item extends vscode.QuickPickItem {
  parameter?: DeclaredParameter;
  isReset?: boolean;
}

const RESET: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('discard'),
  tooltip: vscode.l10n.t('As the cell says'),
};

/**
 * @param values those of last time
 * @returns what to override; undefined when the user did not want to run after all
 */
export async function askForValues(
  declared: readonly DeclaredParameter[],
  values: Readonly<Values>,
  title: string,
): Promise<Values | undefined> {
  let chosen: Values = { ...values };
  let active: string | undefined;
  for (;;) {
    const step = await listStep(declared, chosen, title, active);
    if (step === undefined) return undefined;
    if (step.kind === 'run') return chosen;
    active = step.parameter.name;
    if (step.kind === 'reset') {
      chosen = without(chosen, active);
      continue;
    }
    const value = await valueStep(step.parameter, chosen[active] ?? step.parameter.value, title);
    if (value !== undefined) chosen = { ...chosen, [active]: value };
  }
}

type Step = { kind: 'run' } | { kind: 'edit' | 'reset'; parameter: DeclaredParameter };

function listStep(
  declared: readonly DeclaredParameter[],
  values: Readonly<Values>,
  title: string,
  active: string | undefined,
): Promise<Step | undefined> {
  const box = vscode.window.createQuickPick<Item>();
  const items = declared.map((parameter) => itemOf(parameter, values));
  box.items = [
    { label: `$(play) ${vscode.l10n.t('Run')}`, description: overridesText(values), alwaysShow: true },
    { label: vscode.l10n.t('Parameters'), kind: vscode.QuickPickItemKind.Separator },
    ...items,
  ];
  box.title = title;
  box.placeholder = vscode.l10n.t('Enter runs the notebook; choose a parameter to give it another value');
  box.matchOnDescription = true;
  // Values that were chosen stay when the focus goes elsewhere.
  box.ignoreFocusOut = true;
  box.activeItems = [items.find(({ parameter }) => parameter?.name === active) ?? box.items[0]!];
  return new Promise((resolve) => {
    let step: Step | undefined;
    box.onDidAccept(() => {
      const [item] = box.activeItems;
      if (item?.parameter && !isClear(item.parameter.type)) return;
      step = item?.parameter ? { kind: 'edit', parameter: item.parameter } : { kind: 'run' };
      box.hide();
    });
    box.onDidTriggerItemButton(({ item }) => {
      if (!item.parameter) return;
      step = { kind: 'reset', parameter: item.parameter };
      box.hide();
    });
    box.onDidHide(() => {
      box.dispose();
      resolve(step);
    });
    box.show();
  });
}

function itemOf(parameter: DeclaredParameter, values: Readonly<Values>): Item {
  const { name, typeText, comment, type, value } = parameter;
  const isGiven = Object.hasOwn(values, name);
  const shown = isGiven ? values[name] : value;
  const text = shown === undefined ? vscode.l10n.t('computed in the cell') : JSON.stringify(shown);
  const before = isGiven && value !== undefined ? vscode.l10n.t('  instead of {0}', JSON.stringify(value)) : '';
  const problem = isClear(type) ? undefined : vscode.l10n.t('The cell does not say its type: declare it');
  return {
    parameter,
    label: `$(${isGiven ? 'edit' : 'symbol-variable'}) ${name} = ${text}`,
    description: `${typeText}${before}`,
    detail: problem ?? comment,
    buttons: isGiven ? [RESET] : [],
  };
}

/** @returns undefined if the user went back */
async function valueStep(
  parameter: DeclaredParameter,
  value: ParameterValue | undefined,
  title: string,
): Promise<ParameterValue | undefined> {
  const { name, typeText, comment, type } = parameter;
  const choices = choicesOf(type);
  const heading = `${title}: ${name}`;
  if (choices) {
    const items = choices.map((one) => ({
      label: JSON.stringify(one),
      description: one === value ? vscode.l10n.t('now') : '',
      one,
    }));
    const placeHolder = comment ?? typeText;
    return (await vscode.window.showQuickPick(items, { title: heading, placeHolder, ignoreFocusOut: true }))?.one;
  }
  const text = await vscode.window.showInputBox({
    title: heading,
    ignoreFocusOut: true,
    prompt: comment === undefined ? typeText : `${typeText} · ${comment}`,
    value: value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
    validateInput: (given) => {
      const found = read(given, type);
      const problem = valueProblem(found === undefined ? given : found, parameter);
      return problem === undefined ? undefined : problem;
    },
  });
  return text === undefined ? undefined : read(text, type);
}

/** All values of a type that has few. */
export function choicesOf(type: ParameterType): ParameterValue[] | undefined {
  if (type.kind === 'boolean') return [true, false];
  if (type.kind === 'literal') return [type.value];
  if (type.kind === 'null') return [null];
  if (type.kind !== 'union') return undefined;
  const all = type.of.map(choicesOf);
  return all.every((one) => one !== undefined) ? all.flat() : undefined;
}

function overridesText(values: Readonly<Values>): string {
  const entries = Object.entries(values);
  if (entries.length === 0) return vscode.l10n.t('as the cell says');
  return entries.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ');
}

function without(values: Readonly<Values>, name: string): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}
