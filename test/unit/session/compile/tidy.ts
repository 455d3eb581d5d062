/** A script's text without what stands above the cell, and without the semicolons that keep statements apart. */
export function tidy(code: string): string {
  return code
    .replace(/^"use strict"; ?/, '')
    .replace(/;+/g, ';')
    .replace(/^;|;$/gm, '')
    .replace(/;(?= ?let |__latentlab__\.result)/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}
