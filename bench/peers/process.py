"""A worker process from the outside: started with its own environment, told to run, watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from variants import Variant

ROOT = Path(__file__).resolve().parents[2]

#: They choose old kernels of OpenBLAS, so they are taken away from what is measured here.
SLOWING = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class WorkerFailed(Exception):
    """A worker that ended, took too long, or said what went wrong."""


def command_of(variant: Variant, threads: int, precision: str, episode: Path) -> list[str]:
    """The command line of a variant's worker."""
    if variant.framework == "engrammar":
        script = ["--import", "./scripts/run-typescript.mjs", "bench/peers/ours.ts"]
        return ["node", *script, variant.engine, precision, str(episode)]
    worker = str(Path(__file__).with_name("worker.py"))
    given = ["--threads", str(threads), "--precision", precision, "--episode", str(episode)]
    return [sys.executable, worker, variant.name, *given]


def environment_of(threads: int) -> dict[str, str]:
    """The environment of a worker with so many threads."""
    env = {name: value for name, value in os.environ.items() if name not in SLOWING}
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        env[name] = str(threads)
    if threads == 1:
        env["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    env["TORCHINDUCTOR_CACHE_DIR"] = str(ROOT / ".cache" / "peers-inductor")
    return env


class Worker:
    """One variant, waiting for its turns."""

    def __init__(
        self, variant: Variant, threads: int, precision: str, episode: Path, timeout: float
    ) -> None:
        self.variant = variant
        self.threads = threads
        self._timeout = timeout
        self._said = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            command_of(variant, threads, precision, episode),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            text=True,
            cwd=ROOT,
            env=environment_of(threads),
        )
        self._keep_to(threads)

    def _keep_to(self, threads: int) -> None:
        """Gives it so many cores: libraries have pools of as many threads as they see cores."""
        # A compiler may use all: it is not what is measured.
        if not self.variant.compiled and hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))[-threads:]
            os.sched_setaffinity(self._process.pid, cores)

    def ready(self) -> dict[str, Any]:
        """Waits until it has loaded everything."""
        return self._answer()

    def run(self) -> dict[str, Any]:
        """One episode."""
        return self._ask("run")

    def turn(self) -> dict[str, Any]:
        """The episode in the middle of several."""
        return self._ask("turn")

    def _ask(self, word: str) -> dict[str, Any]:
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{word}\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise WorkerFailed(self._last_words()) from error
        return self._answer()

    def end(self) -> None:
        """Lets it go, by force if need be."""
        try:
            self._process.communicate("end\n", timeout=10)
        except (subprocess.TimeoutExpired, BrokenPipeError, ValueError):
            self._process.kill()
            self._process.wait()
        self._said.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        late = threading.Event()

        def give_up() -> None:
            late.set()
            self._process.kill()

        clock = threading.Timer(self._timeout, give_up)
        clock.start()
        line = self._process.stdout.readline()
        clock.cancel()
        if late.is_set():
            raise WorkerFailed(f"no answer within {self._timeout:.0f} s")
        if not line:
            raise WorkerFailed(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerFailed(answer["error"])
        return answer

    def _last_words(self) -> str:
        self._process.wait()
        self._said.seek(0)
        lines = [line.strip() for line in self._said if line.strip()]
        lines.append(f"ended with code {self._process.returncode}")
        return next(
            (line for line in lines if "Error" in line), lines[-2 if len(lines) > 1 else -1]
        )
