/** The licence texts of everything that a package holds. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { manifestOf, packageFolderOf, ROOT } from './files.mjs';

const TEXT = /^(licen[cs]e|copying|notice|third-?party-?notices)([-.].*)?$/i;
/** For packages that name their licence and bring no text of it, by SPDX names. That of BSD-3-Clause is protobuf's own. */
const TEXTS = path.join(ROOT, 'packaging', 'licences');

/**
 * @typedef {object} Part A package that is in the VSIX, as files or in a bundle.
 * @property {string} name
 * @property {string} version
 * @property {string} licence By its SPDX name.
 * @property {string} text
 */

/**
 * The packages that files belong to, each once.
 *
 * @param {Iterable<string>} files relative to the repository, or absolute
 * @param {Iterable<string>} [folders] of packages that lie elsewhere
 * @returns {Part[]}
 * @throws {Error} naming a package whose licence is not known
 */
export function partsOf(files, folders = []) {
  const installed = [...files].map((file) => packageFolderOf(file)).filter((folder) => folder !== undefined);
  const all = [...new Set([...installed.map((folder) => path.join(ROOT, folder)), ...folders])];
  const parts = new Map(all.map((folder) => keyed(partAt(folder))));
  return [...parts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param {readonly Part[]} parts
 * @returns {string}
 */
export function noticesOf(parts) {
  const rule = '-'.repeat(80);
  const list = parts.map(({ name, version, licence }) => `${name} ${version} (${licence})`).join('\n');
  const texts = parts.map(({ name, version, text }) => `${rule}\n${name} ${version}\n${rule}\n\n${text.trim()}\n`);
  return (
    'LatentLab holds the following packages, each under its own licence. Fashion-MNIST, in samples/data, has its licence ' +
    `beside it.\n\n${list}\n\n${texts.join('\n')}`
  );
}

/**
 * @param {Part} part
 * @returns {[string, Part]}
 */
const keyed = (part) => [`${part.name} ${part.version}`, part];

/**
 * @param {string} folder
 * @returns {Part}
 */
function partAt(folder) {
  const manifest = manifestOf(folder);
  const { name, version } = manifest;
  const { license = manifest.licenses?.[0] } = manifest;
  const licence = typeof license === 'object' ? license.type : license;
  if (!licence) throw new Error(`${name} ${version} does not say its licence (${folder}).`);
  const own = readdirSync(folder).filter((file) => TEXT.test(file));
  const files = own.length > 0 ? own.sort().map((file) => path.join(folder, file)) : standardTexts(manifest, licence);
  const texts = files.map((file) => readFileSync(file, 'utf8').trim());
  if (own.length === 0) texts.unshift(`Copyright (c) ${authorOf(manifest)}`);
  return { name, version, licence, text: texts.join('\n\n') };
}

/**
 * @param {import('./files.mjs').Manifest} manifest
 * @param {string} licence an SPDX expression
 */
function standardTexts({ name, version }, licence) {
  return (licence.match(/[\w.-]+/g) ?? [])
    .filter((word) => word !== 'AND')
    .map((id) => {
      const file = path.join(TEXTS, `${id}.txt`);
      if (existsSync(file)) return file;
      throw new Error(
        `${name} ${version} brings no text of its licence (${licence}); add packaging/licences/${id}.txt.`,
      );
    });
}

/** @param {import('./files.mjs').Manifest} manifest */
function authorOf({ name, author }) {
  return (typeof author === 'object' ? author.name : author) ?? `the authors of ${name}`;
}
