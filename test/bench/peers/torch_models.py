"""The workloads' models in PyTorch, as one writes them there: images are [n, c, h, w], and padding is symmetric.

`forward(x, **draws)` is the loss of a batch and `draw(n, device)` its noise; `layers()` names the modules as the library does.
The library pads a convolution of stride 2 at its bottom right, PyTorch at its top left: the one is the other with images
and kernels turned by 180°, which `load` does, and `turned` to a batch.
"""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .parameters import BETA, COLOUR, LEARNING_RATES, TUTORIAL


def minus_bernoulli(logits, x):
    """−log p(x|z), summed over pixels, mean over the batch."""
    return F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)


class Model(nn.Module):
    def draw(self, n, device):
        return {}

    def turned(self, x):
        return x

    def load_state(self, state):
        pass


class VAE(Model):
    """784-400-20, the divergence in closed form."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40))
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def layers(self):
        return {
            "encoder.0": self.encoder[0],
            "encoder.1": self.encoder[2],
            "decoder.0": self.decoder[0],
            "decoder.1": self.decoder[2],
        }

    def draw(self, n, device):
        return {"epsilon": torch.randn(n, 20, device=device)}

    def forward(self, x, epsilon):
        mu, log_var = self.encoder(x).chunk(2, 1)
        z = mu + torch.exp(0.5 * log_var) * epsilon
        kl = 0.5 * (mu.square() + log_var.exp() - 1 - log_var).sum(1).mean()
        return minus_bernoulli(self.decoder(z), x) + kl

    def encode(self, x):
        return self.encoder(x).chunk(2, 1)[0]


class ConvolutionalVAE(Model):
    """TensorFlow's tutorial, with maps of half the size at each layer; one draw estimates both terms of the bound."""

    def __init__(self, side, depth, channels, latent, binarize=None):
        super().__init__()
        self.image = (depth, side, side)
        self.latent, self.binarize = latent, binarize
        least = side // 2 ** len(channels)
        down, up = [], []
        for i, out in enumerate(channels):
            down += [nn.Conv2d(channels[i - 1] if i else depth, out, 3, 2, 1), nn.ReLU()]
        features = nn.Linear(least * least * channels[-1], 2 * latent)
        features.reads_map = (least, least, channels[-1])
        upwards = channels[::-1]
        narrow = upwards[-1]
        maps = nn.Linear(latent, least * least * narrow)
        maps.writes_map = (least, least, narrow)
        for i, out in enumerate(upwards):
            up += [nn.ConvTranspose2d(upwards[i - 1] if i else narrow, out, 3, 2, 1, 1), nn.ReLU()]
        self.encoder = nn.Sequential(*down, nn.Flatten(), features)
        self.decoder = nn.Sequential(
            maps, nn.ReLU(), nn.Unflatten(1, (narrow, least, least)), *up, nn.ConvTranspose2d(narrow, depth, 3, 1, 1)
        )

    def layers(self):
        named = {}
        for name in ("encoder", "decoder"):
            trained = [module for module in getattr(self, name) if hasattr(module, "weight")]
            named |= {f"{name}.{i}": module for i, module in enumerate(trained)}
        return named

    def draw(self, n, device):
        return {"epsilon": torch.randn(n, self.latent, device=device)}

    def turned(self, x):
        depth, side, _ = self.image
        return x.reshape(-1, side, side, depth).flip(1, 2).reshape(len(x), -1)

    def forward(self, x, epsilon):
        if self.binarize is not None:
            x = (x > self.binarize).float()
        depth, side, _ = self.image
        image = x.view(-1, side, side, depth).permute(0, 3, 1, 2)
        mu, log_var = self.encoder(image).chunk(2, 1)
        z = mu + torch.exp(0.5 * log_var) * epsilon
        kl = 0.5 * (z.square() - epsilon.square() - log_var).sum(1).mean()
        return minus_bernoulli(self.decoder(z), image) + kl


class ResidualBlock(nn.Sequential):
    def __init__(self):
        super().__init__(nn.ReLU(), nn.Conv2d(128, 32, 3, 1, 1), nn.ReLU(), nn.Conv2d(32, 128, 1))

    def forward(self, x):
        return x + super().forward(x)


