/** Entry of the notebook renderer `latentlab-markdown`, which extends VS Code's own for Markdown cells. */
import type { MarkdownIt } from 'markdown-it';
import type { ActivationFunction } from 'vscode-notebook-renderer';
import type { MarkdownTexts } from '../../kernel/protocol';
import { notes } from '../../kernel/notebook/markdown/notes';
import { Numbering } from './numbering';
import { Page } from './page';

interface MarkdownRenderer {
  extendMarkdownIt(extend: (md: MarkdownIt) => void): void;
}

export const activate: ActivationFunction<object> = async (context) => {
  const markdown = (await context.getRenderer('vscode.markdown-it-renderer')) as unknown as
    MarkdownRenderer | undefined;
  if (!markdown) throw new Error('VS Code’s renderer of Markdown cells is not available.');
  const numbering = new Numbering();
  const page = new Page(numbering, (message) => context.postMessage?.(message));
  markdown.extendMarkdownIt((md) => {
    md.use(notes).use((one: MarkdownIt) => numbering.extend(one, () => page.patchSoon()));
  });
  context.onDidReceiveMessage?.((message: MarkdownTexts) => {
    numbering.setTexts(message);
    page.patchSoon();
  });
  context.postMessage?.({ type: 'markdownTexts', texts: [] } satisfies MarkdownTexts);
  return { renderOutputItem: () => {} };
};
