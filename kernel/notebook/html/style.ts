/** Colours of a light page, and of paper. */
const LIGHT = `
  --background: #ffffff;
  --surface: #f6f8fa;
  --ink: #1f2328;
  --quiet: #59636e;
  --rule: #d8dee4;
  --accent: #0b5cad;
  --error: #b3261e;
  --error-surface: #fdf3f2;
`.trim();

/** The report's own style sheet. Views read the `--vscode-*` variables, as they do in VS Code. */
export const REPORT_CSS = `
:root {
  color-scheme: light dark;
  ${LIGHT}
  --serif: Charter, 'Bitstream Charter', 'Source Serif 4', 'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif;
  --mono: ui-monospace, 'Cascadia Code', 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  --vscode-font-family: var(--sans);
  --vscode-font-size: 13px;
  --vscode-editor-font-family: var(--mono);
  --vscode-foreground: var(--ink);
  --vscode-editor-foreground: var(--ink);
  --vscode-editor-background: var(--background);
  --vscode-notebook-editorBackground: var(--background);
  --vscode-notebook-outputContainerBackgroundColor: var(--background);
  --vscode-descriptionForeground: var(--quiet);
  --vscode-errorForeground: var(--error);
  --vscode-focusBorder: var(--accent);
  --vscode-textLink-foreground: var(--accent);
  --vscode-progressBar-background: var(--accent);
  --vscode-panel-border: var(--rule);
  --vscode-widget-border: var(--rule);
  --vscode-editorWidget-background: var(--surface);
  --vscode-editorWidget-foreground: var(--ink);
  --vscode-editorHoverWidget-background: var(--surface);
  --vscode-editorHoverWidget-foreground: var(--ink);
  --vscode-editorHoverWidget-border: var(--rule);
  --vscode-button-background: var(--accent);
  --vscode-button-foreground: var(--background);
  --vscode-button-secondaryBackground: var(--surface);
  --vscode-button-secondaryForeground: var(--ink);
  --vscode-input-background: var(--background);
  --vscode-input-foreground: var(--ink);
  --vscode-input-border: var(--rule);
  --vscode-dropdown-background: var(--background);
  --vscode-dropdown-foreground: var(--ink);
  --vscode-dropdown-border: var(--rule);
}
@media (prefers-color-scheme: dark) {
  :root {
    --background: #16181c;
    --surface: #1e2126;
    --ink: #dde1e6;
    --quiet: #9aa4af;
    --rule: #343a42;
    --accent: #6cb2f7;
    --error: #f48771;
    --error-surface: #2b1d1c;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { font-size: 100%; scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--background); color: var(--ink); font: 1.0625rem/1.62 var(--serif); }
main {
  display: grid;
  grid-template-columns:
    minmax(1rem, 1fr) [wide-start] minmax(0, 10.5rem) [text-start] min(43rem, 100% - 2rem) [text-end] minmax(0, 10.5rem) [wide-end]
    minmax(1rem, 1fr);
  padding: 3.5rem 0 6rem;
}
main > * { grid-column: text; min-width: 0; }
main > .code { grid-column: wide; }

main > header { margin-bottom: 1.2rem; }
main > header p { margin: 0; font: 0.8125rem/1.5 var(--sans); color: var(--quiet); }
main > header .file { color: var(--ink); font-weight: 600; }

h1, h2, h3, h4 { line-height: 1.22; font-weight: 600; text-wrap: balance; margin: 2em 0 0.6em; }
h1 { font-size: 2.25rem; letter-spacing: -0.012em; margin: 0.3em 0 0.7em; }
h2 { font-size: 1.5rem; letter-spacing: -0.006em; }
h3 { font-size: 1.18rem; }
h4 { font-size: 1rem; }
p, ul, ol, blockquote, table { margin: 0 0 1em; }
.prose { hyphens: auto; overflow-wrap: break-word; }
.prose > :last-child { margin-bottom: 0.6em; }
li + li { margin-top: 0.25em; }
a { color: var(--accent); text-decoration-thickness: 0.06em; text-underline-offset: 0.16em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.latentlab-fold { margin: 0 0 1em; padding: .3em 1.1em; border-left: 3px solid var(--rule); }
.latentlab-fold > summary { cursor: pointer; font-weight: 600; }
.latentlab-undrawn em, .undrawn { color: var(--quiet); }
blockquote { margin-left: 0; padding-left: 1.1em; border-left: 3px solid var(--rule); color: var(--quiet); }
hr { border: 0; border-top: 1px solid var(--rule); margin: 2.5em 0; }
img { max-width: 100%; height: auto; }
.missing { color: var(--quiet); font-style: italic; }
code, pre { font-family: var(--mono); font-variant-ligatures: none; }
.prose code { font-size: 0.86em; background: var(--surface); padding: 0.1em 0.3em; border-radius: 4px; }
.prose pre { font-size: 0.8125rem; line-height: 1.55; background: var(--surface); padding: 0.8rem 1rem; border-radius: 6px; overflow-x: auto; }
.prose pre code { font-size: inherit; padding: 0; background: none; }
.prose table { border-collapse: collapse; font: 0.875rem/1.45 var(--sans); font-variant-numeric: tabular-nums; }
.prose table { display: block; max-width: 100%; overflow-x: auto; }
th, td { padding: 0.32rem 0.8rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { font-weight: 600; border-bottom: 1.5px solid var(--quiet); }
caption { caption-side: bottom; padding-top: 0.4rem; color: var(--quiet); text-align: left; }
.equation { margin: 1.1em 0; overflow-x: auto; overflow-y: hidden; padding: 0.15em 0; }
.equation:has(> .mark) { position: relative; padding-right: 1.9rem; }
.equation > .mark { position: absolute; right: 0; top: 50%; translate: 0 -50%; width: 1.4rem; text-align: center; font: 600 0.95rem/1.4 var(--sans); }
.mark.holds { color: light-dark(#17692f, #7ee0a0); }
.mark.fails { color: var(--error); }
.equation a[id] { scroll-margin-top: 2rem; }
.katex { font-size: 1.1em; }
.katex-display { margin: 0; }
.katex-error { font: 0.8rem var(--mono); white-space: pre-wrap; }

.code { margin: 1.3rem 0 1.6rem; }
.input { position: relative; background: var(--surface); border-radius: 8px; }
.input pre { margin: 0; padding: 0.85rem 1.1rem; overflow-x: auto; font-size: 0.8125rem; line-height: 1.6; tab-size: 2; border-radius: inherit; }
.input .hljs { background: none; padding: 0; color: inherit; }
.run { position: absolute; right: calc(100% + 0.7rem); top: 1.05rem; text-align: right; white-space: nowrap; font: 0.72rem/1.5 var(--mono); color: var(--quiet); }
.run span { display: block; }
@media (max-width: 78rem) {
  .run { position: static; display: flex; gap: 1rem; padding: 0.6rem 1.1rem 0; text-align: left; }
  .run + pre { padding-top: 0.35rem; }
}
@media (prefers-color-scheme: light) {
  /* highlight.js's GitHub colours that fall short of 4.5 : 1 on the surface, made darker. */
  .hljs-doctag, .hljs-keyword, .hljs-template-tag, .hljs-template-variable, .hljs-type, .hljs-variable.language_ { color: #b6202d; }
  .hljs-built_in, .hljs-symbol { color: #953800; }
  .hljs-name, .hljs-quote, .hljs-selector-tag, .hljs-selector-pseudo { color: #17692f; }
  .hljs-comment { color: #59636e; }
}
.outputs { margin-top: 0.55rem; }
.outputs > * { margin: 0.55rem 0; }
.outputs pre { padding: 0.1rem 1.1rem; font-size: 0.8125rem; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 32rem; overflow-y: auto; }
.outputs pre.stderr { color: var(--quiet); }
.outputs pre.error { background: var(--error-surface); border-left: 3px solid var(--error); border-radius: 0 6px 6px 0; padding: 0.8rem 1.1rem; }
.outputs .html, .outputs .prose { padding: 0 1.1rem; overflow-x: auto; }
.outputs .html { font: 0.875rem/1.45 var(--sans); contain: content; }
.outputs > img, figure > img { display: block; margin: 0.8rem auto; border-radius: 4px; background: #fff; }
figure { margin: 1.1rem 0; }
.tree { padding: 0.1rem 1.1rem; font: 0.8125rem/1.5 var(--mono); max-height: 32rem; overflow: auto; overflow-wrap: anywhere; }
.tree div { padding-left: 1.1em; white-space: pre-wrap; }
.tree details { padding-left: 1.1em; }
.tree > details { padding-left: 0; }
.tree summary { margin-left: -1.1em; list-style: none; cursor: pointer; white-space: pre-wrap; }
.tree > details > summary { margin-left: 0; }
.tree > details > :not(summary) { margin-left: 1.1em; }
.tree summary::before { content: '▸'; display: inline-block; width: 1.1em; color: var(--quiet); }
.tree [open] > summary::before { content: '▾'; }
.tree .name { color: light-dark(#7b3fa0, #d3a4f0); }
.tree .text { color: light-dark(#a31515, #ce9178); }
.tree .number { color: light-dark(#17692f, #7ee0a0); }
.tree .word, .tree .function { color: var(--accent); }
.tree .error { color: var(--error); }
.tree .getter, .tree .cycle, .tree .left-out, .tree [open] > summary > span:not(.name) { color: var(--quiet); }
.ansi-bold { font-weight: 600; }
.ansi-red-fg, .ansi-bright-red-fg { color: var(--error); }
.ansi-green-fg, .ansi-bright-green-fg { color: light-dark(#17692f, #7ee0a0); }
.ansi-yellow-fg, .ansi-bright-yellow-fg { color: light-dark(#7a5200, #e6c068); }
.ansi-blue-fg, .ansi-bright-blue-fg { color: var(--accent); }
.ansi-magenta-fg, .ansi-bright-magenta-fg { color: light-dark(#7b3fa0, #d3a4f0); }
.ansi-cyan-fg, .ansi-bright-cyan-fg { color: light-dark(#0b6470, #74d0de); }
.ansi-black-fg, .ansi-bright-black-fg { color: var(--quiet); }

@page { size: A4; margin: 17mm 16mm 19mm; }
@media print {
  :root {
    color-scheme: light;
    ${LIGHT}
  }
  html { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 1.05rem; line-height: 1.5; }
  main { display: block; padding: 0; }
  a { color: inherit; text-decoration: none; }
  h1 { font-size: 1.9rem; margin-top: 0; }
  h1, h2, h3, h4 { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  .code { margin: 0.9rem 0 1.1rem; }
  .input { break-inside: avoid; border: 1px solid var(--rule); border-radius: 4px; }
  .input pre { padding: 0.55rem 0.8rem; font-size: 0.75rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
  .input:has(+ .outputs) { break-after: avoid; }
  .run { position: static; display: flex; gap: 1rem; padding: 0.35rem 0.8rem 0; text-align: left; }
  .run + pre { padding-top: 0.1rem; }
  .outputs pre { max-height: none; overflow: visible; padding: 0.1rem 0.8rem; font-size: 0.75rem; }
  .tree { max-height: none; overflow: visible; }
  .outputs > *, figure, .equation, table { break-inside: avoid; }
  .outputs > pre { break-inside: auto; }
  .outputs > img, figure > img { max-width: 100%; max-height: 225mm; object-fit: contain; }
  .equation { overflow: visible; }
  .prose table { display: table; overflow: visible; }
}
`;

/** What HTML of an output looks like where it does not say so itself; nothing of the page's style sheet reaches it. */
export const OUTPUT_CSS = `
*, ::before, ::after { box-sizing: border-box; }
a { color: var(--accent); }
img, svg, video { max-width: 100%; }
code, pre { font-family: var(--mono); font-size: 0.8125rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.32rem 0.8rem; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
th { font-weight: 600; border-bottom: 1.5px solid var(--quiet); }
caption { caption-side: bottom; padding-top: 0.4rem; color: var(--quiet); text-align: left; }
`;
