"""The episode in JAX: jit of value_and_grad of a lax.scan, stored whole or checkpointed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from episode import BETA, SIGNS, Episode

Weights = tuple[jax.Array, ...]
#: (weights, (image, target), feedback, signed coefficients) -> weights
Step = Callable[[Weights, tuple[jax.Array, jax.Array], Weights, jax.Array], Weights]


def _signals(
    weights: Weights, image: jax.Array, target: jax.Array, feedback: Weights
) -> tuple[list[jax.Array], list[jax.Array], list[jax.Array]]:
    """Summed inputs, activities and errors, the image first (it has no summed input)."""
    y, z = [image], []
    for k, w in enumerate(weights):
        z.append(w @ y[-1])
        last = k == len(weights) - 1
        y.append(jax.nn.softmax(z[-1]) if last else jax.nn.softplus(BETA * z[-1]) / BETA)
    e = [y[-1] - target]
    for b, below in zip(reversed(feedback), reversed(y[:-1]), strict=True):
        e.insert(0, (e[0] @ b) * (1 - jnp.exp(-BETA * below)))
    return z, y, e


def vector(
    weights: Weights, shown: tuple[jax.Array, jax.Array], feedback: Weights, c: jax.Array
) -> Weights:
    """A step with one array a term, each product bracketed so that only the last is a matrix."""
    _, ys, es = _signals(weights, *shown, feedback)

    def update(w: jax.Array, y: jax.Array, e: jax.Array, y0: jax.Array, e0: jax.Array) -> jax.Array:
        s = y @ (w @ e0)
        return (
            c[0] * jnp.outer(e, y0)
            + c[1] * jnp.outer(y, e0)
            + c[2] * jnp.outer(e, e0)
            + c[3] * w
            + c[4] * jnp.outer(jnp.ones_like(y), e0)
            + c[5] * jnp.outer(e * y.sum(), y0)
            + c[6] * jnp.outer(y * s, e0)
            + c[7] * jnp.outer(e * s, y0)
            + c[8] * jnp.outer(y * ((w @ y0) @ e), e0)
            + c[9] * jnp.outer(y, y0 - y @ w)
        )

    return tuple(w + update(w, ys[k + 1], es[k + 1], ys[k], es[k]) for k, w in enumerate(weights))


def factored(
    weights: Weights, shown: tuple[jax.Array, jax.Array], feedback: Weights, c: jax.Array
) -> Weights:
    """A step whose ten terms are gathered by hand: three outer products and a decay."""
    zs, ys, es = _signals(weights, *shown, feedback)
    after = []
    for k, w in enumerate(weights):
        z, y, e, y0, e0 = zs[k], ys[k + 1], es[k + 1], ys[k], es[k]
        back = y @ w
        s, r = back @ e0, z @ e
        p = y0 * (c[0] + c[5] * y.sum() + c[7] * s) + c[2] * e0
        q = e0 * (c[1] + c[6] * s + c[8] * r) + c[9] * (y0 - back)
        outer = e[:, None] * p + y[:, None] * q + c[4] * e0
        after.append((1 + c[3]) * w + outer)
    return tuple(after)


STEPS: dict[str, Step] = {"vector": vector, "factored": factored}


def segment_length(steps: int) -> int:
    """The divisor of the number of steps that is nearest to its root."""
    divisors = [n for n in range(1, steps + 1) if steps % n == 0]
    return min(divisors, key=lambda n: abs(n - steps**0.5))


def unrolled(step: Step, memory: str) -> Callable[..., Weights]:
    """All steps: everything kept (`plain`), or `step`s or `segments` computed again."""

    def learn(weights: Weights, shown: Any, feedback: Weights, c: jax.Array) -> Weights:
        def body(now: Weights, row: Any) -> tuple[Weights, None]:
            return step(now, row, feedback, c), None

        if memory == "plain":
            return jax.lax.scan(body, weights, shown)[0]
        if memory == "step":
            return jax.lax.scan(jax.checkpoint(body, prevent_cse=False), weights, shown)[0]

        def segment(now: Weights, rows: Any) -> tuple[Weights, None]:
            return jax.lax.scan(body, now, rows)

        length = segment_length(shown[0].shape[0])
        rows = tuple(each.reshape(-1, length, each.shape[1]) for each in shown)
        return jax.lax.scan(jax.checkpoint(segment, prevent_cse=False), weights, rows)[0]

    return learn


class JaxPeer:
    """Runs the episode with its meta-gradient."""

    def __init__(self, episode: Episode, form: str, dtype: str, memory: str) -> None:
        jax.config.update("jax_platforms", "cpu")
        jax.config.update("jax_enable_x64", dtype == "float64")
        learn = unrolled(STEPS[form], memory)
        signs = jnp.array(SIGNS, dtype)

        def loss(coefficients: jax.Array, task: dict[str, Any]) -> jax.Array:
            weights = learn(task["weights"], task["shown"], task["feedback"], coefficients * signs)
            y = task["query_images"]
            for w in weights[:-1]:
                y = jax.nn.softplus(BETA * (y @ w.T)) / BETA
            log = jax.nn.log_softmax(y @ weights[-1].T)
            return -(log * task["query_targets"]).sum() / y.shape[0]

        def array(values: np.ndarray) -> jax.Array:
            return jnp.array(values, dtype)

        self.task = {
            "weights": tuple(array(w) for w in episode.weights),
            "feedback": tuple(array(b) for b in episode.feedback),
            "shown": (array(episode.images), array(episode.targets)),
            "query_images": array(episode.query_images),
            "query_targets": array(episode.query_targets),
        }
        self.coefficients = array(episode.coefficients)
        self.value_and_grad = jax.jit(jax.value_and_grad(loss))

    def run(self) -> tuple[float, np.ndarray]:
        """Query loss and its derivative by each coefficient."""
        loss, gradient = jax.block_until_ready(self.value_and_grad(self.coefficients, self.task))
        return float(loss), np.asarray(gradient, np.float64)

    @staticmethod
    def versions() -> dict[str, str]:
        """What it ran on."""
        import jaxlib

        return {"jax": jax.__version__, "jaxlib": jaxlib.__version__, "numpy": np.__version__}
