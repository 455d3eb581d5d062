"""Whether a peer computes what the library computed: the same steps from the same weights, batches and noise.

The file is of `kernel/bench/peers/reference.ts`: weights and state before the first step, then x and draws of each step.
"""

import json
import struct

import numpy as np

from . import parameters


def read(file):
    """The float32 tensors of a safetensors file, by name."""
    with open(file, "rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
        values = np.frombuffer(stream.read(), np.float32)
    return {
        name: values[entry["data_offsets"][0] // 4 : entry["data_offsets"][1] // 4].reshape(entry["shape"]).copy()
        for name, entry in header.items()
    }


def below(tensors, prefix):
    start = f"{prefix}/"
    return {name[len(start) :]: value for name, value in tensors.items() if name.startswith(start)}


def draws_of(given):
    """Selections of times, a 1 in each row, become their places."""
    names = {"from": "start", "to": "end"}
    return {names.get(name, name): value.argmax(1) if name in names else value for name, value in given.items()}


def replay(request):
    """Loss of each step, numbers that are trained, and what is unlike in how the weights start."""
    tensors = read(request["check"])
    weights, state = below(tensors, "weights"), below(tensors, "state")
    inputs = []
    while f"{len(inputs)}/x" in tensors:
        step = below(tensors, str(len(inputs)))
        x = step.pop("x")
        inputs.append((x, draws_of(step)))
    replayed = replay_jax if request["engine"].startswith("jax") else replay_torch
    losses, trained, flops = replayed(request, weights, state, inputs)
    return {"losses": losses, "parameters": trained, "flops": flops, "unlike": unlike(request["workload"], weights)}


def unlike(workload, weights):
    """Weights of other names or shapes, and kernels of another deviation than theirs, by five standard errors."""
    shapes = parameters.SHAPES[workload]()
    found = sorted(set(shapes) ^ set(weights))
    for name in set(shapes) & set(weights):
        shape, variance = shapes[name]
        ours = weights[name]
        if ours.shape != shape:
            found.append(f"{name}: {ours.shape}")
        elif variance > 0 and abs(ours.std() / variance**0.5 - 1) > 5 / np.sqrt(2 * ours.size):
            found.append(f"{name}: deviation {ours.std():.4g}, not {variance**0.5:.4g}")
    return found


def replay_torch(request, weights, state, inputs):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from . import torch_engine

    compiled = request["engine"] == "torch-compile"
    training = torch_engine.Training(request["workload"], request["device"], compiled, weights=(weights, state))
    model = training.model
    place = lambda value: torch.from_numpy(np.ascontiguousarray(value)).to(request["device"])
    turned = {"turned": True} if request["workload"] == "c" else {}

    def step(x, draws):
        given = {name: place(value) for name, value in draws.items()}
        return training.step(model.turned(place(x)), {**given, **turned}).item()

    losses = [step(x, draws) for x, draws in inputs]
    flops = None
    if not compiled:
        with FlopCounterMode(display=False) as counter:
            step(*inputs[0])
        flops = counter.get_total_flops()
    trained = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return losses, trained, flops


def replay_jax(request, weights, state, inputs):
    import jax
    import jax.numpy as jnp

    from . import jax_engine

    training = jax_engine.Training(request["workload"], (weights, state))
    place = lambda draws: {name: jnp.asarray(value) for name, value in draws.items()}
    if request["engine"] == "jax-scan":
        stack = lambda values: jnp.stack([jnp.asarray(value) for value in values])
        xs = stack([x for x, _ in inputs])
        draws = {name: stack([draw[name] for _, draw in inputs]) for name in inputs[0][1]}
        step = lambda held, given: training.update(held, *given)
        _, losses = jax.jit(lambda held: jax.lax.scan(step, held, (xs, draws)))(training.held)
        losses = np.asarray(losses).tolist()
    else:
        update = jax.jit(training.update, donate_argnums=0)
        losses = []
        for x, draws in inputs:
            training.held, loss = update(training.held, jnp.asarray(x), place(draws))
            losses.append(float(loss))
    return losses, sum(value.size for value in weights.values()), None
