/** The architecture's import rules; `npm run lint:architecture` fails on a wrong arrow. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(extension|kernel|renderer|test)/', pathNot: allowed },
});

/**
 * The rooms of the library, from the ground up: each may look into those below it and those beside it, none upwards.
 * docs/architecture.md draws them.
 */
const ROOMS = [
  '(parts/.+|numerics/.+|(?!index)[a-zA-Z]+\\.ts$)',
  '(training/schedules/|objectives/(terms|checkedTerms)\\.ts$)',
  '(summaries/(summary|samples)|data/words)\\.ts$',
  'data/(?!words\\.ts$)',
  'distributions/',
  '(networks|corruption|conditioning)/',
  '(posteriors|priors|likelihoods|quantizers|losses|penalties)/',
  'objectives/(?!(terms|checkedTerms)\\.ts$)',
  '(estimators|classical|metrics)/',
  'training/(?!schedules/)',
  'models/',
  'applications/',
  'summaries/(?!(summary|samples)\\.ts$)',
].map((room) => `^kernel/autoencoders/${room}`);

const libraryRooms = ROOMS.slice(0, -1).map((room, i) => ({
  name: `library-room-${i}`,
  comment: 'No arrow goes upwards inside the library: docs/architecture.md.',
  severity: 'error',
  from: { path: room },
  to: { path: ROOMS.slice(i + 1) },
}));