class ConvolutionalVQVAE(Model):
    """DeepMind's settings; the codebook follows by moving averages and dead codes are revived, as in LatentLab."""

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
        self.register_buffer("vectors", torch.zeros(512, 64))
        self.register_buffer("sums", torch.zeros(512, 64))
        self.register_buffer("counts", torch.ones(512))

    def layers(self):
        encoder, decoder = self.encoder, self.decoder
        named = {"encoder.0": encoder[0], "encoder.1": encoder[2], "encoder.2": encoder[4], "encoder.3": encoder[8]}
        named |= {"decoder.0": decoder[0], "decoder.1": decoder[4], "decoder.2": decoder[6]}
        for name, blocks in (("encoder", encoder[5:7]), ("decoder", decoder[1:3])):
            for i, block in enumerate(blocks):
                named |= {f"{name}.block{i}.0": block[1], f"{name}.block{i}.1": block[3]}
        return named

    def load_state(self, state):
        for name, value in state.items():
            getattr(self, name.removeprefix("codebook.")).copy_(torch.from_numpy(value))

    def draw(self, n, device):
        return {"picks": torch.rand(512, device=device)}

    def turned(self, x):
        return x.reshape(-1, 28, 28).flip(1, 2).reshape(len(x), -1)

    def forward(self, x, picks, turned=False):
        image = x.view(-1, 1, 28, 28)
        z_map = self.encoder(image).permute(0, 2, 3, 1)
        z = z_map.reshape(-1, 64)
        with torch.no_grad():
            codes = (2 * z @ self.vectors.t() - self.vectors.square().sum(1)).argmax(1)
            e = self.vectors[codes]
            picked = (picks * len(z)).long()
            # A turned map has its places in reverse.
            self.update(z, codes, picked + 48 - 2 * (picked % 49) if turned else picked)
        quantized = (z + (e - z).detach()).view(z_map.shape).permute(0, 3, 1, 2)
        reconstruction = (image - self.decoder(quantized)).square().sum() / len(x)
        return reconstruction + BETA * (z - e).square().sum(1).mean()

    def update(self, z, codes, picked, decay=0.99, epsilon=1e-5, revive_below=0.2):
        counts = torch.zeros_like(self.counts).index_add_(0, codes, torch.ones_like(codes, dtype=z.dtype))
        counts = decay * self.counts + (1 - decay) * counts
        sums = decay * self.sums + (1 - decay) * torch.zeros_like(self.sums).index_add_(0, codes, z)
        mean = counts.mean()
        dead = counts < revive_below * mean
        self.counts.copy_(torch.where(dead, mean, counts))
        self.sums.copy_(torch.where(dead[:, None], mean * z[picked], sums))
        total = self.counts.sum()
        smoothed = (self.counts + epsilon) / (total + len(self.counts) * epsilon) * total
        self.vectors.copy_(self.sums / smoothed[:, None])


class MaskedConvolution(nn.Conv2d):
    """Sees the first `shown` places of its kernel, in raster order."""

    def __init__(self, shown, into, out):
        super().__init__(into, out, 3, 1, 1)
        self.register_buffer("mask", (torch.arange(9) < shown).float().view(1, 1, 3, 3))

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=1)


def gated_sum(h, ab):
    a, b = ab.chunk(2, 1)
    return h + a * torch.sigmoid(b)


class GatedResidual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = MaskedConvolution(5, channels, channels)
        self.second = MaskedConvolution(5, channels, 2 * channels)

    def forward(self, h):
        return gated_sum(h, self.second(F.elu(self.first(F.elu(h)))))


class CausalAttention(nn.Module):
    """Of each position to those before it; the first sees nothing."""

    def __init__(self, query_from, memory_from, width=64, heads=4, positions=64):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(query_from, width)
        self.key = nn.Linear(memory_from, width, bias=False)
        self.value = nn.Linear(memory_from, width)
        before = torch.ones(positions, positions).tril(-1)
        self.register_buffer("bias", (before - 1) * 1e9)
        self.register_buffer("sees", (torch.arange(positions) > 0).float()[:, None])

    def forward(self, queries, memory):
        q, k, v = (
            rows.unflatten(2, (self.heads, -1)).transpose(1, 2)
            for rows in (self.query(queries), self.key(memory), self.value(memory))
        )
        o = F.scaled_dot_product_attention(q, k, v, attn_mask=self.bias) * self.sees
        return o.transpose(1, 2).flatten(2)


class SnailBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.residuals = nn.ModuleList([GatedResidual(channels), GatedResidual(channels)])
        self.attention = CausalAttention(channels + 2, 2 * channels + 2)
        self.merge = nn.Conv2d(2 * channels, 2 * channels, 1)

    def forward(self, h, embedded, background):
        for residual in self.residuals:
            h = residual(h)
        rows = [part.flatten(2).transpose(1, 2) for part in (h, embedded, background)]
        o = self.attention(torch.cat([rows[0], rows[2]], 2), torch.cat([rows[1], rows[0], rows[2]], 2))
        o = o.transpose(1, 2).unflatten(2, h.shape[2:])
        return gated_sum(h, self.merge(torch.cat([F.elu(h), F.elu(o)], 1)))


class PixelSNAIL(Model):
    """8 × 8 codes, 64 channels, two blocks."""

    def __init__(self, codes=512, channels=64):
        super().__init__()
        self.embedding = nn.Embedding(codes, channels)
        self.embedding_bias = nn.Parameter(torch.zeros(channels))
        self.start = MaskedConvolution(4, channels, channels)
        self.blocks = nn.ModuleList([SnailBlock(channels), SnailBlock(channels)])
        self.head = nn.Conv2d(channels, codes, 1)
        places = torch.arange(8) / 8 - 0.5
        rows, columns = torch.meshgrid(places, places, indexing="ij")
        self.register_buffer("background", torch.stack([rows, columns])[None])

    def layers(self):
        named = {"embedding": self.embedding, "start": self.start, "head": self.head}
        for b, block in enumerate(self.blocks):
            for r, residual in enumerate(block.residuals):
                named |= {f"block{b}.residual{r}.0": residual.first, f"block{b}.residual{r}.1": residual.second}
            for part in ("query", "key", "value"):
                named[f"block{b}.attention.{part}"] = getattr(block.attention, part)
            named[f"block{b}.merge"] = block.merge
        return named

    def forward(self, x):
        codes = x.long()
        embedded = (self.embedding(codes) + self.embedding_bias).transpose(1, 2).reshape(len(x), -1, 8, 8)
        background = self.background.expand(len(x), -1, -1, -1)
        h = self.start(embedded)
        for block in self.blocks:
            h = block(h, embedded, background)
        logits = self.head(F.elu(h)).flatten(2)
        return F.cross_entropy(logits, codes, reduction="sum") / len(x)


class Gaussian:
    def __init__(self, mu, log_var):
        self.mu, self.log_var = mu, log_var

    def log_prob(self, z):
        squares = (z - self.mu).square() * torch.exp(-self.log_var)
        return -0.5 * (math.log(2 * math.pi) + self.log_var + squares).sum(1)

    def kl(self, other):
        squares = (self.mu - other.mu).square() * torch.exp(-other.log_var)
        ratio = self.log_var - other.log_var
        return 0.5 * (ratio.exp() + squares - 1 - ratio).sum(1)


class StateLayer(nn.Module):
    def __init__(self, into, latent=8, gates=50):
        super().__init__()
        self.signal, self.gate = nn.Linear(into, gates), nn.Linear(into, gates)
        self.heads = nn.Linear(gates, 2 * latent)

    def forward(self, y):
        return self.heads(torch.tanh(self.signal(y)) * torch.sigmoid(self.gate(y))).chunk(2, 1)


class LayeredGaussian(nn.Module):
    """A state of two layers, the lower one given the upper."""

    def __init__(self, context, latent=8):
        super().__init__()
        self.upper, self.lower = StateLayer(context), StateLayer(context + latent)

    def draw(self, context, epsilon):
        epsilons = epsilon.chunk(2, 1)
        mu, log_var = self.upper(context)
        z = mu + torch.exp(0.5 * log_var) * epsilons[0]
        lower_mu, lower_log_var = self.lower(torch.cat([context, z], 1))
        lower = lower_mu + torch.exp(0.5 * lower_log_var) * epsilons[1]
        density = Gaussian(torch.cat([mu, lower_mu], 1), torch.cat([log_var, lower_log_var], 1))
        return torch.cat([z, lower], 1), density

    def at(self, context, z):
        mu, log_var = self.upper(context)
        lower_mu, lower_log_var = self.lower(torch.cat([context, z.chunk(2, 1)[0]], 1))
        return Gaussian(torch.cat([mu, lower_mu], 1), torch.cat([log_var, lower_log_var], 1))


