/** The few parts of plotly.js that our charts use (it ships no types of its own). */

declare module 'plotly.js/lib/core' {
  export interface Trace {
    type: 'scatter' | 'bar';
    name?: string;
    x: ArrayLike<number>;
    y: ArrayLike<number>;
    [attribute: string]: unknown;
  }

  /** One of a figure that the user wrote. */
  export interface AnyTrace {
    [attribute: string]: unknown;
  }

  export interface Layout {
    [attribute: string]: unknown;
  }

  export interface Config {
    [attribute: string]: unknown;
  }

  /** What plotly makes of the element that it draws in. */
  export interface PlotElement extends HTMLDivElement {
    layout: Layout;
    on(event: 'plotly_relayout', listener: (changes: Record<string, unknown>) => void): void;
    on(event: 'plotly_doubleclick', listener: () => void): void;
  }

  interface Plotly {
    register(modules: object[]): void;
    react(element: HTMLDivElement, data: (Trace | AnyTrace)[], layout: Layout, config: Config): Promise<PlotElement>;
    toImage(
      figure: { data: (Trace | AnyTrace)[]; layout: Layout; config: Config },
      options: { format: 'svg'; width: number; height: number; imageDataOnly: true },
    ): Promise<string>;
    purge(element: HTMLDivElement): void;
  }

  const plotly: Plotly;
  export default plotly;
}

/** Kinds of traces. */
declare module 'plotly.js/lib/*' {
  const module: object;
  export default module;
}
