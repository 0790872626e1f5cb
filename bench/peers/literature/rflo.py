"""Random-feedback local online learning (Murray 2019) of a sum of sines."""

import numpy as np
from timed import main


def run(arrays, steps, trials, tau, eta):
    start = arrays["initial activity"]
    n = start.size
    w, out, back = arrays["recurrent"].reshape(n, n), arrays["readout"], arrays["feedback"]
    target = arrays["target"].reshape(trials, steps)
    rate = 1 / tau
    for trial in range(trials):
        h, trace = start, np.zeros((n, n))
        dw, dout, loss = np.zeros((n, n)), np.zeros(n), 0.0
        for t in range(steps):
            f = np.tanh(w @ h)
            trace = (1 - rate) * trace + rate * np.outer(1 - f**2, h)
            h = h + rate * (f - h)
            error = out @ h - target[trial, t]
            dw += (back * error)[:, None] * trace
            dout += error * h
            loss += 0.5 * error**2
        w = w - eta / steps * dw
        out = out - eta / steps * dout
    return loss / steps


main(run)
