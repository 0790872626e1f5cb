"""Predictive coding in its strict form (Rosenbaum 2022) on digits, one at a time."""

import numpy as np
from timed import main


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def run(arrays, steps, trials, rate, eta):
    names = sorted(name for name in arrays if name.startswith("W"))
    targets = arrays["target"].reshape(trials, steps, -1)[:, 0]
    patterns = arrays["pattern"].reshape(trials, steps, -1)[:, 0]
    sizes = [patterns.shape[1]]
    weights = []
    for name in names:
        weights.append(arrays[name].reshape(-1, sizes[-1]))
        sizes.append(weights[-1].shape[0])
    depth = len(weights)
    for trial in range(trials):
        v = [patterns[trial]]
        for w in weights[:-1]:
            v.append(np.tanh(w @ v[-1]))
        first = weights[-1] @ v[-1]
        loss = np.log(np.exp(first - first.max()).sum()) + first.max() - first @ targets[trial]
        for _ in range(steps):
            sent = v
            predicted = [np.tanh(w @ x) for w, x in zip(weights[:-1], v)]
            slopes = [1 - p**2 for p in predicted] + [1.0]
            errors = [p - x for p, x in zip(predicted, v[1:])]
            errors.append(softmax(weights[-1] @ v[-1]) - targets[trial])
            seen = [e * s for e, s in zip(errors, slopes)]
            v = [v[0]] + [
                v[l] + rate * (errors[l - 1] - weights[l].T @ seen[l]) for l in range(1, depth)
            ]
        for w, e, x in zip(weights, seen, sent):
            w -= eta * np.outer(e, x)
    return loss


main(run)
