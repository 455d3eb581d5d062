/** The traces that figures of the user's own have beside those of our charts. Always loaded by a dynamic import. */
import Plotly from 'plotly.js/lib/core';
import box from 'plotly.js/lib/box';
import contour from 'plotly.js/lib/contour';
import heatmap from 'plotly.js/lib/heatmap';
import histogram from 'plotly.js/lib/histogram';
import histogram2d from 'plotly.js/lib/histogram2d';
import histogram2dcontour from 'plotly.js/lib/histogram2dcontour';
import pie from 'plotly.js/lib/pie';
import scatterpolar from 'plotly.js/lib/scatterpolar';
import violin from 'plotly.js/lib/violin';

Plotly.register([box, contour, heatmap, histogram, histogram2d, histogram2dcontour, pie, scatterpolar, violin]);

/** Types of traces that can be drawn now. */
export const TRACE_TYPES: ReadonlySet<string> = new Set([
  ...['scatter', 'bar', 'box', 'contour', 'heatmap', 'histogram', 'histogram2d', 'histogram2dcontour', 'pie'],
  ...['scatterpolar', 'violin'],
]);
