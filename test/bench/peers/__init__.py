"""The bench's workloads as PyTorch and JAX have them."""
