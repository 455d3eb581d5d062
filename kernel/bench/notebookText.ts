/** Notebooks that benches run, as somebody writes them. */

export interface WrittenCell {
  text: string;
  tags?: readonly string[];
}

/** An `.ipynb` file with these code cells, not executed. */
export function notebookText(cells: readonly WrittenCell[]): string {
  return JSON.stringify({
    cells: cells.map(({ text, tags }, i) => ({
      cell_type: 'code',
      execution_count: null,
      id: `cell-${i + 1}`,
      metadata: tags ? { tags } : {},
      outputs: [],
      source: text.split(/(?<=\n)/),
    })),
    metadata: {
      kernelspec: { name: 'latentlab', display_name: 'LatentLab (TypeScript)', language: 'typescript' },
      language_info: { name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
