"""Node perturbation of a linear read-out (Züge, Klos & Memmesheimer 2023), all steps of a trial at once."""

import numpy as np
from timed import main


def run(arrays, steps, trials, sigma, eta):
    x = arrays["pattern"].reshape(trials, steps, -1)
    target = arrays["target"].reshape(trials, steps, -1)
    noise = arrays["noise"].reshape(trials, steps, -1)
    w = arrays["readout"].reshape(target.shape[2], x.shape[2])
    for trial in range(trials):
        missing = target[trial] - x[trial] @ w.T
        loss = 0.5 * np.sum(missing**2) / steps
        # The difference in error by itself, since that of the errors would be lost in rounding.
        gained = np.sum(missing * noise[trial] - 0.5 * noise[trial] ** 2) / steps
        w = w + eta / sigma**2 * gained * noise[trial].T @ x[trial]
    return loss


main(run)
