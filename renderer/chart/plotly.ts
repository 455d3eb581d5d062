/** Our own bundle of plotly.js: the core with the traces that the charts draw. Always loaded by a dynamic import. */
import Plotly from 'plotly.js/lib/core';
import bar from 'plotly.js/lib/bar';
import scatter from 'plotly.js/lib/scatter';

Plotly.register([scatter, bar]);

export { Plotly };
