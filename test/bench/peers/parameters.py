"""How the models' weights start: shapes and deviations as the library has them, by its names and in its layouts.

Kernels are [in, out], [k, k, in, out] of a convolution and [k, k, out, in] of a transposed one.
"""

import numpy as np

from .data import CODES


def dense(name, into, out, relu=False):
    variance = 2 / into if relu else 2 / (into + out)
    return {f"{name}.kernel": ((into, out), variance), f"{name}.bias": ((out,), 0)}


def convolution(name, size, into, out, stride=1, relu=False):
    fan_in, fan_out = size * size * into, size * size * out / stride**2
    variance = 2 / fan_in if relu else 2 / (fan_in + fan_out)
    return {f"{name}.kernel": ((size, size, into, out), variance), f"{name}.bias": ((out,), 0)}


def transposed(name, size, into, out, stride=1, relu=False):
    fan_in, fan_out = size * size * into / stride**2, size * size * out
    variance = 2 / fan_in if relu else 2 / (fan_in + fan_out)
    return {f"{name}.kernel": ((size, size, out, into), variance), f"{name}.bias": ((out,), 0)}


def masked(name, shown, into, out):
    """A 3 × 3 convolution that sees its first `shown` places."""
    return {f"{name}.kernel": ((3, 3, into, out), 2 / (shown * (into + out))), f"{name}.bias": ((out,), 0)}


def vae():
    return {
        **dense("encoder.0", 784, 400, relu=True),
        **dense("encoder.1", 400, 40),
        **dense("decoder.0", 20, 400, relu=True),
        **dense("decoder.1", 400, 784),
    }


def convolutional_vae(side, depth, channels, latent):
    layers = len(channels)
    least = side // 2**layers
    shapes = {}
    for i, out in enumerate(channels):
        shapes |= convolution(f"encoder.{i}", 3, channels[i - 1] if i else depth, out, stride=2, relu=True)
    shapes |= dense(f"encoder.{layers}", least * least * channels[-1], 2 * latent)
    upwards = channels[::-1]
    narrow = upwards[-1]
    shapes |= dense("decoder.0", latent, least * least * narrow, relu=True)
    for i, out in enumerate(upwards):
        shapes |= transposed(f"decoder.{i + 1}", 3, upwards[i - 1] if i else narrow, out, stride=2, relu=True)
    return shapes | transposed(f"decoder.{layers + 1}", 3, narrow, depth)


def convolutional_vqvae():
    def blocks(network):
        shapes = {}
        for i in range(2):
            shapes |= convolution(f"{network}.block{i}.0", 3, 128, 32, relu=True)
            shapes |= convolution(f"{network}.block{i}.1", 1, 32, 128)
        return shapes

    return {
        **convolution("encoder.0", 4, 1, 64, stride=2, relu=True),
        **convolution("encoder.1", 4, 64, 128, stride=2, relu=True),
        **convolution("encoder.2", 3, 128, 128),
        **blocks("encoder"),
        **convolution("encoder.3", 1, 128, 64),
        **convolution("decoder.0", 3, 64, 128),
        **blocks("decoder"),
        **transposed("decoder.1", 4, 128, 64, stride=2, relu=True),
        **transposed("decoder.2", 4, 64, 1, stride=2),
    }


def pixel_snail(channels=64, heads=64):
    shapes = convolution("embedding", 1, CODES, channels) | masked("start", 4, channels, channels)
    for b in range(2):
        for r in range(2):
            shapes |= masked(f"block{b}.residual{r}.0", 5, channels, channels)
            shapes |= masked(f"block{b}.residual{r}.1", 5, channels, 2 * channels)
        attention = f"block{b}.attention"
        shapes |= dense(f"{attention}.query", channels + 2, heads)
        shapes[f"{attention}.key.kernel"] = ((2 * channels + 2, heads), 2 / (2 * channels + 2 + heads))
        shapes |= dense(f"{attention}.value", 2 * channels + 2, heads)
        shapes |= convolution(f"block{b}.merge", 1, channels + heads, 2 * channels)
    return shapes | convolution("head", 1, channels, CODES)


def td_vae(belief=50, latent=8, gates=50):
    shapes = {**dense("frame.0", 784, 200, relu=True), **dense("frame.1", 200, belief)}
    shapes["belief.kernel"] = ((belief, 4 * belief), 2 / (belief + belief))
    shapes["belief.recurrentKernel"] = ((belief, 4 * belief), 2 / (belief + belief))
    shapes["belief.bias"] = ((4 * belief,), 0)
    for name, context in (("filter", belief), ("smoother", 2 * latent + 2 * belief), ("transition", 2 * latent)):
        for level, into in ((2, context), (1, context + latent)):
            shapes |= dense(f"{name}.{level}.signal", into, gates)
            shapes |= dense(f"{name}.{level}.gate", into, gates)
            shapes |= dense(f"{name}.{level}.heads", gates, 2 * latent)
    return shapes | dense("decoder.0", 2 * latent, 200, relu=True) | dense("decoder.1", 200, 784)


# β of the VQ-VAE: DeepMind's .25 is for means over 784 pixels and 64 dimensions of a code, and here both are sums.
BETA = 0.25 * 784 / 64
COLOUR = {"side": 64, "depth": 3, "channels": [32, 64, 128, 256], "latent": 64}
TUTORIAL = {"side": 28, "depth": 1, "channels": [32, 64], "latent": 2}
SHAPES = {
    "a": vae,
    "b": lambda: convolutional_vae(**TUTORIAL),
    "c": convolutional_vqvae,
    "d": vae,
    "e": lambda: convolutional_vae(**COLOUR),
    "f": pixel_snail,
    "g": td_vae,
}


def initial(workload, seed=0):
    """Weights by name, and for the VQ-VAE the codebook's moving averages."""
    draws = np.random.default_rng(seed)
    weights = {
        name: (draws.standard_normal(shape, np.float32) * np.float32(variance**0.5))
        for name, (shape, variance) in SHAPES[workload]().items()
    }
    if workload == "g":
        weights["belief.bias"][50:100] = 1  # the forget gate's
    return weights, initial_state(workload, draws)


def initial_state(workload, draws):
    if workload != "c":
        return {}
    vectors = draws.standard_normal((512, 64), np.float32)
    return {"codebook.vectors": vectors, "codebook.sums": vectors.copy(), "codebook.counts": np.ones(512, np.float32)}


LEARNING_RATES = {"a": 1e-3, "b": 1e-4, "c": 3e-4, "e": 1e-4, "f": 3e-4, "g": 5e-4}
