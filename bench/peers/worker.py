"""One variant in one process, driven by lines on standard input and output.

It loads the episode and says `{"ready": …}`. For a line `run` it runs the episode once with its
meta-gradient and answers with `{"cpu", "wall", "loss", "gradient", "rss"}`: seconds of processor
time of all its threads, seconds, and the largest resident memory so far in bytes. For `turn` it
runs the episode again and again for half a second, at least once, and answers with the one in the
middle: the first may wait for memory that others have taken out of the caches. `end` ends it. Any
other program that speaks so can be timed beside it.

    python bench/peers/worker.py "torch vector" --threads 1 --episode .cache/peers-episode
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from episode import Episode, load_episode
from variants import VARIANTS, Variant


#: Seconds of processor time that a turn lasts.
TURN = 0.5


class Peer(Protocol):
    """Whatever runs the episode."""

    def run(self) -> tuple[float, np.ndarray]:
        """Query loss and its derivative by each coefficient."""
        ...

    @staticmethod
    def versions() -> dict[str, str]:
        """What it ran on."""
        ...


def make_peer(variant: Variant, episode: Episode, dtype: str, threads: int) -> Peer:
    """The implementation, its library imported only here."""
    if variant.framework == "torch":
        from torch_peer import TorchPeer

        return TorchPeer(episode, variant.form, dtype, threads, variant.compiled)
    from jax_peer import JaxPeer

    return JaxPeer(episode, variant.form, dtype, variant.memory)


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes."""
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kibibytes if sys.platform == "darwin" else kibibytes * 1024


def timed(peer: Peer) -> dict[str, Any]:
    """One episode."""
    wall, cpu = time.perf_counter(), time.process_time()
    loss, gradient = peer.run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {
        "cpu": cpu,
        "wall": wall,
        "loss": loss,
        "gradient": gradient.tolist(),
        "rss": peak_memory(),
    }


def turn(peer: Peer) -> dict[str, Any]:
    """The episode in the middle of as many as a turn has time for."""
    runs = [timed(peer)]
    while sum(each["cpu"] for each in runs) < TURN:
        runs.append(timed(peer))
    return sorted(runs, key=lambda each: each["cpu"])[len(runs) // 2]


def main() -> None:
    """Reads the command line, then obeys."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("variant", choices=[each.name for each in VARIANTS])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--precision", choices=["float32", "float64"], default="float32")
    parser.add_argument("--episode", type=Path, required=True)
    given = parser.parse_args()
    variant = next(each for each in VARIANTS if each.name == given.variant)
    # Libraries may print; what they say must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr

    def answer(document: dict[str, Any]) -> None:
        print(json.dumps(document), file=answers, flush=True)

    peer = make_peer(variant, load_episode(given.episode), given.precision, given.threads)
    answer({"ready": True, "versions": peer.versions(), "rss": peak_memory()})
    for line in sys.stdin:
        if line.strip() == "end":
            break
        try:
            answer(turn(peer) if line.strip() == "turn" else timed(peer))
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
