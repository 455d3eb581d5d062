"""The workloads' models in JAX: functions of weights by name, in the library's layouts, images [n, h, w, c].

Each model has `draw(key, n)`, the noise of a batch, and `loss(weights, state, x, **draws)`, the loss and the new state.
"""

import math

import jax
import jax.numpy as jnp
from jax import lax

from .data import CODES, FRAMES
from .parameters import BETA, COLOUR, TUTORIAL


def dense(p, name, x):
    return x @ p[f"{name}.kernel"] + p[f"{name}.bias"]


def convolution(p, name, x, stride=1):
    layout = ("NHWC", "HWIO", "NHWC")
    y = lax.conv_general_dilated(x, p[f"{name}.kernel"], (stride, stride), "SAME", dimension_numbers=layout)
    return y + p[f"{name}.bias"]


def transposed(p, name, x, stride=1):
    y = lax.conv_transpose(x, p[f"{name}.kernel"], (stride, stride), "SAME", transpose_kernel=True)
    return y + p[f"{name}.bias"]


def minus_bernoulli(logits, x):
    """−log p(x|z), summed over pixels, mean over the batch."""
    return (jax.nn.softplus(logits) - x * logits).sum() / len(x)


class VAE:
    def draw(self, key, n):
        return {"epsilon": jax.random.normal(key, (n, 20))}

    def moments(self, p, x):
        return jnp.split(dense(p, "encoder.1", jax.nn.relu(dense(p, "encoder.0", x))), 2, 1)

    def loss(self, p, state, x, epsilon):
        mu, log_var = self.moments(p, x)
        z = mu + jnp.exp(0.5 * log_var) * epsilon
        logits = dense(p, "decoder.1", jax.nn.relu(dense(p, "decoder.0", z)))
        kl = 0.5 * (mu**2 + jnp.exp(log_var) - 1 - log_var).sum(1).mean()
        return minus_bernoulli(logits, x) + kl, state

    def encode(self, p, x):
        return self.moments(p, x)[0]


class ConvolutionalVAE:
    def __init__(self, side, depth, channels, latent, binarize=None):
        self.side, self.depth, self.channels, self.latent = side, depth, channels, latent
        self.binarize = binarize

    def draw(self, key, n):
        return {"epsilon": jax.random.normal(key, (n, self.latent))}

    def loss(self, p, state, x, epsilon):
        if self.binarize is not None:
            x = (x > self.binarize).astype(x.dtype)
        layers, least = len(self.channels), self.side // 2 ** len(self.channels)
        h = x.reshape(-1, self.side, self.side, self.depth)
        for i in range(layers):
            h = jax.nn.relu(convolution(p, f"encoder.{i}", h, 2))
        mu, log_var = jnp.split(dense(p, f"encoder.{layers}", h.reshape(len(x), -1)), 2, 1)
        z = mu + jnp.exp(0.5 * log_var) * epsilon
        h = jax.nn.relu(dense(p, "decoder.0", z)).reshape(len(x), least, least, -1)
        for i in range(layers):
            h = jax.nn.relu(transposed(p, f"decoder.{i + 1}", h, 2))
        logits = transposed(p, f"decoder.{layers + 1}", h)
        kl = 0.5 * (z**2 - epsilon**2 - log_var).sum(1).mean()
        return minus_bernoulli(logits.reshape(x.shape), x) + kl, state


