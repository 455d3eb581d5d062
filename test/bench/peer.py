"""PyTorch beside LatentLab: the bench's workloads with the same sizes, losses and optimizer, in eager PyTorch.

`peer.py '{"describe": true}'` answers with what is here. Otherwise the argument is one workload, `{"workload": "a",
"threads": 2, "device": "cpu", "products": null}`; with `products`, matrices [m, k] × [k, n] are multiplied instead of
training. The first answer says how long the first pass took, in milliseconds. Each line `{"passes": n, "milliseconds": t}`
on stdin is answered by `{"times": [...]}`: milliseconds of each pass, of which there are at least n, for at least t
milliseconds. The process ends with its input.
"""

import gzip
import json
import math
import re
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 128
IMAGES = Path(__file__).parents[2] / "samples" / "data" / "t10k-images-idx3-ubyte.gz"


def fashion_mnist():
    """The shipped 10,000 images as rows [n, 784] in [0, 1]."""
    pixels = bytearray(gzip.decompress(IMAGES.read_bytes())[16:])
    return torch.frombuffer(pixels, dtype=torch.uint8).reshape(-1, 784).float() / 255


def minus_bernoulli(logits, x):
    """−log p(x|z), summed over pixels, mean over the batch."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


class VAE(nn.Module):
    """784-400-20, the divergence in closed form."""

    learning_rate = 1e-3

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40))
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def forward(self, x):
        mu, log_var = self.encoder(x).chunk(2, 1)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
        kl = 0.5 * (mu.square() + log_var.exp() - 1 - log_var).sum(1).mean()
        return minus_bernoulli(self.decoder(z), x) + kl

    def encode(self, x):
        return self.encoder(x).chunk(2, 1)[0]


class ConvolutionalVAE(nn.Module):
    """TensorFlow's tutorial, with LatentLab's padding of the encoder; one draw estimates both terms of the bound."""

    learning_rate = 1e-4

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(3136, 4)
        )
        self.decoder = nn.Sequential(
            nn.Linear(2, 7 * 7 * 32),
            nn.ReLU(),
            nn.Unflatten(1, (32, 7, 7)),
            nn.ConvTranspose2d(32, 64, 3, 2, 1, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 32, 3, 2, 1, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 3, 1, 1),
            nn.Flatten(),
        )

    def forward(self, x):
        x = (x > 0.5).float()
        mu, log_var = self.encoder(x.view(-1, 1, 28, 28)).chunk(2, 1)
        epsilon = torch.randn_like(mu)
        z = mu + torch.exp(0.5 * log_var) * epsilon
        kl = 0.5 * (z.square() - epsilon.square() - log_var).sum(1).mean()
        return minus_bernoulli(self.decoder(z), x) + kl


class ResidualBlock(nn.Sequential):
    def __init__(self):
        super().__init__(nn.ReLU(), nn.Conv2d(128, 32, 3, 1, 1), nn.ReLU(), nn.Conv2d(32, 128, 1))

    def forward(self, x):
        return x + super().forward(x)


class ConvolutionalVQVAE(nn.Module):
    """DeepMind's settings; the codebook follows by moving averages and dead codes are revived, as in LatentLab."""

    learning_rate = 3e-4

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 64, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(64, 128, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(128, 128, 3, 1, 1),
            ResidualBlock(),
            ResidualBlock(),
            nn.ReLU(),
            nn.Conv2d(128, 64, 1),
        )
        self.decoder = nn.Sequential(
            nn.Conv2d(64, 128, 3, 1, 1),
            ResidualBlock(),
            ResidualBlock(),
            nn.ReLU(),
            nn.ConvTranspose2d(128, 64, 4, 2, 1),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 1, 4, 2, 1),
        )
        vectors = torch.randn(512, 64)
        self.register_buffer("vectors", vectors)
        self.register_buffer("sums", vectors.clone())
        self.register_buffer("counts", torch.ones(512))

    def forward(self, x):
        image = x.view(-1, 1, 28, 28)
        z_map = self.encoder(image).permute(0, 2, 3, 1)
        z = z_map.reshape(-1, 64)
        with torch.no_grad():
            codes = (2 * z @ self.vectors.t() - self.vectors.square().sum(1)).argmax(1)
            e = self.vectors[codes]
            self.update(z, codes)
        quantized = (z + (e - z).detach()).view(z_map.shape).permute(0, 3, 1, 2)
        reconstruction = (image - self.decoder(quantized)).square().sum() / len(x)
        return reconstruction + 0.25 * (z - e).square().sum(1).mean()

    def update(self, z, codes, decay=0.99, epsilon=1e-5, revive_below=0.2):
        counts = torch.zeros_like(self.counts).index_add_(0, codes, torch.ones_like(codes, dtype=z.dtype))
        self.counts.mul_(decay).add_(counts, alpha=1 - decay)
        self.sums.mul_(decay).add_(torch.zeros_like(self.sums).index_add_(0, codes, z), alpha=1 - decay)
        dead = self.counts < revive_below * self.counts.mean()
        picks = z[torch.randint(len(z), (len(self.counts),), device=z.device)]
        self.counts.masked_fill_(dead, 1)
        self.sums.copy_(torch.where(dead[:, None], picks, self.sums))
        total = self.counts.sum()
        smoothed = (self.counts + epsilon) / (total + len(self.counts) * epsilon) * total
        self.vectors.copy_(self.sums / smoothed[:, None])


MODELS = {"a": VAE, "b": ConvolutionalVAE, "c": ConvolutionalVQVAE}


def training(workload, device):
    data = fashion_mnist().to(device)
    model = MODELS[workload]().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=model.learning_rate)
    order = torch.randperm(len(data), device=device)
    batches = [order[start : start + BATCH] for start in range(0, len(data) - BATCH + 1, BATCH)]
    step = 0

    def run():
        nonlocal step
        x = data[batches[step % len(batches)]]
        step += 1
        optimizer.zero_grad(set_to_none=True)
        loss = model(x)
        loss.backward()
        optimizer.step()
        return loss.item()

    return run


def inference(device):
    data = fashion_mnist().to(device)
    model = VAE().to(device).eval()

    @torch.no_grad()
    def run():
        return model.encode(data).cpu()

    return run


def matrix_products(shapes, device):
    matrices = [
        (torch.randn(m, k, device=device), torch.randn(k, n, device=device), torch.empty(m, n, device=device))
        for m, k, n in ((shape["m"], shape["k"], shape["n"]) for shape in shapes)
    ]

    def run():
        for a, b, product in matrices:
            torch.mm(a, b, out=product)

    return run


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
    return {"torch": torch.__version__, "blas": blas(), "gpu": gpu}


def answer(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main(request):
    if request.get("describe"):
        return answer(describe())
    torch.manual_seed(0)
    torch.set_num_threads(request["threads"])
    device = request["device"]
    if request["products"]:
        run = matrix_products(request["products"], device)
    elif request["workload"] == "d":
        run = inference(device)
    else:
        run = training(request["workload"], device)

    def timed():
        start = time.perf_counter()
        result = run()
        if device == "cuda":
            torch.cuda.synchronize()
        if isinstance(result, float) and not math.isfinite(result):
            raise ArithmeticError(f"the loss is {result}")
        return 1000 * (time.perf_counter() - start)

    answer({"first": timed()})
    for line in sys.stdin:
        question = json.loads(line)
        times = []
        while len(times) < question["passes"] or sum(times) < question["milliseconds"]:
            times.append(timed())
        answer({"times": times})


main(json.loads(sys.argv[1]))
