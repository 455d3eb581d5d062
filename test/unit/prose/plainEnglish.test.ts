import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Turns of phrase that make a reader stop, with what to write in their place. */
const AVOIDED: Readonly<Record<string, RegExp>> = {
  'a comment that begins with “Of”: begin with the subject': /^\s*(?:\/\*\*?|\*|\/\/|#)\s+Of\s/mu,
  '“of which”: write a second sentence': /\bof which\b/iu,
  '“is told”: write takes, hears, reports or says': /\b(?<!you )(?:is|are|was|were) told\b/iu,
  '“the first of these”: name what it is': /\bthe first of (?:these|those)\b/iu,
  '“goes on exactly”: write resumes exactly': /\bgo(?:es)? on (?:exactly|where it (?:was|stopped))/iu,
  '“goes on with it”: write resumes it': /\bgo(?:es)? on with (?:it|them)\b/iu,
  '“one’s own”: write your own': /\bone['’]s own\b/iu,
  '“at hand”: say which': /\bat hand\b/iu,
  '“is no whole …”: write is not a complete, or not a whole': /\b(?:is|are) no whole\b/iu,
  '“a fair sample”: write a random sample': /\bfair sample/iu,
  '“to be rid of”: write delete, or uninstall': /\bto be rid of\b/iu,
  '“is let go”: write is released': /\b(?:is|are) let go\b/iu,
  '“to be had”: write available': /\bto be had\b/iu,
  '“in a process of its own”: write in a separate process': /\b(?:process|thread|folder|project) of its own\b/iu,
  '“undefined where”: write undefined if': /\b(?:undefined|null) where\b/iu,
};

/** The files that people read: sources, documents and notebooks; not the history, nor what this rule needs to say. */
const READ = /\.(?:ts|mjs|cjs|py|md|ipynb|json|yml|sh|css)$/u;
const APART = /^(?:CHANGELOG\.md|package-lock\.json|packaging\/package-lock\.json|test\/unit\/prose\/)/u;

function filesThatPeopleRead(): string[] {
  const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
  return tracked.filter((file) => READ.test(file) && !APART.test(file));
}

/** `file:line: what is wrong` of every phrase that is avoided. */
function findings(file: string, text: string): string[] {
  return Object.entries(AVOIDED).flatMap(([what, phrase]) => {
    const found = phrase.exec(text);
    return found ? [`${file}:${text.slice(0, found.index).split('\n').length}: ${what}`] : [];
  });
}

describe('what people read', () => {
  it('is in plain English', () => {
    const files = filesThatPeopleRead();
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => findings(file, readFileSync(file, 'utf8')))).toEqual([]);
  });

  it.each([
    '// Of several devices the best',
    'files, one of which is damaged',
    'the model is told the classes',
    'takes the first of these',
    'it goes on exactly where',
    'a later run goes on with it',
    'a model of one’s own',
    'the library at hand',
    'this is no whole file',
    'a fair sample of the rows',
    'delete it to be rid of it',
    'the slider is let go',
    'the rest is to be had',
    'runs in a process of its own',
    'null where nothing is known',
  ])('would be refused with “%s”', (text) => {
    expect(findings('file.ts', text)).toHaveLength(1);
  });
});
