import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import css from 'highlight.js/lib/languages/css';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import latex from 'highlight.js/lib/languages/latex';
import python from 'highlight.js/lib/languages/python';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import { escapeHtml } from '../markdown/escape';

for (const [name, language] of Object.entries({ bash, css, javascript, json, latex, python, typescript, xml })) {
  hljs.registerLanguage(name, language);
}

/** Code as HTML with highlight.js classes; of an unknown language as plain text. */
export function highlight(code: string, language: string): string {
  const known = hljs.getLanguage(language) !== undefined;
  return known ? hljs.highlight(code, { language, ignoreIllegals: true }).value : escapeHtml(code);
}