module.exports = {
  forbidden: [
    ...libraryRooms,
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(vscode$|figure-font:)' },
    },
    only(
      'extension-arrows',
      '^extension/(?!language/service/)',
      '^(extension/|kernel/(protocol|client|keeping/kept|memoryWords|notebook/(derivations/derivation|equationChecks/index|export/formats|parameters/(declared|overriding|types|values))|sweeps/file/fileNames|autoencoders/data/survey/facts)\\.ts$)',
      'The extension talks to the kernel by its protocol alone, and reads notes as the command line does.',
    ),
    only(
      'language-arrows',
      '^extension/language/service/',
      '^(extension/language/(service/|protocol\\.ts$)|kernel/session/compile/(constants|objectLiteral|transpile)\\.ts$)',
      'The language service takes cells for what the kernel takes them for, and knows no VS Code.',
    ),
    {
      name: 'no-vscode-in-the-language-worker',
      severity: 'error',
      from: { path: '^extension/language/(service/|worker|checkNotebooks)' },
      to: { path: '^vscode$' },
    },
    only(
      'renderer-arrows',
      '^renderer/',
      '^(renderer/|kernel/protocol\\.ts$|kernel/notebook/markdown/|kernel/figures/|kernel/views/(types|categories|claims|codes|comparing|detection|epochs|extent|metricRanks|pictures/(differences|layouts|pngRows|reconstructionNotes|spectrogram)|progress|scatter/[a-zA-Z]+|training/[a-zA-Z]+|smoothing|sweep/(charts/|filter/)?[a-zA-Z]+|stretches|tails|ticks|wording)\\.ts$)',
      'A renderer knows the views and the protocol by their types; curves, axes and words are as pictures have them.',
    ),
    only(
      'session-arrows',
      '^kernel/session/',
      '^kernel/(session|autoencoders|views|engine|selection|sweeps/results)/|^kernel/(protocol|pipe|memoryWords)\\.ts$',
      'A session evaluates cells with the library and the views, and reads what sweeps have left.',
    ),
    only(
      'sweep-results-arrows',
      '^kernel/sweeps/results/',
      '^kernel/(sweeps/results|files)/',
      'A sweep’s results are files and plain data, for whoever reads them.',
    ),
    only(
      'sweeps-arrows',
      '^kernel/sweeps/(?!results/)',
      '^kernel/(sweeps|notebook|files)/|^kernel/(client|protocol)\\.ts$|^kernel/engine/(packageRoot|nearest|devices/(amd|names|nvidia|whichGpu))\\.ts$',
      'A sweep runs notebooks as the command line does, and knows no model.',
    ),
    only(
      'selection-arrows',
      '^kernel/selection/',
      '^kernel/(selection|autoencoders|sweeps/results|views/sweep)/',
      'What chooses a model reads results of sweeps and loads models.',
    ),
    only(
      'library-arrows',
      '^kernel/autoencoders/',
      '^kernel/(autoencoders|engine|files)/',
      'The library knows the engine alone, and how files are written.',
    ),
    only(
      'quantizer-arrows',
      '^kernel/autoencoders/quantizers/',
      '^kernel/(engine/|autoencoders/(quantizers|objectives|networks|distributions|parts|data)/|autoencoders/(arguments|config|noise|random|samples)\\.ts$)',
      'A quantizer is a part: it knows no model, and not how one is trained.',
    ),
    only(
      'package-arrows',
      '^kernel/library/',
      '^kernel/(library|autoencoders|engine|selection|setup)/|^kernel/session/(current|latentlab)\\.ts$|^kernel/session/show/(display|liveViews|modelViews)\\.ts$',
      'The library as a package knows no notebook, but what its functions show, for scripts that notebooks were.',
    ),
    only('engine-arrows', '^kernel/engine/', '^kernel/(engine|files)/', 'The engine knows no model.'),
    only(
      'ops-arrows',
      '^kernel/engine/ops/',
      '^kernel/engine/ops/',
      'What a kernel’s results are stands below all else.',
    ),
    only(
      'trace-arrows',
      '^kernel/engine/trace/',
      '^kernel/engine/((trace|ops|optimizers)/|(step|terms)\\.ts$)',
      'A program is recorded for no lowering in particular.',
    ),
    only(
      'lower-arrows',
      '^kernel/engine/lower/(?!onnx/|stablehlo/)',
      '^kernel/engine/(lower/(?!onnx/|stablehlo/)|ops/|trace/)',
      'What programs are made into before they are lowered names no format.',
    ),
    only(
      'lower-onnx-arrows',
      '^kernel/engine/lower/onnx/',
      '^kernel/engine/(lower/(?!stablehlo/)|ops/|trace/(program|print/))',
      'A lowering reads programs; what runs them is not its business.',
    ),
    only(
      'lower-stablehlo-arrows',
      '^kernel/engine/lower/stablehlo/',
      '^kernel/engine/(lower/(?!onnx/)|ops/|trace/(program|print/))',
      'A lowering reads programs; it knows no other format, and what runs them is not its business.',
    ),
    only(
      'pjrt-arrows',
      '^kernel/engine/runtimes/pjrt/',
      '^kernel/engine/(foreign\\.ts$|runtimes/(pjrt/|programCache\\.ts$)|lower/(?!onnx/)|ops/|trace/program)',
      'XLA’s runtime knows StableHLO and no ONNX.',
    ),
    only(
      'xla-arrows',
      '^kernel/engine/runtimes/xla/',
      '^kernel/(engine/(runtimes/(xla/|pjrt/|[^/]+\\.ts$)|lower/(?!onnx/)|ops/|trace/|optimizers/|(step|runtime|cacheFolder)\\.ts$)|files/)',
      'Steps on XLA know how runtimes keep weights, and no ONNX.',
    ),
    {
      name: 'stablehlo-is-for-who-runs-it',
      severity: 'error',
      from: { path: '^kernel/', pathNot: '^kernel/engine/(lower/stablehlo/|runtimes/(pjrt|xla)/)' },
      to: { path: '^kernel/engine/lower/stablehlo/' },
    },
    {
      name: 'koffi-is-loaded-when-needed',
      comment: 'It is required by the function that first wants a foreign one.',
      severity: 'error',
      from: { path: '^kernel/' },
      to: { path: '(^|/)koffi', dependencyTypesNot: ['type-only', 'require'] },
    },
    {
      name: 'onnx-is-for-who-runs-it',
      severity: 'error',
      from: {
        path: '^kernel/',
        pathNot: '^kernel/(engine/(lower/onnx/|runtimes/onnx/|exportOnnx\\.ts$)|bench/products\\.ts$)',
      },
      to: { path: '^kernel/engine/lower/onnx/' },
    },
    only('files-arrows', '^kernel/files/', '^kernel/files/', 'Files are written alike for everyone.'),
    only(
      'figures-arrows',
      '^kernel/figures/',
      '^kernel/(figures/|views/(types|categories|comparing|detection|epochs|extent|progress|scatter/[a-zA-Z]+|smoothing|stretches|thinning|ticks|training/[a-zA-Z]+|wording|pictures/(pngRows|layouts))\\.ts$)',
      'What figures are drawn from is the same in a kernel and on a page.',
    ),
    only('views-arrows', '^kernel/views/', '^kernel/(views|figures)/', 'Views are built from plain data.'),
    only(
      'bench-arrows',
      '^kernel/bench/',
      '^kernel/(bench|autoencoders|engine|files|views|sweeps/results)/|^kernel/(client|commandLineArguments|protocol)\\.ts$|^extension/language/protocol\\.ts$',
      'The bench measures the library on the engine, and kernels and the editor’s types by what they are asked.',
    ),
    only(
      'keeping-arrows',
      '^kernel/keeping/',
      '^kernel/(keeping/|engine/cacheFolder\\.ts$|(client|kernelChild|kernelLink|pipe|protocol|runningTrainings)\\.ts$)',
      'A keeper passes on what host and kernel say, and knows no cell.',
    ),
    only(
      'verify-arrows',
      '^kernel/verify/',
      '^kernel/(verify|autoencoders|engine|files)/',
      'A verification holds the library against oracles.',
    ),
    only('setup-arrows', '^kernel/setup/', '^kernel/(setup|engine|files)/', 'A setup builds what the engine finds.'),
    only(
      'notebook-arrows',
      '^kernel/notebook/',
      '^kernel/(notebook/|files/|engine/(nearest|packageRoot)\\.ts$|views/(types|encoding|epochs|formula)\\.ts$|(client|protocol)\\.ts$)',
      'Notebooks are run through the kernel’s client, and hold views as plain data.',
    ),
    only('protocol-arrows', '^kernel/protocol\\.ts$', '^$', 'Types and a version, nothing else.'),
    {
      name: 'vscode-in-extension-only',
      severity: 'error',
      from: { pathNot: '^(extension|test/vscode)/' },
      to: { path: '^vscode$' },
    },
    {
      name: 'no-tensors-in-extension',
      severity: 'error',
      from: { path: '^(extension|renderer)/' },
      to: { path: '@tensorflow/' },
    },
    {
      name: 'renderer-types-only',
      comment: 'No code of the kernel runs in a webview, except the constants of the views’ types.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^kernel/protocol', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { path: '^(extension|kernel|renderer)/' },
      to: { path: '^test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
