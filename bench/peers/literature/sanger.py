"""Sanger's rule on signals that pass by (after Leibo & Poggio)."""

import numpy as np
from timed import main


def run(arrays, steps, outputs, eta, settling):
    views = arrays["view"].reshape(steps, -1)
    w = arrays["W"].reshape(outputs, -1)
    for t in range(steps):
        x = views[t]
        y = w @ x
        w = w + eta / (1 + (t + 1) / settling) * (np.outer(y, x) - np.tril(np.outer(y, y)) @ w)
    return np.linalg.norm(w)


main(run)
