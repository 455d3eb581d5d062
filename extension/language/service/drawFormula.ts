/** TeX as SVG, by MathJax. Its own bundle, loaded with the first formula. */
import { liteAdaptor } from '@mathjax/src/mjs/adaptors/liteAdaptor.js';
import { RegisterHTMLHandler } from '@mathjax/src/mjs/handlers/html.js';
import '@mathjax/src/mjs/input/tex/ams/AmsConfiguration.js';
import '@mathjax/src/mjs/input/tex/base/BaseConfiguration.js';
import '@mathjax/src/mjs/input/tex/boldsymbol/BoldsymbolConfiguration.js';
import '@mathjax/src/mjs/input/tex/configmacros/ConfigMacrosConfiguration.js';
import { TeX } from '@mathjax/src/mjs/input/tex.js';
import { mathjax } from '@mathjax/src/mjs/mathjax.js';
import { SVG } from '@mathjax/src/mjs/output/svg.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/arrows.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/calligraphic.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/double-struck.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/fraktur.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/sans-serif.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/script.js';
import '@mathjax/mathjax-newcm-font/mjs/svg/dynamic/symbols.js';
import type { Draw } from './formulas';

/** Pixels per ex of a hover's text. */
const EX = 6.6;

const INKS = { light: '#1f1f1f', dark: '#cccccc' };

// The parts of the font that are asked for by name are those that are imported above.
mathjax.asyncLoad = () => ({});
mathjax.asyncIsSynchronous = true;

const adaptor = liteAdaptor();
RegisterHTMLHandler(adaptor);
const svg = new SVG({ fontCache: 'none', linebreaks: { inline: false } });
const tex = new TeX({
  packages: ['base', 'ams', 'boldsymbol', 'configmacros'],
  macros: { bm: ['\\boldsymbol{#1}', 1] },
});
const page = mathjax.document('', { InputJax: tex, OutputJax: svg });
svg.font.loadDynamicFilesSync();

export const draw: Draw = (source, display, ink) => {
  const drawn = adaptor.innerHTML(page.convert(source, { display }) as Parameters<typeof adaptor.innerHTML>[0]);
  if (drawn.includes('data-mjx-error')) return undefined;
  return (
    drawn
      // Its source in TeX is written as it stands, which may be no XML.
      .replaceAll(/ data-[\w-]+="[^"]*"/g, '')
      .replace(/(width|height)="([\d.]+)ex"/g, (_, name: string, ex: string) => `${name}="${pixels(ex)}"`)
      .replaceAll('currentColor', INKS[ink])
  );
};

function pixels(ex: string): string {
  return (Number(ex) * EX).toFixed(1);
}
