/** The notebooks that LatentLab's kernel runs. */
import type * as vscode from 'vscode';

/** The kernel's name in a notebook's metadata. */
export const KERNEL_NAME = 'latentlab';
/** `.ipynb` files, which VS Code reads and writes. */
export const NOTEBOOK_TYPE = 'jupyter-notebook';
/** Notes in Markdown, which LatentLab reads and writes. */
export const DERIVATION_TYPE = 'latentlab-derivation';
export const NOTEBOOK_TYPES = [NOTEBOOK_TYPE, DERIVATION_TYPE] as const;

/** A controller is there for one type of notebooks. */
export const CONTROLLER_IDS: Readonly<Record<string, string>> = {
  [NOTEBOOK_TYPE]: 'latentlab',
  [DERIVATION_TYPE]: 'latentlab-derivation',
};

export function isOfOurType({ notebookType }: vscode.NotebookDocument): boolean {
  return Object.hasOwn(CONTROLLER_IDS, notebookType);
}
