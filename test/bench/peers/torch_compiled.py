"""A training step compiled by PyTorch."""

import torch


def first_that_runs(training, ways, cuda_graphs):
    """A step that is compiled in the first way that its first batch gets through, which `training.remark` then names.

    It draws its own noise, unless it is given.
    """
    modes = [{"mode": "reduce-overhead"}, {}] if cuda_graphs else [{}]
    untried = [(way, mode) for mode in modes for way in ways]
    chosen = []

    def step(x, draws=None):
        while not chosen:
            way, mode = untried.pop(0)
            try:
                compiled, name = way(training, mode)
                loss = compiled(x, draws)
            except Exception as error:
                if not untried:
                    raise
                print(f"{way.__name__} {mode}: {type(error).__name__}: {error}")
                torch._dynamo.reset()
                continue
            training.remark = f"{name}, CUDA graphs" if mode else name
            chosen.append(compiled)
            return loss
        return chosen[0](x, draws)

    return step


def whole_step(training, mode):
    """Noise, loss, gradient and Adam in one graph."""
    # What has PyTorch 2.10 and later trace a gradient within a graph; before, `torch.autograd.grad` breaks it.
    torch._dynamo.config.trace_autograd_ops = True
    model = training.model
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    moments = [[torch.zeros_like(parameter) for parameter in trained] for _ in range(2)]
    count = torch.zeros((), device=training.device)
    for tensor in [*moments[0], *moments[1], count]:
        torch._dynamo.mark_static_address(tensor)

    def step(x, draws):
        loss = model(x, **(draws or model.draw(training.batch, training.device)))
        gradients = torch.autograd.grad(loss, trained)
        with torch.no_grad():
            adam(trained, gradients, *moments, count, model.learning_rate)
        return loss.detach()

    return torch.compile(step, fullgraph=True, **mode), "the whole step one graph"


def adam(weights, gradients, means, squares, count, rate, b1=0.9, b2=0.999, epsilon=1e-8):
    """Kingma and Ba 2015, algorithm 1, in place."""
    count += 1
    first, second = 1 / (1 - b1**count), 1 / (1 - b2**count)
    for w, g, m, v in zip(weights, gradients, means, squares):
        m.mul_(b1).add_(g, alpha=1 - b1)
        v.mul_(b2).addcmul_(g, g, value=1 - b2)
        w.sub_(rate * first * m / ((v * second).sqrt() + epsilon))


def parts(training, mode):
    """The loss with its gradient, and the optimizer, each compiled."""
    model, optimizer = training.model, training.optimizer
    loss_of = torch.compile(lambda x, draws: model(x, **(draws or model.draw(training.batch, training.device))), **mode)
    update = torch.compile(optimizer.step)
    for group in optimizer.param_groups:
        # A number would be compiled in.
        group["lr"] = torch.tensor(group["lr"], device=training.device)
        group["capturable"] = training.device == "cuda"

    def step(x, draws):
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(x, draws)
        loss.backward()
        update()
        return loss.detach()

    return step, "loss and optimizer compiled apart"
