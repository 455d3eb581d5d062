/**
 * Tags of a block of code, in the line that opens it: as Jupytext writes them (` ```ts tags=["parameters"] `), and as
 * Pandoc writes classes (` ```ts {.parameters} `).
 */

const LINE = /^([ \t]*(?:`{3,}|~{3,})[ \t]*[^\s`{]*)([^\r\n]*)$/m;
const TAGS = /\btags=(\[[^\]\r\n]*\])/;
const CLASSES = /\{([^}\r\n]*)\}/;

/** @param before what stands in front of the block's text; its last line with a fence opens it */
export function tagsOf(before: string): string[] {
  const info = openingOf(before)?.[2] ?? '';
  const listed = TAGS.exec(info)?.[1];
  const classes = (CLASSES.exec(info)?.[1] ?? '').split(/\s+/).filter((word) => /^\.[\w-]+$/.test(word));
  return [...new Set([...(listed ? listOf(listed) : []), ...classes.map((word) => word.slice(1))])];
}

export function isTaggedAs(before: string, tags: readonly string[]): boolean {
  return tagsOf(before).join('\n') === tags.join('\n');
}

/** The same with these tags in place of those it had; whatever else the line says stays. */
export function withTags(before: string, tags: readonly string[]): string {
  const opening = openingOf(before);
  if (!opening || isTaggedAs(before, tags)) return before;
  const [line, fence, info] = [opening[0], opening[1]!, opening[2]!];
  const rest = info.replace(TAGS, '').replace(CLASSES, withoutClasses).trim();
  const said = tags.length > 0 ? `tags=${JSON.stringify(tags).replaceAll('","', '", "')}` : '';
  const words = [fence, rest, said].filter((word) => word !== '').join(' ');
  return before.slice(0, opening.index) + words + before.slice(opening.index + line.length);
}

function withoutClasses(_: string, inside: string): string {
  const left = inside.split(/\s+/).filter((word) => word !== '' && !/^\.[\w-]+$/.test(word));
  return left.length > 0 ? `{${left.join(' ')}}` : '';
}

/** The last line with a fence. */
function openingOf(before: string): RegExpExecArray | undefined {
  return [...before.matchAll(new RegExp(LINE, 'gm'))].at(-1);
}

function listOf(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
