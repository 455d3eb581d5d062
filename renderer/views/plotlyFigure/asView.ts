/** Plotly's JSON `{ data, layout }` with what the JSON of every view has. */
import { VIEW_VERSION } from '../../../kernel/views/types';
import { counted } from '../../numbers';
import { titleText } from '../../titles';

type Trace = Record<string, unknown>;

/** @throws Error for what is not a figure */
export function asView(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) throw new Error('it is not a Plotly figure');
  const { data = [], layout = {} } = json as { data?: unknown; layout?: unknown };
  const title = titleText((layout as Trace)['title']) ?? 'Figure';
  return { version: VIEW_VERSION, id: 'plotly', title, summary: summaryOf(data), data, layout };
}

function summaryOf(data: unknown): string {
  const traces = Array.isArray(data) ? (data as Trace[]) : [];
  const named = traces.map((trace, i) => `${typeOf(trace)} ${nameOf(trace, i)}`);
  return `Plotly figure of ${counted(traces.length, 'trace')}: ${named.join(', ')}`;
}

export function typeOf(trace: Trace): string {
  return typeof trace['type'] === 'string' ? trace['type'] : 'scatter';
}

export function nameOf(trace: Trace, i: number): string {
  return typeof trace['name'] === 'string' ? trace['name'] : String(i + 1);
}
