/** Dialogs one after the other, with a way back: quick picks that say what happens next. */
import * as vscode from 'vscode';

/** What a step came to; absent: the user has left the dialogs. */
export type Outcome<T> = { back: true } | { value: T } | undefined;

export interface Item<T> extends vscode.QuickPickItem {
  value?: T;
}

export interface PickOptions<T> {
  title: string;
  /** What happens next, below the title. */
  next: string;
  /** Which step of how many. */
  step: number;
  steps: number;
  items: readonly Item<T>[];
  /** The one that is proposed: Enter takes it. */
  active?: (item: Item<T>) => boolean;
  buttons?: readonly vscode.QuickInputButton[];
  onButton?(button: vscode.QuickInputButton): void;
  /** Told of the box, so that items may change while it is open; disposed with it. */
  live?(box: vscode.QuickPick<Item<T>>): vscode.Disposable;
}

/** One of the items. */
export function pickOne<T>(options: PickOptions<T>): Promise<Outcome<T>> {
  return shown<T, T>(options, false, (box) => {
    const [picked] = box.selectedItems;
    return picked?.value === undefined ? undefined : { value: picked.value };
  });
}

/**
 * Any number of the items.
 *
 * @param picked those that are chosen at first
 * @param check why they cannot be taken, which stands at the top of the box then; or undefined
 */
export function pickMany<T>(
  options: PickOptions<T>,
  picked: (item: Item<T>) => boolean,
  check: (chosen: T[]) => { what: string; advice: string } | undefined,
): Promise<Outcome<T[]>> {
  const chosenOf = (box: vscode.QuickPick<Item<T>>) => box.selectedItems.flatMap(({ value }) => value ?? []) as T[];
  return shown<T, T[]>(
    options,
    true,
    (box) => {
      const chosen = chosenOf(box);
      const fault = check(chosen);
      if (fault === undefined) return { value: chosen };
      const { selectedItems } = box;
      const shown: Item<T> = { label: `$(error) ${fault.what}`, detail: fault.advice, alwaysShow: true };
      box.items = [shown, ...options.items];
      box.selectedItems = selectedItems.filter((item) => options.items.includes(item));
      box.activeItems = [shown];
      return undefined;
    },
    (box) => (box.selectedItems = options.items.filter(picked)),
  );
}

/** @param accept what the box came to; undefined: it stays open */
function shown<T, R>(
  { title, next, step, steps, items, active, buttons = [], onButton, live }: PickOptions<T>,
  many: boolean,
  accept: (box: vscode.QuickPick<Item<T>>) => { value: R } | undefined,
  begin?: (box: vscode.QuickPick<Item<T>>) => void,
): Promise<Outcome<R>> {
  const box = vscode.window.createQuickPick<Item<T>>();
  const back = vscode.QuickInputButtons.Back;
  Object.assign(box, { title, placeholder: next, step, totalSteps: steps, canSelectMany: many });
  Object.assign(box, { ignoreFocusOut: true, matchOnDescription: true, matchOnDetail: true });
  box.buttons = [...(step > 1 ? [back] : []), ...buttons];
  box.items = items;
  begin?.(box);
  const proposed = active && items.find(active);
  if (proposed) box.activeItems = [proposed];
  const extra = live?.(box);
  return new Promise((resolve) => {
    // The next box takes the place of this one: were it hidden before, keys would go to what lies behind for a moment.
    const close = (found: Outcome<R>) => {
      resolve(found);
      setTimeout(() => box.dispose());
    };
    box.onDidTriggerButton((button) => (button === back ? close({ back: true }) : onButton?.(button)));
    box.onDidAccept(() => {
      const found = accept(box);
      if (found) close(found);
    });
    box.onDidHide(() => {
      extra?.dispose();
      close(undefined);
    });
    box.show();
  });
}
