/** What one cell prints to one stream: its beginning goes out as it comes, of the rest the end is kept, by whole lines. */

/** Characters of the beginning, and of the end. */
const HEAD = 256 * 1024;
const TAIL = 256 * 1024;

export class LongText {
  private passed = 0;
  private isLong = false;
  /** Whether the beginning is whole lines up to here. */
  private isAtLine = false;
  private tail = '';
  private leftOut = { characters: 0, lines: 0 };

  /** @returns what goes out as it is; nothing any more once the text is long */
  add(text: string): string {
    if (this.isLong) {
      this.keep(text);
      return '';
    }
    const room = HEAD - this.passed;
    this.passed += text.length;
    if (text.length <= room) {
      if (text !== '') this.isAtLine = text.endsWith('\n');
      return text;
    }
    this.isLong = true;
    const end = text.slice(0, room).lastIndexOf('\n') + 1 || (this.isAtLine ? 0 : room);
    this.keep(text.slice(end));
    return text.slice(0, end);
  }

  /** Whether there is an end that does not go out as it comes. */
  get long(): boolean {
    return this.isLong;
  }

  /**
   * The end as it is now, after a line that says what is left out before it.
   *
   * @param longest characters of it, at most
   */
  end(longest = TAIL): string {
    const [dropped, kept] = split(this.tail, longest);
    const characters = this.leftOut.characters + dropped.length;
    if (characters === 0) return kept;
    const lines = this.leftOut.lines + linesIn(dropped);
    const count = lines > 0 ? `${lines.toLocaleString('en-US')} ${lines === 1 ? 'line' : 'lines'}` : 'a part of a line';
    return `\n… ${count} (${sizeText(characters)}) left out here …\n\n${kept}`;
  }

  private keep(text: string): void {
    this.tail += text;
    // Now and then, so that each character is moved few times.
    if (this.tail.length < 2 * TAIL) return;
    const [dropped, kept] = split(this.tail, TAIL);
    this.leftOut.characters += dropped.length;
    this.leftOut.lines += linesIn(dropped);
    this.tail = kept;
  }
}

/** A text in two, the second with at most so many characters, from the beginning of a line where there is one. */
function split(text: string, longest: number): [string, string] {
  const least = text.length - longest;
  if (least <= 0) return ['', text];
  const line = text.indexOf('\n', least - 1) + 1;
  const at = line > 0 && line < text.length ? line : least;
  return [text.slice(0, at), text.slice(at)];
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function sizeText(characters: number): string {
  return characters < 1e6 ? `${Math.ceil(characters / 1000)} kB` : `${(characters / 1e6).toFixed(1)} MB`;
}
