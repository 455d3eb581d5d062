"""JAX as an engine of the bench: a jitted step in a loop of Python, or a series of steps by `lax.scan`."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from . import data, jax_models, parameters

# Steps of a loop whose losses are read together. On a GPU the next step is then issued while the last one runs.
STEPS = {"cpu": 1, "cuda": 16}
# Steps of a scan: on a processor about a tenth of a second, where XLA's convolutions are slow.
SERIES = {"a": 32, "b": 2, "c": 2, "e": 2, "f": 4, "g": 16}


def adam(weights, gradients, moments, count, rate, b1=0.9, b2=0.999, epsilon=1e-8):
    """Kingma and Ba 2015, algorithm 1: new weights and moments."""
    count = count.astype(jnp.float32)
    mean = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, moments[0], gradients)
    square = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g * g, moments[1], gradients)
    first, second = 1 / (1 - b1**count), 1 / (1 - b2**count)
    moved = lambda w, m, v: w - rate * (m * first) / (jnp.sqrt(v * second) + epsilon)
    return jax.tree.map(moved, weights, mean, square), (mean, square)


class Training:
    def __init__(self, workload, weights=None):
        weights, state = weights or parameters.initial(workload)
        self.batch, self.rate = data.BATCHES[workload], parameters.LEARNING_RATES[workload]
        self.model = jax_models.MODELS[workload]()
        on_device = lambda tree: {name: jnp.asarray(value) for name, value in tree.items()}
        weights = on_device(weights)
        zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
        self.held = (weights, on_device(state), (zeros(), zeros()), jnp.zeros((), jnp.int32))
        self.key = jax.random.key(0)

    def update(self, held, x, draws):
        weights, state, moments, count = held
        count = count + 1
        value = jax.value_and_grad(lambda w: self.model.loss(w, state, x, **draws), has_aux=True)
        (loss, state), gradients = value(weights)
        weights, moments = adam(weights, gradients, moments, count, self.rate)
        return (weights, state, moments, count), loss

    def drawn(self, held, rows, indices, key):
        """A step on some of the rows, which lie on the device, with noise of its own."""
        draws = self.model.draw(jax.random.fold_in(key, held[3]), self.batch)
        return self.update(held, rows[indices], draws)

    def batches(self, rows, seed=0):
        """An order by chance, [batches, batch], on the device."""
        order = np.random.default_rng(seed).permutation(len(rows))
        count = len(rows) // self.batch
        return jnp.asarray(order[: count * self.batch].reshape(count, self.batch).astype(np.int32))

    def loop(self, rows, steps):
        batches = list(self.batches(rows))
        step = jax.jit(self.drawn, donate_argnums=0)
        done = 0

        def run():
            nonlocal done
            losses = []
            for _ in range(steps):
                self.held, loss = step(self.held, rows, batches[done % len(batches)], self.key)
                losses.append(loss)
                done += 1
            return [float(loss) for loss in losses]

        return run

    def scan(self, rows, steps):
        series = jax.jit(self.series, donate_argnums=0)
        batches = np.asarray(self.batches(rows))
        done = 0

        def run():
            nonlocal done
            indices = batches[np.arange(done, done + steps) % len(batches)]
            self.held, losses = series(self.held, rows, indices, self.key)
            done += steps
            return np.asarray(losses).tolist()

        return run

    def series(self, held, rows, batches, key):
        return lax.scan(lambda carry, indices: self.drawn(carry, rows, indices, key), held, batches)


def workload_pass(workload, device, scan):
    """What is timed, and how many steps it does."""
    rows = jnp.asarray(data.samples(workload))
    if workload == "d":
        if scan:
            raise NotImplementedError("an inference is no series of steps")
        return encoding(rows), 1, lambda: ""
    training = Training(workload)
    if scan:
        steps = 32 if device == "cuda" else SERIES[workload]
        return training.scan(rows, steps), steps, lambda: f"series of {steps} steps"
    return training.loop(rows, STEPS[device]), STEPS[device], lambda: ""


def encoding(rows):
    weights = {name: jnp.asarray(value) for name, value in parameters.initial("d")[0].items()}
    encode = jax.jit(jax_models.MODELS["d"]().encode)

    def run():
        np.asarray(encode(weights, rows))
        return []

    return run


def describe():
    devices = [device for device in jax.devices() if device.platform != "cpu"]
    return {"version": jax.__version__, "gpu": devices[0].device_kind if devices else None}