class ConvolutionalVQVAE:
    def draw(self, key, n):
        return {"picks": jax.random.uniform(key, (512,))}

    def blocks(self, p, network, h):
        for i in range(2):
            inner = jax.nn.relu(convolution(p, f"{network}.block{i}.0", jax.nn.relu(h)))
            h = h + convolution(p, f"{network}.block{i}.1", inner)
        return jax.nn.relu(h)

    def loss(self, p, state, x, picks):
        image = x.reshape(-1, 28, 28, 1)
        h = jax.nn.relu(convolution(p, "encoder.0", image, 2))
        h = jax.nn.relu(convolution(p, "encoder.1", h, 2))
        h = self.blocks(p, "encoder", convolution(p, "encoder.2", h))
        z_map = convolution(p, "encoder.3", h)
        z = z_map.reshape(-1, 64)
        vectors = state["codebook.vectors"]
        fixed = lax.stop_gradient(z)
        codes = (2 * fixed @ vectors.T - (vectors**2).sum(1)).argmax(1)
        e = vectors[codes]
        quantized = (z + lax.stop_gradient(e - z)).reshape(z_map.shape)
        h = self.blocks(p, "decoder", convolution(p, "decoder.0", quantized))
        h = jax.nn.relu(transposed(p, "decoder.1", h, 2))
        reconstruction = ((image - transposed(p, "decoder.2", h, 2)) ** 2).sum() / len(x)
        commitment = BETA * ((z - e) ** 2).sum(1).mean()
        return reconstruction + commitment, self.followed(state, fixed, codes, picks)

    def followed(self, state, z, codes, picks, decay=0.99, epsilon=1e-5, revive_below=0.2):
        assigned = jax.nn.one_hot(codes, 512)
        counts = decay * state["codebook.counts"] + (1 - decay) * assigned.sum(0)
        sums = decay * state["codebook.sums"] + (1 - decay) * assigned.T @ z
        mean = counts.mean()
        dead = counts < revive_below * mean
        chosen = z[jnp.floor(picks * len(z)).astype(jnp.int32)]
        counts = jnp.where(dead, mean, counts)
        sums = jnp.where(dead[:, None], mean * chosen, sums)
        total = counts.sum()
        smoothed = (counts + epsilon) / (total + 512 * epsilon) * total
        return {"codebook.vectors": sums / smoothed[:, None], "codebook.sums": sums, "codebook.counts": counts}


def masked(p, name, x, shown):
    """A 3 × 3 convolution that sees the first `shown` places of its kernel, in raster order."""
    mask = (jnp.arange(9) < shown).astype(x.dtype).reshape(3, 3, 1, 1)
    return convolution({f"{name}.kernel": p[f"{name}.kernel"] * mask, f"{name}.bias": p[f"{name}.bias"]}, name, x)


def gated_sum(h, ab):
    a, b = jnp.split(ab, 2, -1)
    return h + a * jax.nn.sigmoid(b)


class PixelSNAIL:
    def draw(self, key, n):
        return {}

    def loss(self, p, state, x):
        codes = x.astype(jnp.int32)
        n = len(x)
        embedded = (p["embedding.kernel"][0, 0][codes] + p["embedding.bias"]).reshape(n, 8, 8, -1)
        places = jnp.arange(8) / 8 - 0.5
        background = jnp.stack(jnp.meshgrid(places, places, indexing="ij"), -1)
        background = jnp.broadcast_to(background, (n, 8, 8, 2))
        h = masked(p, "start", embedded, 4)
        for b in range(2):
            h = self.block(p, f"block{b}", h, embedded, background)
        logits = convolution(p, "head", jax.nn.elu(h)).reshape(n, 64, CODES)
        log_p = jax.nn.log_softmax(logits)
        return -jnp.take_along_axis(log_p, codes[..., None], 2).sum() / n, state

    def block(self, p, name, h, embedded, background):
        for r in range(2):
            inner = masked(p, f"{name}.residual{r}.0", jax.nn.elu(h), 5)
            h = gated_sum(h, masked(p, f"{name}.residual{r}.1", jax.nn.elu(inner), 5))
        queries = jnp.concatenate([h, background], -1)
        memory = jnp.concatenate([embedded, h, background], -1)
        o = self.attention(p, f"{name}.attention", queries, memory).reshape(h.shape)
        return gated_sum(h, convolution(p, f"{name}.merge", jnp.concatenate([jax.nn.elu(h), jax.nn.elu(o)], -1)))

    def attention(self, p, name, queries, memory):
        n = len(queries)
        heads = lambda rows: rows.reshape(n, 64, 4, 16)
        q = heads(dense(p, f"{name}.query", queries))
        k = heads(memory @ p[f"{name}.key.kernel"])
        v = heads(dense(p, f"{name}.value", memory))
        before = jnp.tril(jnp.ones((64, 64)), -1)
        scores = jnp.einsum("nihd,njhd->nhij", q, k) / math.sqrt(16) + (before - 1) * 1e9
        return jnp.einsum("nhij,njhd->nihd", jax.nn.softmax(scores) * before, v)


