import { randomStream } from '../../../../kernel/autoencoders/random';

const WORDS = [
  'the bound',
  '$q_\\phi(z\\mid x)$',
  '**holds**',
  '`fit`',
  'für alle',
  '潜变量',
  '[link](a.md)',
  '![](img/a.png)',
  'x_1 \\\\ y',
];

/** Blocks as notes have them. */
const BLOCKS: readonly ((word: () => string) => string[])[] = [
  (w) => [`# ${w()}`],
  (w) => [`## ${w()} ##`],
  (w) => [w(), '==='],
  (w) => [w(), '---'],
  (w) => [w(), w() + '  ', w()],
  (w) => ['```ts', `const a = 1; // ${w()}`, '', '  a;', '```'],
  () => ['```typescript {1,2}', '```'],
  () => ['  ~~~ts', '  a', ' b', '  ~~~'],
  (w) => ['````ts', '```', w(), '````'],
  (w) => ['```python', `# ${w()}`, '```'],
  (w) => ['- ' + w(), '', '  ```ts', '  a', '  ```', '- ' + w()],
  (w) => ['1. ' + w(), '   $$', '   a', '   =', '   $$'],
  (w) => ['$$', '\\begin{aligned}', 'a &= b \\\\', w(), '\\end{aligned}', '\\label{eq:a}', '$$'],
  () => ['$$a$$ {: .left}'],
  (w) => ['::: details ' + w(), '', '```ts', 'a', '```', '', ':::'],
  (w) => ['> [!note]', '> ' + w(), '>', '> ```ts', '> a', '> ```'],
  (w) => ['<div class="a">', w(), '</div>'],
  (w) => ['<details><summary>' + w() + '</summary>', '', '# A', '', '</details>'],
  (w) => ['{% highlight ts %}', w(), '{% endhighlight %}'],
  () => ['{: .note .warning }'],
  () => ['<!-- more -->'],
  (w) => ['| a | b |', '| --- | --- |', `| ${w()} | ${w()} |`],
  (w) => ['    indented ' + w(), '\ttabbed'],
  () => ['***'],
  () => ['```ts', 'never closed'],
  (w) => [`[^1]: ${w()}`],
];

/** A Markdown file of blocks in any order, with line ends, blank lines and blanks as people leave them. */
export function randomMarkdown(seed: number): string {
  const random = randomStream(seed, 'markdown');
  const below = (count: number) => random.integer(count);
  const word = () => WORDS[below(WORDS.length)]!;
  const ends = [['\n'], ['\r\n'], ['\n', '\r\n'], ['\n', '\r\n', '\r']][below(4)]!;
  const end = () => ends[below(ends.length)]!;
  const front = below(4) === 0 ? ['---', `title: ${word()}`, '---'] : [];
  const lines = [...front];
  for (let i = below(14); i > 0; i--) {
    lines.push(...BLOCKS[below(BLOCKS.length)]!(word));
    for (let blank = [0, 1, 1, 1, 2, 3][below(6)]!; blank > 0; blank--) lines.push([' ', '', '', '\t'][below(4)]!);
  }
  const text = lines.map((line) => line + (below(9) === 0 ? ' '.repeat(1 + below(3)) : '') + end()).join('');
  const mark = below(12) === 0 ? '\uFEFF' : '';
  return mark + (below(3) === 0 ? text.replace(/(\r\n|\r|\n)$/, '') : text);
}
