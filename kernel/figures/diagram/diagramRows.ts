/** A diagram's parts as a table, and what one of them says when it is looked at. */
import type { DiagramView } from '../../views/types';
import { count, counted } from '../../views/wording';

export const DIAGRAM_COLUMNS = ['part', 'kind', 'details', 'parameters', 'from', 'to'] as const;

export function diagramRows({ parts, arrows }: Pick<DiagramView, 'parts' | 'arrows'>): string[][] {
  const titles = new Map(parts.map(({ id, title }) => [id, title]));
  const named = (ids: readonly string[]) => ids.map((id) => titles.get(id)!).join(', ');
  return parts.map(({ id, kind, title, lines, parameters }) => [
    ...[title, kind, lines.join('; '), parameters === undefined ? '' : count(parameters)],
    named(arrows.filter(({ to }) => to === id).map(({ from }) => from)),
    named(arrows.filter(({ from }) => from === id).map(({ to }) => to)),
  ]);
}

/** `encoder, network: MLP, relu; 784 → 400 → 40; 402,240 parameters. From x. To z, β · kl.` */
export function spokenPart(view: Pick<DiagramView, 'parts' | 'arrows'>, index: number): string {
  const { title, kind, lines, parameters } = view.parts[index]!;
  const [, , , , from, to] = diagramRows(view)[index]!;
  const details = [...lines, ...(parameters ? [counted(parameters, 'parameter')] : [])].join('; ');
  const ends = [from && `From ${from}.`, to && `To ${to}.`].filter(Boolean).join(' ');
  return `${title}, ${kind}${details && `: ${details}`}. ${ends}`.trim();
}
