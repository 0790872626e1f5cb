"""The episode in PyTorch: autograd through the unrolled loop, the update in three ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from episode import BETA, SIGNS, Episode

#: dW from W, activity and error above it and below it (rows, `[1, n]`), signed coefficients.
Update = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor, Sequence[Tensor]], Tensor]


def _softplus(u: Tensor) -> Tensor:
    """Log(1 + exp(βu))/β; the threshold of 20 that torch has is exact in single precision only."""
    return F.softplus(u, beta=BETA, threshold=40)


def literal(w: Tensor, y: Tensor, e: Tensor, y0: Tensor, e0: Tensor, c: Sequence[Tensor]) -> Tensor:
    """One tensor a term, products from left to right as the paper prints them."""
    one = torch.ones_like(y)
    dw = c[0] * (e.T @ y0)
    dw = dw + c[1] * (y.T @ e0)
    dw = dw + c[2] * (e.T @ e0)
    dw = dw + c[3] * w
    dw = dw + c[4] * (one.T @ e0)
    dw = dw + c[5] * (e.T @ one @ y.T @ y0)
    dw = dw + c[6] * (y.T @ y @ w @ e0.T @ e0)
    dw = dw + c[7] * (e.T @ y @ w @ e0.T @ y0)
    dw = dw + c[8] * (y.T @ y0 @ w.T @ e.T @ e0)
    return dw + c[9] * (y.T @ y0 - (y.T @ y) @ w)


def vector(w: Tensor, y: Tensor, e: Tensor, y0: Tensor, e0: Tensor, c: Sequence[Tensor]) -> Tensor:
    """One tensor a term, each product bracketed so that only the last is a matrix."""
    one = torch.ones_like(y)
    s = y @ (w @ e0.T)
    dw = c[0] * (e.T @ y0)
    dw = dw + c[1] * (y.T @ e0)
    dw = dw + c[2] * (e.T @ e0)
    dw = dw + c[3] * w
    dw = dw + c[4] * (one.T @ e0)
    dw = dw + c[5] * ((e.T * y.sum()) @ y0)
    dw = dw + c[6] * ((y.T * s) @ e0)
    dw = dw + c[7] * ((e.T * s) @ y0)
    dw = dw + c[8] * ((y.T * (y0 @ w.T @ e.T)) @ e0)
    return dw + c[9] * (y.T @ (y0 - y @ w))


def summed(update: Update) -> Callable[..., tuple[Tensor, ...]]:
    """A step with this update of every matrix, all errors from the weights before it."""

    def step(
        weights: Sequence[Tensor],
        feedback: Sequence[Tensor],
        image: Tensor,
        target: Tensor,
        c: Sequence[Tensor],
    ) -> tuple[Tensor, ...]:
        y = [image.unsqueeze(0)]
        for w in weights[:-1]:
            y.append(_softplus(y[-1] @ w.T))
        y.append(torch.softmax(y[-1] @ weights[-1].T, 1))
        e = [y[-1] - target]
        for b, below in zip(reversed(feedback), reversed(y[:-1]), strict=True):
            e.insert(0, (e[0] @ b) * (1 - torch.exp(-BETA * below)))
        return tuple(
            w + update(w, y[k + 1], e[k + 1], y[k], e[k], c) for k, w in enumerate(weights)
        )

    return step


def factored(
    weights: Sequence[Tensor],
    feedback: Sequence[Tensor],
    image: Tensor,
    target: Tensor,
    c: Sequence[Tensor],
) -> tuple[Tensor, ...]:
    """A step whose ten terms are gathered by hand: three outer products, a decay, one addmm."""
    y, z = [image], []
    for k, w in enumerate(weights):
        z.append(torch.mv(w, y[-1]))
        last = k == len(weights) - 1
        y.append(torch.softmax(z[-1], 0) if last else _softplus(z[-1]))
    e = [y[-1] - target]
    for b, below in zip(reversed(feedback), reversed(y[:-1]), strict=True):
        e.insert(0, torch.mv(b.T, e[0]) * (1 - torch.exp(-BETA * below)))
    after = []
    for k, w in enumerate(weights):
        above, below, error, error_below = y[k + 1], y[k], e[k + 1], e[k]
        back = torch.mv(w.T, above)
        s = torch.dot(back, error_below)
        r = torch.dot(z[k], error)
        p = below * (c[0] + c[5] * above.sum() + c[7] * s) + c[2] * error_below
        q = error_below * (c[1] + c[6] * s + c[8] * r) + c[9] * (below - back)
        left = torch.stack([error, above, torch.ones_like(above)], 1)
        right = torch.stack([p, q, c[4] * error_below], 0)
        after.append(torch.addmm((1 + c[3]) * w, left, right))
    return tuple(after)


STEPS = {"literal": summed(literal), "vector": summed(vector), "factored": factored}


class TorchPeer:
    """Runs the episode with its meta-gradient; `compiled` puts the step through torch.compile."""

    def __init__(
        self, episode: Episode, form: str, dtype: str, threads: int, compiled: bool = False
    ) -> None:
        torch.set_num_threads(threads)
        number = getattr(torch, dtype)

        def tensor(values: np.ndarray) -> Tensor:
            return torch.from_numpy(values).to(number)

        self.weights = tuple(tensor(w) for w in episode.weights)
        self.feedback = tuple(tensor(b) for b in episode.feedback)
        self.images = tensor(episode.images).unbind()
        self.targets = tensor(episode.targets).unbind()
        self.query_images = tensor(episode.query_images)
        self.query_labels = torch.from_numpy(episode.query_targets.argmax(1))
        self.coefficients = tensor(episode.coefficients).requires_grad_()
        self.signs = torch.tensor(SIGNS, dtype=number)
        self.step = torch.compile(STEPS[form], dynamic=False) if compiled else STEPS[form]
        if compiled:
            # The first step's weights look like all others', else it is compiled twice.
            for w in self.weights:
                w.requires_grad_()

    def run(self) -> tuple[float, np.ndarray]:
        """Query loss and its derivative by each coefficient."""
        c = (self.coefficients * self.signs).unbind()
        weights = self.weights
        for image, target in zip(self.images, self.targets, strict=True):
            weights = self.step(weights, self.feedback, image, target, c)
        y = self.query_images
        for w in weights[:-1]:
            y = _softplus(y @ w.T)
        loss = F.cross_entropy(y @ weights[-1].T, self.query_labels)
        (gradient,) = torch.autograd.grad(loss, [self.coefficients])
        return loss.item(), gradient.double().numpy()

    @staticmethod
    def versions() -> dict[str, str]:
        """What it ran on."""
        blas = "MKL" if torch.backends.mkl.is_available() else "other BLAS"
        return {
            "torch": f"{torch.__version__}, {blas}, {torch.backends.cpu.get_cpu_capability()}",
            "numpy": np.__version__,
        }
