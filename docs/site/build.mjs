// Writes the API reference and the documentation as a site that needs no server and no network: `npm run docs`.
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, CommentTag, Converter, ReflectionKind } from 'typedoc';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);
/** VS Code's own plugin, which draws formulas by KaTeX as the site is built. */
const { default: katex } = require('@vscode/markdown-it-katex');

const [out = path.join(ROOT, 'out', 'docs')] = process.argv.slice(2);
const pages = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');

const app = await Application.bootstrap({
  name: 'LatentLab',
  entryPoints: [path.join(ROOT, 'kernel', 'session', 'latentlab.ts')],
  tsconfig: path.join(ROOT, 'tsconfig.json'),
  // Types are checked by `npm run check:types`.
  skipErrorChecking: true,
  readme: path.join(ROOT, 'docs', 'README.md'),
  projectDocuments: pages.map((name) => path.join(ROOT, 'docs', name)),
  excludeInternal: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  disableSources: true,
  includeVersion: true,
  searchInComments: true,
  searchInDocuments: true,
  headings: { readme: false, document: false },
  navigation: { includeCategories: false, includeGroups: true },
  customCss: path.join(ROOT, 'docs', 'site', 'site.css'),
  markdownItOptions: { html: true, linkify: false },
  markdownItLoader: (/** @type {import('markdown-it').MarkdownIt} */ markdown) => {
    markdown.use(katex, { throwOnError: false, strict: 'ignore' });
    // `[n, d]: what it is` says a shape, and defines no link.
    markdown.block.ruler.disable('reference');
  },
  validation: {
    notExported: false,
    invalidLink: false,
    invalidPath: false,
    rewrittenLink: false,
    notDocumented: false,
  },
  logLevel: 'Warn',
});

// tfjs has its own reference.
app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
  if (reflection.name === 'tf' && reflection.kindOf(ReflectionKind.Namespace | ReflectionKind.Reference)) {
    context.project.removeReflection(reflection);
  }
});

// `@param options.draws …` of an options type that has a name becomes a line of `options`.
app.converter.on(Converter.EVENT_CREATE_SIGNATURE, (_context, signature) => {
  const tags = signature.comment?.blockTags ?? [];
  for (const tag of tags.filter(({ tag: kind, name }) => kind === '@param' && name?.includes('.'))) {
    const [own = '', ...path] = tag.name?.split('.') ?? [];
    let whole = tags.find(({ tag: kind, name }) => kind === '@param' && name === own);
    if (!whole) {
      whole = new CommentTag('@param', []);
      whole.name = own;
      tags.push(whole);
    }
    whole.content.push({ kind: 'text', text: `\n- \`${path.join('.')}\`: ` }, ...tag.content);
    tags.splice(tags.indexOf(tag), 1);
  }
});

const project = await app.convert();
if (!project) throw new Error('The sources could not be read.');
app.validate(project);
await app.generateDocs(project, out);

// The style sheet has KaTeX's, with its fonts inside.
const style = path.join(out, 'assets', 'custom.css');
const formulas = readFileSync(path.join(ROOT, 'dist', 'report', 'katex.css'), 'utf8');
writeFileSync(style, `${formulas}\n${existsSync(style) ? readFileSync(style, 'utf8') : ''}`);
copyFileSync(path.join(ROOT, 'docs', 'icon.png'), path.join(out, 'assets', 'icon.png'));
if (app.logger.hasErrors()) process.exitCode = 1;
console.log(`${path.relative(process.cwd(), path.join(out, 'index.html'))}`);
