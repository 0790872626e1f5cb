"""Times the paper's episode with its meta-gradient in PyTorch, JAX and engrammar.

Every variant is a process of its own; after a first, untimed episode each they take turns, round
after round. Prints a table and writes results/DATE.json.

    .cache/peers/bin/python bench/peers/run.py --rounds 5
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from episode import Episode, load_episode
from machine import machine, versions
from process import ROOT, SLOWING, Worker, WorkerFailed
from report import TOLERANCE, Measured, table
from variants import VARIANTS, Variant

HERE = Path(__file__).resolve().parent

#: Threads that wait in a loop for more work shall have stopped before the next takes its turn.
PAUSE = 0.2


def tell(text: str) -> None:
    """Progress: results go to standard output alone."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="turns of a variant")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument(
        "--only", nargs="+", default=[""], help="variants whose name has one of these in it"
    )
    parser.add_argument("--without", nargs="+", default=[], help="leaves these out")
    parser.add_argument("--precision", choices=list(TOLERANCE), default="float32")
    parser.add_argument("--steps", type=int, help="fewer online steps, for quick checks")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for one answer")
    parser.add_argument(
        "--patience", type=float, default=30, help="seconds after which a variant has run enough"
    )
    parser.add_argument(
        "--json", action="store_true", help="the results on standard output, no table"
    )
    parser.add_argument("--out", type=Path, help="results file (default: results/DATE.json)")
    parser.add_argument("--no-out", action="store_true", help="writes no file")
    parser.add_argument("--list", action="store_true", help="names all variants and ends")
    return parser.parse_args()


def chosen(given: argparse.Namespace) -> list[Variant]:
    """The variants asked for."""
    return [
        each
        for each in VARIANTS
        if given.precision in each.precisions
        and any(part in each.name for part in given.only)
        and not any(part in each.name for part in given.without)
    ]


def export(steps: int | None) -> Path:
    """Has the episode written by the program that defines it."""
    folder = ROOT / ".cache" / ("peers-episode" if steps is None else f"peers-episode-{steps}")
    script = ["--import", "./scripts/run-typescript.mjs", "bench/peers/export-episode.ts"]
    cut = [] if steps is None else ["--steps", str(steps)]
    subprocess.run(["node", *script, str(folder), *cut], cwd=ROOT, check=True, stdout=sys.stderr)
    return folder


def start(
    variants: Sequence[Variant], threads: int, given: argparse.Namespace, episode: Path
) -> list[tuple[Worker | None, Measured]]:
    """One worker after the other, each through its first episode."""
    started: list[tuple[Worker | None, Measured]] = []
    for variant in variants:
        if threads not in variant.threads:
            continue
        measured = Measured(variant, threads)
        worker = Worker(variant, threads, given.precision, episode, given.timeout)
        try:
            ready = worker.ready()
            measured.versions, measured.loaded = ready["versions"], ready["rss"]
            measured.first = worker.run()
            tell(f"{variant.name}, {threads} threads: first episode {measured.first['wall']:.1f} s")
            started.append((worker, measured))
        except WorkerFailed as failure:
            measured.error = str(failure)
            tell(f"{variant.name}, {threads} threads: {failure}")
            worker.end()
            started.append((None, measured))
    return started


def take_turns(
    started: list[tuple[Worker | None, Measured]], rounds: int, patience: float
) -> None:
    """Round after round, beginning with another one each time; the very slow drop out early."""
    running = [(worker, measured) for worker, measured in started if worker]
    for turn in range(rounds):
        shift = turn % max(len(running), 1)
        for worker, measured in running[shift:] + running[:shift]:
            taken = sum(each["wall"] for each in measured.runs)
            if measured.error is not None or taken > patience:
                continue
            time.sleep(PAUSE)
            try:
                measured.runs.append(worker.turn())
            except WorkerFailed as failure:
                measured.error = str(failure)
        tell(f"round {turn + 1} of {rounds}")
    for worker, _ in running:
        worker.end()


def document(
    everything: Sequence[Measured], episode: Episode, load: Sequence[float]
) -> dict[str, Any]:
    """The results file."""
    libraries: dict[str, str] = {}
    for measured in everything:
        libraries.update(measured.versions)
    return {
        "schemaVersion": 1,
        "date": datetime.date.today().isoformat(),
        "command": " ".join(["python", "bench/peers/run.py", *sys.argv[1:]]),
        "machine": machine(),
        "loadBefore": [round(each, 2) for each in load],
        "loadAfter": [round(each, 2) for each in os.getloadavg()],
        "unset": [name for name in SLOWING if name in os.environ],
        "versions": {**versions(), **libraries},
        "steps": episode.steps,
        "reference": {"loss": episode.loss, "gradient": episode.gradient.tolist()},
        "rows": [measured.row(episode) for measured in everything],
    }


def main() -> int:
    """Everything; 1 where a gradient is not the reference's."""
    given = arguments()
    if given.list:
        for each in VARIANTS:
            print(f"{each.name:26} {each.about}")
        return 0
    began, load = time.monotonic(), os.getloadavg()
    if load[0] > 0.5:
        tell(f"load {load[0]:.1f}: something else is running; trust processor time, not wall time")
    folder = export(given.steps)
    episode = load_episode(folder)
    everything: list[Measured] = []
    for threads in given.threads:
        started = start(chosen(given), threads, given, folder)
        take_turns(started, given.rounds, given.patience)
        everything += [measured for _, measured in started]
    results = document(everything, episode, load)
    if not given.no_out:
        out = given.out or HERE / "results" / f"{results['date']}.json"
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps(results, indent=1) + "\n")
        tell(f"written: {out}")
    print(json.dumps(results) if given.json else table(results["rows"]))
    tell(f"{time.monotonic() - began:.0f} s in all")
    far = [
        row["variant"]
        for row in results["rows"]
        if "error" not in row and not row["relativeL2"] < TOLERANCE[given.precision]
    ]
    if far:
        tell(f"gradients that are not the reference's: {', '.join(far)}")
    return 1 if far else 0


if __name__ == "__main__":
    sys.exit(main())
