/** HTML that a notebook's outputs hold, made fit to stand in a report: it reaches nothing outside its own place. */
import { defaultTreeAdapter as tree, parseFragment, serialize } from 'parse5';
import type { DefaultTreeAdapterTypes as Tree } from 'parse5';

/**
 * Elements that act on the document or on the network, hold scripts, or cannot be ended again; they go with what they
 * hold.
 */
const LEFT_OUT = new Set([
  ...['applet', 'base', 'embed', 'fencedframe', 'frame', 'frameset', 'iframe', 'link', 'meta', 'object', 'portal'],
  ...['noembed', 'noframes', 'noscript', 'plaintext', 'script', 'template', 'title', 'xmp'],
]);

/** Attributes whose address a click or a form would go to. */
const ADDRESSES = new Set(['action', 'formaction', 'href', 'ping', 'src', 'xlink:href']);

/** Browsers keep no tree that is deeper. */
const DEEPEST = 500;

/** How often HTML is read again until it reads as it is written. */
const ROUNDS = 3;

/**
 * A fragment with every element ended, without scripts and without what acts on the whole document.
 *
 * A browser that reads the result again finds the same elements, so that none reaches past its end.
 *
 * @returns undefined for HTML that does not settle so, or that is nested too deeply
 */
export function containedHtml(text: string): string | undefined {
  let settled = cleaned(text);
  for (let round = 0; settled !== undefined && round < ROUNDS; round++) {
    const again = cleaned(settled);
    if (again === settled) return settled;
    settled = again;
  }
  return undefined;
}

function cleaned(text: string): string | undefined {
  // Without a context element a fragment is read as the content of a template, which is where it will stand.
  const fragment = parseFragment(text);
  let level: Tree.ParentNode[] = [fragment];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return undefined;
    for (const parent of level) parent.childNodes = parent.childNodes.filter(stays);
    const elements = level.flatMap(({ childNodes }) => childNodes.filter((node) => tree.isElementNode(node)));
    for (const element of elements) element.attrs = element.attrs.filter(isHarmless);
    level = elements;
  }
  return serialize(fragment);
}

function stays(node: Tree.ChildNode): boolean {
  return tree.isTextNode(node) || (tree.isElementNode(node) && !LEFT_OUT.has(node.tagName.toLowerCase()));
}

function isHarmless({ name, prefix, value }: Tree.Element['attrs'][number]): boolean {
  const full = (prefix ? `${prefix}:${name}` : name).toLowerCase();
  if (full.startsWith('on') || full === 'autofocus' || full === 'srcdoc') return false;
  // Browsers ignore control characters and white space in a scheme.
  const address = value.replace(/[\u0000-\u0020]/g, '');
  return !ADDRESSES.has(full) || !/^(javascript|vbscript|data:text|data:application)/i.test(address);
}
