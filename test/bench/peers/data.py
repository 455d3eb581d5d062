"""What the workloads train on: the same as kernel/bench/samples.ts makes, and codes by chance."""

import gzip
import os
from pathlib import Path

import numpy as np

SHIPPED = Path(__file__).parents[3] / "samples" / "data" / "t10k-images-idx3-ubyte.gz"
DEBIAN = Path("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")
BATCHES = {"a": 128, "b": 128, "c": 128, "e": 64, "f": 32, "g": 64}
FRAMES = 20
CODES = 512


def images(file=SHIPPED):
    """Images of an IDX file as rows [n, 784] in [0, 1]."""
    pixels = np.frombuffer(gzip.decompress(Path(file).read_bytes()), np.uint8, offset=16)
    return pixels.reshape(-1, 784).astype(np.float32) / 255


def training_images():
    """Fashion-MNIST's 60,000 images where they are, or as many by chance."""
    file = os.environ.get("LATENTLAB_BENCH_IMAGES", DEBIAN)
    if Path(file).exists():
        return images(file)
    return np.random.default_rng(0).random((60_000, 784), np.float32)


def colour_images(count=1024):
    """Three grey images in a row of the data set, each in a channel, their pixels repeated: [n, 64 · 64 · 3]."""
    grey = images().reshape(-1, 28, 28)
    near = np.arange(64) * 28 // 64
    large = grey[: count + 2][:, near][:, :, near]
    return np.stack([large[i : i + count] for i in range(3)], -1).reshape(count, -1)


def moving_images(count=512):
    """Images that move to the right by a pixel a frame, round the edge: [n, 20 · 784]."""
    grey = images().reshape(-1, 28, 28)[:count]
    return np.stack([np.roll(grey, frame, 2) for frame in range(FRAMES)], 1).reshape(count, -1)


def code_maps(count=2048):
    """Maps of 8 × 8 codes: [n, 64]."""
    return np.random.default_rng(0).integers(0, CODES, (count, 64)).astype(np.float32)


SAMPLES = {"a": images, "b": images, "c": images, "d": images, "e": colour_images, "f": code_maps, "g": moving_images}


def samples(workload):
    return SAMPLES[workload]()
