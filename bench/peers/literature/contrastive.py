"""Contrastive Hebbian learning (Baldi & Pineda 1991) of exclusive or."""

import numpy as np
from timed import main


def run(arrays, steps, trials, rate, eta):
    mask = arrays["mask recurrent"]
    n = int(np.sqrt(mask.size))
    w, mask, bias = arrays["recurrent"].reshape(n, n), mask.reshape(n, n), np.zeros(n)
    sample = arrays["sample"].reshape(trials, 2 * steps, 2)[:, 0]
    target = arrays["target"].reshape(trials, 2 * steps)[:, 0]

    def settle(u, held, values):
        for _ in range(steps):
            s = np.tanh(u)
            s[held] = values
            u = u + rate * (w @ s + bias - u)
        s = np.tanh(u)
        s[held] = values
        return u, s

    for trial in range(trials):
        u, free = settle(np.zeros(n), [0, 1], sample[trial])
        _, taught = settle(u, [0, 1, n - 1], [*sample[trial], target[trial]])
        w = w + eta * mask * (np.outer(taught, taught) - np.outer(free, free))
        bias = bias + eta * (taught - free)
    return 0.5 * (free[-1] - target[trial]) ** 2


main(run)
