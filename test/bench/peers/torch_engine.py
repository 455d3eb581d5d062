"""PyTorch as an engine of the bench: eager, or compiled by TorchDynamo."""

import re
from pathlib import Path

import torch

from . import data, parameters, torch_compiled, torch_models

# Steps whose losses are read together. On a GPU the next step is then issued while the last one runs.
STEPS = {"cpu": 1, "cuda": 16}


class Training:
    """`run` does a few steps and gives their losses; `remark` is what people should know of how."""

    def __init__(self, workload, device, compiled=False, weights=None):
        weights, state = weights or parameters.initial(workload)
        self.device, self.batch = device, data.BATCHES[workload]
        self.model = torch_models.create(workload, weights, state).to(device)
        trained = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.Adam(trained, lr=self.model.learning_rate)
        self.remark = ""
        self.step = self.compiled() if compiled else self.drawn

    def update(self, x, draws):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.model(x, **draws)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def drawn(self, x, draws=None):
        return self.update(x, draws or self.model.draw(self.batch, self.device))

    def compiled(self):
        """The whole step as one graph where that can be, else its parts; on a GPU as CUDA graphs."""
        return torch_compiled.first_that_runs(
            self, [torch_compiled.whole_step, torch_compiled.parts], cuda_graphs=self.device == "cuda"
        )

    def on(self, rows):
        """A pass over `rows` [n, d], which lie on the device: batch after batch, in an order by chance."""
        order = torch.randperm(len(rows), device=self.device)
        batches = [order[start : start + self.batch] for start in range(0, len(rows) - self.batch + 1, self.batch)]
        steps = STEPS[self.device]
        done = 0

        def run():
            nonlocal done
            losses = []
            for _ in range(steps):
                # A copy: a CUDA graph gives each loss in the same place.
                losses.append(self.step(rows[batches[done % len(batches)]]).clone())
                done += 1
            return torch.stack(losses).tolist()

        return run


def workload_pass(workload, device, compiled, products):
    """What is timed, how many steps it does, and a remark that is known after the first."""
    if products:
        return matrix_products(products, device), 1, lambda: ""
    rows = torch.from_numpy(data.samples(workload)).to(device)
    if workload == "d":
        return encoding(rows, device, compiled), 1, lambda: ""
    training = Training(workload, device, compiled)
    return training.on(rows), STEPS[device], lambda: training.remark


def encoding(rows, device, compiled):
    model = torch_models.create("d", *parameters.initial("d")).to(device).eval()
    encode = torch.compile(model.encode, fullgraph=True) if compiled else model.encode

    @torch.no_grad()
    def run():
        encode(rows).cpu()
        return []

    return run


def matrix_products(shapes, device):
    matrices = [
        (torch.randn(m, k, device=device), torch.randn(k, n, device=device), torch.empty(m, n, device=device))
        for m, k, n in ((shape["m"], shape["k"], shape["n"]) for shape in shapes)
    ]

    def run():
        for a, b, product in matrices:
            torch.mm(a, b, out=product)
        if device == "cuda":
            torch.cuda.synchronize()
        return []

    return run


def prepare(threads, device):
    torch.manual_seed(0)
    torch.set_num_threads(threads)
    if device == "cuda":
        # As JAX and convolutions do by themselves.
        torch.backends.cuda.matmul.allow_tf32 = True


def blas():
    """The library that multiplies matrices, where the system tells what is loaded."""
    if torch.backends.mkl.is_available():
        return "MKL"
    try:
        loaded = Path("/proc/self/maps").read_text()
    except OSError:
        return ""
    names = {"openblas": "OpenBLAS", "blis": "BLIS", "libblas": "reference BLAS"}
    return next((name for part, name in names.items() if re.search(f"/[^/]*{part}[^/]*$", loaded, re.M)), "")


def describe():
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    return {"version": torch.__version__, "blas": blas(), "gpu": gpu, "compiles": hasattr(torch, "compile")}
