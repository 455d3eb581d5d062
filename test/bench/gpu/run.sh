#!/usr/bin/env bash
# Proves and measures on a bare machine with a GPU: `run.sh ARCHIVE OUT [SECONDS]`, with the archive of pack.mjs.
#
# It needs Python (`python3`, or what PYTHON names) with JAX and its CUDA plugin, and PyTorch. What is found goes to OUT,
# after each stage, in four files, for few come back from a machine that is lent: summary.txt, devices.json, tables.md and
# results.tar.gz (rows-*.json, bench-*.md, tfjs.log and the log of each stage). A stage that is not done when its time is
# up is ended, and the others follow; SECONDS, 350 unless told, is for all.
# Without a GPU it rehearses on the processor, with the plugin that LATENTLAB_XLA_CPU names.
set -uo pipefail

archive=$(realpath "$1")
mkdir -p "$2"
to=$(realpath "$2")
deadline=$((SECONDS + ${3:-350}))
python=${PYTHON:-python3}
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
out="$here/results"
mkdir "$out"

say() { echo "[$SECONDS s] $*" | tee -a "$out/summary.txt"; }

# Hands out what there is so far.
hand_out() {
  for file in "$out"/bench-*.md; do
    [ -e "$file" ] && sed -n '/^## /,$p' "$file"
  done >"$out/tables.md"
  for file in summary.txt devices.json tables.md; do
    [ -e "$out/$file" ] && cp "$out/$file" "$to/"
  done
  tar -C "$here" -czf "$to/results.tar.gz" results
}

rm -f "$to"/summary.txt "$to"/devices.json "$to"/tables.md "$to"/results.tar.gz
"$python" - "$archive" "$here" <<'END' || exit 1
import sys, tarfile

with tarfile.open(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2], **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
END
cd "$here/latentlab"
chmod +x bin/node
export PATH="$PWD/bin:$PATH"
export LATENTLAB_CACHE="$here/cache"
say "unpacked: Node $(node --version)"

# JAX's own plugin is the rung's. It finds CUDA's libraries beside it in site-packages.
if [ -z "${LATENTLAB_XLA_CUDA:-}" ]; then
  plugin=$("$python" - <<'END'
import importlib.util, pathlib

spec = importlib.util.find_spec("jax_plugins")
folders = spec.submodule_search_locations if spec else []
found = sorted(file for folder in folders for file in pathlib.Path(folder).glob("*/xla_cuda_plugin.so"))
print(found[-1] if found else "")
END
  )
  [ -n "$plugin" ] && export LATENTLAB_XLA_CUDA="$plugin"
fi
say "XLA's plugin for CUDA: ${LATENTLAB_XLA_CUDA:-none}"

has_gpu=$(nvidia-smi -L 2>/dev/null | head -1)
say "GPU: ${has_gpu:-none, a rehearsal on the processor}"
{
  nvidia-smi
  "$python" --version
  "$python" -m pip list 2>/dev/null | grep -iE '^(jax|torch|triton|nvidia|numpy)'
} >"$out/machine.log" 2>&1
if [ -n "$has_gpu" ]; then
  rung=xla-cuda
  plugin=${LATENTLAB_XLA_CUDA:-}
  chosen=(--brief --gpu)
else
  rung=xla-cpu
  plugin=${LATENTLAB_XLA_CPU:-}
  chosen=(--quick --engines "${ENGINES:-xla-cpu,traced-cpu,torch,torch-compile,jax,jax-scan}")
fi

# A stage, its name and the most seconds for it: what it prints goes to NAME.log.
stage() {
  local name=$1 most=$2 left=$((deadline - SECONDS))
  shift 2
  if [ "$left" -lt 5 ]; then
    say "$name: no time left"
    return
  fi
  timeout --kill-after=5 "$((most < left ? most : left))" "$@" >"$out/$name.log" 2>&1
  local rc=$?
  say "$name: $([ $rc -eq 0 ] && echo done || ([ $rc -eq 124 ] && echo 'ended, its time was up' || echo "failed ($rc): $(tail -n 1 "$out/$name.log" | cut -c1-300)"))"
  hand_out
}
bench() {
  local name=$1 most=$2
  shift 2
  stage "bench-$name" "$most" node dist/kernel/cli.js bench --python "$python" "${chosen[@]}" --workloads "$@" \
    --json "$out/rows-$name.json" --write "$out/bench-$name.md"
}

# Every rung and its proof, and whether the one that is meant is among them.
stage devices 60 sh -c "node dist/kernel/cli.js devices && node dist/kernel/cli.js devices --json --device $rung >\"$out/devices.json\""
cat "$out/devices.log"
proved='process.exit(JSON.parse(fs.readFileSync(process.argv[1])).some((r) => r.name === process.argv[2] && r.status === "chosen") ? 0 : 1)'
if node -e "$proved" "$out/devices.json" "$rung" 2>/dev/null; then
  say "$rung: proved"
else
  say "$rung: NOT usable; devices.json says why"
fi

bench a 60 a
bench fit 60 fit
bench convolutions 90 e,b
if [ -n "$plugin" ]; then
  LATENTLAB_XLA_PLUGIN="$plugin" stage tfjs 60 node test/tfjs/run.mjs --xla --built
else
  say "tfjs: no plugin to run its suite on"
fi
bench others 100 f,g,c,d
bench steps 30 fit-step
bench start 30 start

say 'done'
hand_out
cat "$out/tables.md"
