"""Ten epochs of workload a on 60,000 images as a script has them: data, training and the loss of each epoch.

The usual loop over batches without a loader, data on the device; the last part of a batch is left out.
"""

import sys
import time

from . import data


def fit(request):
    """Seconds of the training alone, steps, and the mean loss of the last epoch."""
    rows = data.training_images()[: request["images"]]
    train = fit_jax if request["engine"].startswith("jax") else fit_torch
    start = time.perf_counter()
    losses, steps = train(request, rows)
    return {"seconds": time.perf_counter() - start, "steps": steps, "loss": losses[-1]}


def tell(epoch, loss):
    print(f"epoch {epoch + 1}: {loss:.3f}", file=sys.stderr)


def fit_torch(request, rows):
    import torch

    from . import torch_engine

    device = request["device"]
    torch_engine.prepare(request["threads"], device)
    rows = torch.from_numpy(rows).to(device)
    training = torch_engine.Training("a", device, request["engine"] == "torch-compile")
    count = len(rows) // training.batch
    losses = []
    for epoch in range(request["epochs"]):
        order = torch.randperm(len(rows), device=device)
        total = torch.zeros((), device=device)
        for i in range(count):
            total += training.step(rows[order[i * training.batch : (i + 1) * training.batch]])
        losses.append(total.item() / count)
        tell(epoch, losses[-1])
    return losses, count * request["epochs"]


def fit_jax(request, rows):
    import jax
    import jax.numpy as jnp

    from . import jax_engine

    rows = jnp.asarray(rows)
    training = jax_engine.Training("a")
    scan = request["engine"] == "jax-scan"
    step = jax.jit(training.series if scan else training.drawn, donate_argnums=0)
    held, count, losses = training.held, len(rows) // training.batch, []
    for epoch in range(request["epochs"]):
        batches = training.batches(rows, seed=epoch)
        if scan:
            held, of_steps = step(held, rows, batches, training.key)
            losses.append(float(of_steps.mean()))
        else:
            total = jnp.zeros(())
            for i in range(count):
                held, loss = step(held, rows, batches[i], training.key)
                total += loss
            losses.append(float(total) / count)
        tell(epoch, losses[-1])
    return losses, count * request["epochs"]
