"""SUPERTREX (Pyle & Rosenbaum 2019): a reservoir learns to draw, first by reward, then by mastery."""

import numpy as np
from timed import main


def run(arrays, steps, training, tests, theta, eta):
    x, r = arrays["potential"], arrays["activity"]
    n = x.size
    j, q = arrays["recurrent"].reshape(n, n), arrays["feedback"].reshape(n, 2)
    target, explore = arrays["target"].reshape(-1, 2), arrays["exploration"].reshape(-1, 2)
    noise = arrays["noise"].reshape(-1, n)
    w1, w2, p, z = np.zeros((2, n)), np.zeros((2, n)), np.eye(n) / 10, np.zeros(2)
    size, usual, lately, loss = float(arrays["usual cost"][0]), 0.0, np.zeros(2), 0.0
    for t in range((training + tests) * steps):
        awake = t < training * steps
        x = x + 0.02 * (-x + j @ r + q @ (z if awake else target[t]))
        r = np.tanh(x)
        if not awake:
            loss += np.sum((w1 @ r - target[t]) ** 2) / (tests * steps)
            continue
        r = r + 0.025 * noise[t]
        z2 = w2 @ r + 0.025 * (10 * size) ** 0.25 * explore[t]
        z = w1 @ r + z2
        cost = np.sum((z - target[t]) ** 2)
        size = 0.8 * size + 0.2 * cost
        usual, lately = 0.8 * usual + 0.2 * cost, 0.8 * lately + 0.2 * z2
        w2 = w2 + eta * max(usual - cost, 0) ** 0.25 * np.outer(z2 - lately, r)
        if (t + 1) % 10 == 0:
            gate = 0.5 - 0.5 * np.tanh(5e5 * (usual - theta))
            pr = p @ r
            c = 1 / (1 + r @ pr)
            p = p - gate * c * np.outer(pr, pr)
            w1 = w1 + 0.5 * gate * c * np.outer(z2, pr)
    return loss


main(run)