class TDVAE(Model):
    def __init__(self, frames=20, belief=50, state=16):
        super().__init__()
        self.frames = frames
        self.frame = nn.Sequential(nn.Linear(784, 200), nn.ReLU(), nn.Linear(200, belief), nn.ReLU())
        self.belief = nn.LSTM(belief, belief, batch_first=True)
        # PyTorch adds two biases; one is enough.
        nn.init.zeros_(self.belief.bias_hh_l0)
        self.belief.bias_hh_l0.requires_grad_(False)
        self.filter = LayeredGaussian(belief)
        self.smoother = LayeredGaussian(state + 2 * belief)
        self.transition = LayeredGaussian(state)
        self.decoder = nn.Sequential(nn.Linear(state, 200), nn.ReLU(), nn.Linear(200, 784))

    def layers(self):
        named = {"frame.0": self.frame[0], "frame.1": self.frame[2], "belief": self.belief}
        named |= {"decoder.0": self.decoder[0], "decoder.1": self.decoder[2]}
        for name in ("filter", "smoother", "transition"):
            for level, layer in ((2, getattr(self, name).upper), (1, getattr(self, name).lower)):
                for part in ("signal", "gate", "heads"):
                    named[f"{name}.{level}.{part}"] = getattr(layer, part)
        return named

    def draw(self, n, device):
        jump = torch.randint(1, 5, (n,), device=device)
        start = (torch.rand(n, device=device) * (self.frames - jump + 1)).long()
        epsilons = {name: torch.randn(n, 16, device=device) for name in ("epsilon1", "epsilon2")}
        return {"start": start, "end": start + jump, **epsilons}

    def forward(self, x, start, end, epsilon1, epsilon2):
        frames = x.view(len(x), self.frames, -1)
        states, _ = self.belief(self.frame(frames))
        b = F.pad(states, (0, 0, 1, 0))
        rows = torch.arange(len(x), device=x.device)
        b1, b2 = b[rows, start], b[rows, end]
        z2, belief2 = self.filter.draw(b2, epsilon2)
        z1, smoother = self.smoother.draw(torch.cat([z2, b1, b2], 1), epsilon1)
        belief1 = self.filter.at(b1, z1)
        transition = self.transition.at(z1, z2)
        reconstruction = minus_bernoulli(self.decoder(z2), frames[rows, end - 1])
        prediction = (belief2.log_prob(z2) - transition.log_prob(z2)).mean()
        return reconstruction + smoother.kl(belief1).mean() + prediction


MODELS = {
    "a": VAE,
    "b": lambda: ConvolutionalVAE(**TUTORIAL, binarize=0.5),
    "c": ConvolutionalVQVAE,
    "d": VAE,
    "e": lambda: ConvolutionalVAE(**COLOUR),
    "f": PixelSNAIL,
    "g": TDVAE,
}


def create(workload, weights, state):
    """The model with these weights, which have the library's names and layouts."""
    model = MODELS[workload]()
    model.learning_rate = LEARNING_RATES.get(workload)
    named = model.layers()
    with torch.no_grad():
        for name, module in named.items():
            fill(model, name, module, weights)
        model.load_state(state)
    return model


def fill(model, name, module, weights):
    kernel, bias = weights[f"{name}.kernel"], weights.get(f"{name}.bias")
    copy = lambda parameter, values: parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))
    if isinstance(module, nn.LSTM):
        copy(module.weight_ih_l0, kernel.T)
        copy(module.weight_hh_l0, weights[f"{name}.recurrentKernel"].T)
        copy(module.bias_ih_l0, bias)
        return
    if isinstance(module, nn.Embedding):
        copy(module.weight, kernel[0, 0])
        copy(model.embedding_bias, bias)
        return
    if isinstance(module, nn.Linear):
        if hasattr(module, "reads_map"):
            kernel = turned_maps(kernel.T, module.reads_map).T
        if hasattr(module, "writes_map"):
            kernel, bias = turned_maps(kernel, module.writes_map), turned_maps(bias[None], module.writes_map)[0]
        copy(module.weight, kernel.T)
    else:
        copy(module.weight, (kernel if isinstance(module, MaskedConvolution) else kernel[::-1, ::-1]).transpose(3, 2, 0, 1))
    if bias is not None:
        copy(module.bias, bias)


def turned_maps(rows, shape):
    """Rows [m, h · w · c] as turned maps, channels first."""
    return rows.reshape(-1, *shape)[:, ::-1, ::-1].transpose(0, 3, 1, 2).reshape(len(rows), -1)
