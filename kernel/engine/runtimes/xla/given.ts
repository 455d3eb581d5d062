/** What a series of steps is given, and what of that its program depends on. */
import type { StepInputs } from '../../step';
import type { Elements } from '../../trace/program';
import { elementsGivenBy, signatureOf } from '../given';
import { rowsIn, type RowTable } from '../residence';
import type { Tables } from './tables';

/** The tables that a step's tensors are rows of, by the names of the program's inputs. */
export type TablesGiven = ReadonlyMap<string, RowTable>;

export function tablesGiven({ tensors }: StepInputs, tables: Tables): TablesGiven {
  const given = new Map<string, RowTable>();
  for (const [name, tensor] of Object.entries(tensors)) {
    const found = rowsIn(tensor);
    if (found && tables.fits(found.table)) given.set(`tensor/${name}`, found.table);
  }
  return given;
}

/** Shapes and types of what is given, and of the tables that it comes from. */
export function seriesSignature(inputs: StepInputs, tables: TablesGiven): string {
  const from = [...tables].map(([name, { length, width }]) => `${name}<${length}x${width}`);
  return [signatureOf(inputs), ...from].join(' ');
}

/** Elements by the names of the program's inputs; of a table its rows. */
export async function givenToStep(inputs: StepInputs, tables: TablesGiven): Promise<Record<string, Elements>> {
  const given: Record<string, Elements> = {};
  for (const [name, tensor] of Object.entries(inputs.tensors)) {
    const key = `tensor/${name}`;
    given[key] = tables.has(key) ? rowsIn(tensor)!.rows : await elementsGivenBy(tensor);
  }
  return given;
}
