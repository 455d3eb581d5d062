/** How `npm run bench` is called. */
export const BENCH_USAGE = `  npm run bench                         measure every engine of this machine, write docs/benchmarks.md
    --json FILE                         also write the rows: [{ "workload", "engine", "device", "unit", "median", … }, …]
    --write FILE                        where the report goes (default: docs/benchmarks.md, if everything is measured in full)
    --with FILE                         rows of an earlier run on this machine (its --json), for workloads left out
    --workloads NAME,NAME               a dense VAE, b convolutional VAE, c convolutional VQ-VAE, d inference, e convolutional
                                        VAE of 64 × 64 × 3, f PixelSNAIL, g TD-VAE; fit: ten epochs of a on 60,000 images,
                                        start to end; fit-step: steps in notebooks beside bare ones; start: the first step
                                        of a new process, without and with caches (default: all)
    --engines NAME,NAME                 some engines (default: all but cpu)
    --python PATH                       a Python with PyTorch or JAX; repeat it for more (default: python3)
    --threads N                         for each engine (default: all cores)
    --memory                            also watch memory over 100,000 steps, in the process and on a GPU; alone:
                                        --workloads memory
    --gpu                               only engines on a GPU
    --brief                             short turns, engines set up side by side: for a machine that you have for minutes
    --quick                             a few passes, to test that it works
  npm run bench -- peers                compare PyTorch and JAX with the library: losses of the same steps within 1e-4
    --workloads, --python               as above; all but d
    --device NAME                       the device of the library's steps (default: traced-cpu)
  npm run bench -- data                 how fast files are read, beside pandas, NumPy and Pillow: docs/reading.md
    --json FILE, --write FILE, --python PATH, --quick   as above
    --files FOLDER                      keep the test files there, for the next run
  npm run bench -- cells                processor time and memory of a kernel for each cell: docs/cells.md
    --node PATH                         the Node of the kernel; repeat it for more (default: this one)
    --json FILE, --write FILE, --quick  as above
  npm run bench -- language             how fast the editor's types answer in 200 cells: docs/types.md
    --write FILE, --quick               as above
  npm run bench -- views                how fast views draw, beside plotly, regl-scatterplot and uPlot: docs/views.md
    --workloads NAME,NAME, --engines NAME,NAME, --rounds N   some of them, and how often (default: 3)
    --json FILE, --with FILE, --write FILE, --quick   as above
  npm run bench -- sweeps               sweeps: a run beside its notebook, the pool, 1,000 runs in the view: docs/many-runs.md
    --workloads NAME,NAME, --rounds N   sweep-overhead, sweep-pool, sweep-view-1000; turns of the first (default: 5)
    --json FILE, --with FILE, --write FILE, --quick   as above
`;