def log_prob(density, z):
    mu, log_var = density
    return -0.5 * (math.log(2 * math.pi) + log_var + (z - mu) ** 2 * jnp.exp(-log_var)).sum(1)


def divergence(q, p):
    ratio = q[1] - p[1]
    return 0.5 * (jnp.exp(ratio) + (q[0] - p[0]) ** 2 * jnp.exp(-p[1]) - 1 - ratio).sum(1)


class TDVAE:
    def draw(self, key, n):
        jumps, starts, *epsilons = jax.random.split(key, 4)
        jump = jax.random.randint(jumps, (n,), 1, 5)
        start = jnp.floor(jax.random.uniform(starts, (n,)) * (FRAMES - jump + 1)).astype(jnp.int32)
        drawn = {f"epsilon{i + 1}": jax.random.normal(epsilons[i], (n, 16)) for i in range(2)}
        return {"start": start, "end": start + jump, **drawn}

    def loss(self, p, state, x, start, end, epsilon1, epsilon2):
        frames = x.reshape(len(x), FRAMES, -1)
        b = self.beliefs(p, frames)
        rows = jnp.arange(len(x))
        b1, b2 = b[rows, start], b[rows, end]
        z2, belief2 = self.drawn(p, "filter", b2, epsilon2)
        z1, smoother = self.drawn(p, "smoother", jnp.concatenate([z2, b1, b2], 1), epsilon1)
        belief1 = self.at(p, "filter", b1, z1)
        transition = self.at(p, "transition", z1, z2)
        logits = dense(p, "decoder.1", jax.nn.relu(dense(p, "decoder.0", z2)))
        prediction = (log_prob(belief2, z2) - log_prob(transition, z2)).mean()
        return minus_bernoulli(logits, frames[rows, end - 1]) + divergence(smoother, belief1).mean() + prediction, state

    def beliefs(self, p, frames):
        features = jax.nn.relu(dense(p, "frame.1", jax.nn.relu(dense(p, "frame.0", frames))))
        driven = dense(p, "belief", features).swapaxes(0, 1)
        start = jnp.zeros((len(frames), 50))

        def step(before, now):
            h, c = before
            i, f, g, o = jnp.split(now + h @ p["belief.recurrentKernel"], 4, 1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            h = jax.nn.sigmoid(o) * jnp.tanh(c)
            return (h, c), h

        _, states = lax.scan(step, (start, start), driven)
        return jnp.concatenate([start[None], states]).swapaxes(0, 1)

    def layer(self, p, name, y):
        h = jnp.tanh(dense(p, f"{name}.signal", y)) * jax.nn.sigmoid(dense(p, f"{name}.gate", y))
        return jnp.split(dense(p, f"{name}.heads", h), 2, 1)

    def drawn(self, p, name, context, epsilon):
        epsilons = jnp.split(epsilon, 2, 1)
        mu, log_var = self.layer(p, f"{name}.2", context)
        z = mu + jnp.exp(0.5 * log_var) * epsilons[0]
        lower_mu, lower_log_var = self.layer(p, f"{name}.1", jnp.concatenate([context, z], 1))
        lower = lower_mu + jnp.exp(0.5 * lower_log_var) * epsilons[1]
        density = jnp.concatenate([mu, lower_mu], 1), jnp.concatenate([log_var, lower_log_var], 1)
        return jnp.concatenate([z, lower], 1), density

    def at(self, p, name, context, z):
        mu, log_var = self.layer(p, f"{name}.2", context)
        above = jnp.concatenate([context, z[:, :8]], 1)
        lower_mu, lower_log_var = self.layer(p, f"{name}.1", above)
        return jnp.concatenate([mu, lower_mu], 1), jnp.concatenate([log_var, lower_log_var], 1)


MODELS = {
    "a": VAE,
    "b": lambda: ConvolutionalVAE(**TUTORIAL, binarize=0.5),
    "c": ConvolutionalVQVAE,
    "d": VAE,
    "e": lambda: ConvolutionalVAE(**COLOUR),
    "f": PixelSNAIL,
    "g": TDVAE,
}
