/**
 * A plugin of VS Code's own TypeScript, which knows no notebook: it takes each cell for its own script. In
 * notebooks of LatentLab's it gives no answers, since LatentLab's are right; everywhere else it is as without.
 *
 * Plain JavaScript, since TypeScript's server loads it as it stands.
 */
const { closeSync, fstatSync, openSync, readSync, statSync } = require('node:fs');

/** What the server gives for a cell instead. Syntax (folding, formatting, colours) stays its own. */
const SILENT = {
  getSyntacticDiagnostics: () => [],
  getSemanticDiagnostics: () => [],
  getSuggestionDiagnostics: () => [],
  getCompletionsAtPosition: () => undefined,
  getCompletionEntryDetails: () => undefined,
  getQuickInfoAtPosition: () => undefined,
  getSignatureHelpItems: () => undefined,
  getDefinitionAtPosition: () => undefined,
  getDefinitionAndBoundSpan: () => undefined,
  getTypeDefinitionAtPosition: () => undefined,
  getImplementationAtPosition: () => undefined,
  getReferencesAtPosition: () => undefined,
  findReferences: () => undefined,
  getDocumentHighlights: () => undefined,
  getRenameInfo: () => ({ canRename: false, localizedErrorMessage: 'LatentLab renames in its notebooks.' }),
  findRenameLocations: () => undefined,
  getCodeFixesAtPosition: () => [],
  getApplicableRefactors: () => [],
  organizeImports: () => [],
  provideInlayHints: () => [],
  getNavigationTree: () => undefined,
  getNavigationBarItems: () => [],
};

/** Told by the extension: whether it answers, and for which notebooks beside those that name its kernel. */
let configured = { enabled: true, notebooks: /** @type {string[]} */ ([]) };

/** Whether a notebook on disk names LatentLab's kernel, by its path. */
const known = /** @type {Map<string, { changed: number; isOurs: boolean }>} */ (new Map());

/** @type {import('typescript').server.PluginModuleFactory} */
module.exports = () => ({
  onConfigurationChanged(config) {
    configured = { ...configured, ...config };
  },
  create({ languageService: service }) {
    /** @type {Record<string, unknown>} */
    const proxy = Object.create(null);
    for (const [name, method] of Object.entries(service)) {
      const silent = SILENT[/** @type {keyof typeof SILENT} */ (name)];
      proxy[name] =
        silent === undefined
          ? (/** @type {unknown[]} */ ...args) => method.apply(service, args)
          : (/** @type {unknown[]} */ ...args) => (isOurs(args[0]) ? silent() : method.apply(service, args));
    }
    proxy.getNavigateToItems = (/** @type {Parameters<typeof service.getNavigateToItems>} */ ...args) =>
      service.getNavigateToItems(...args).filter(({ fileName }) => !isOurs(fileName));
    return /** @type {import('typescript').LanguageService} */ (/** @type {unknown} */ (proxy));
  },
});

/**
 * @param {unknown} file cells are `^/vscode-notebook-cell/AUTHORITY/PATH#FRAGMENT`
 * @returns {boolean}
 */
function isOurs(file) {
  if (!configured.enabled || typeof file !== 'string') return false;
  const path = /\/vscode-notebook-cell\/[^/]+(\/.*?)#[^#]*$/.exec(file)?.[1];
  if (path === undefined) return false;
  return configured.notebooks.some((notebook) => path.endsWith(notebook)) || namesKernel(path);
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function namesKernel(path) {
  const file = /^\/[a-z]:\//i.test(path) ? path.slice(1) : path;
  const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (changed === undefined) return false;
  const before = known.get(file);
  if (before?.changed === changed) return before.isOurs;
  const isOurs = ends(file).some((text) => /"kernelspec"\s*:\s*\{[^}]*"name"\s*:\s*"latentlab"/.test(text));
  known.set(file, { changed, isOurs });
  return isOurs;
}

/** A notebook's metadata stand at its end or its front; its outputs may be long. */
const LOOK = 8192;

/**
 * @param {string} file
 * @returns {string[]}
 */
function ends(file) {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return [Math.max(0, size - LOOK), 0].map((position) => {
      const buffer = Buffer.alloc(Math.min(LOOK, size));
      return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, position));
    });
  } finally {
    closeSync(descriptor);
  }
}
