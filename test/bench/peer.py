"""PyTorch and JAX beside LatentLab: the bench's workloads with the same sizes, losses, optimizer and start.

`peer.py '{"describe": true}'` answers with what is here, `{"check": FILE, "workload": "a", "engine": "jax", …}` with the
losses of the library's own steps (`peers/check.py`), `{"fit": true, …}` with what a whole training took
(`peers/fit.py`). Otherwise the argument is one task, `{"workload": "a", "engine":
"torch", "threads": 2, "device": "cpu", "products": null}`; with `products`, matrices [m, k] × [k, n] are multiplied instead
of training. The first answer says how long the first pass took, in milliseconds. Each line `{"passes": n,
"milliseconds": t}` on stdin is answered by `{"times": [...]}`: milliseconds a step of each pass; there are at least
n, for at least t milliseconds. The process ends with its input.
"""

import importlib.util
import json
import math
import os
import platform
import sys
import time

# What imports it is a checkout, or an installation that is not to be written to.
sys.dont_write_bytecode = True


def answer(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def described(name):
    """What one library is, or why it cannot be used."""
    if importlib.util.find_spec(name) is None:
        return {"missing": f"no module {name}"}
    try:
        module = importlib.import_module(f"peers.{name}_engine")
        return module.describe()
    except Exception as error:
        return {"missing": f"{type(error).__name__}: {str(error).strip().splitlines()[0]}"}


def engine_pass(request):
    """The engine's module and (pass, steps of a pass, remark)."""
    engine, device, workload = request["engine"], request["device"], request["workload"]
    if engine.startswith("jax"):
        from peers import jax_engine

        return jax_engine.workload_pass(workload, device, scan=engine == "jax-scan")
    from peers import torch_engine

    torch_engine.prepare(request["threads"], device)
    return torch_engine.workload_pass(workload, device, engine == "torch-compile", request["products"])


def measure(request):
    run, steps, remark = engine_pass(request)

    def timed():
        start = time.perf_counter()
        losses = run()
        milliseconds = 1000 * (time.perf_counter() - start)
        if not all(map(math.isfinite, losses)):
            raise ArithmeticError(f"a loss of {losses} is not finite")
        return milliseconds

    answer({"first": timed(), "remark": remark()})
    for line in sys.stdin:
        question = json.loads(line)
        times = []
        while len(times) < question["passes"] or sum(times) < question["milliseconds"]:
            times.append(timed())
        answer({"times": [time / steps for time in times]})


def main(request):
    if request.get("describe"):
        found = {name: described(name) for name in ("torch", "jax")}
        return answer({"python": platform.python_version(), **found})
    # One kind of device, and of a GPU only the memory that is needed, since others are measured beside.
    os.environ["JAX_PLATFORMS"] = request["device"]
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    if request.get("check"):
        from peers import check

        return answer(check.replay(request))
    if request.get("fit"):
        from peers import fit

        return answer(fit.fit(request))
    measure(request)


main(json.loads(sys.argv[1]))
