/** The README, and its pictures, as the extension's page shows them. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './files.mjs';

const require = createRequire(import.meta.url);

/** In pixels: what fits on an extension's page. */
const WIDTH = 800;
const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/**
 * A README that shows its pictures wherever it is opened: they stand in it, and links to files of the repository are words
 * alone. Where `package.json` names a `repository`, nothing is changed: vsce then makes addresses of both.
 *
 * @param {string} markdown
 * @returns {Promise<string>}
 */
export async function selfContained(markdown) {
  /** @type {Map<string, string>} */
  const pictures = new Map();
  for (const [, isImage, , target = ''] of markdown.matchAll(LINK)) {
    if (!isImage || !isFile(target)) continue;
    const picture = await photograph(path.join(ROOT, target));
    pictures.set(target, `data:image/jpeg;base64,${picture.toString('base64')}`);
  }
  return markdown.replace(LINK, (all, isImage, text, target) => {
    if (!isFile(target)) return all;
    return isImage ? `![${text}](${pictures.get(target)})` : text;
  });
}

/** @param {string} target of a link */
const isFile = (target) => !/^(\w+:|#)/.test(target);

/**
 * A picture at the size in which an extension's page and its walkthrough show it, as JPEG.
 *
 * @param {string} file
 */
export async function photograph(file) {
  /** @type {typeof import('@napi-rs/canvas')} */
  const { createCanvas, loadImage } = require('@napi-rs/canvas');
  const image = await loadImage(readFileSync(file));
  const scale = Math.min(1, WIDTH / image.width);
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toBuffer('image/jpeg', 78);
}
