"""What was measured, as rows and as a table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from episode import Episode
from variants import Variant

#: Relative L2 distance of a gradient from the reference that is still the same gradient.
TOLERANCE = {"float32": 2e-5, "float64": 1e-9}


@dataclass
class Measured:
    """All runs of one variant with one number of threads."""

    variant: Variant
    threads: int
    #: The first run: compilation, page faults, caches.
    first: dict[str, Any] | None = None
    runs: list[dict[str, Any]] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    #: Resident memory once everything was loaded, bytes.
    loaded: int = 0
    error: str | None = None

    def row(self, episode: Episode) -> dict[str, Any]:
        """The entry in the results file."""
        head = {
            "variant": self.variant.name,
            "framework": self.variant.framework,
            "about": self.variant.about,
            "threads": self.threads,
        }
        if self.error is not None or not self.runs:
            return {**head, "error": self.error or "not run"}
        last = self.runs[-1]
        gradient = np.array(last["gradient"])
        return {
            **head,
            "cpuMs": _times([each["cpu"] for each in self.runs]),
            "wallMs": _times([each["wall"] for each in self.runs]),
            "firstSeconds": round(self.first["wall"], 2) if self.first else None,
            "peakMB": round(last["rss"] / 1e6),
            "loadedMB": round(self.loaded / 1e6),
            "loss": last["loss"],
            "gradient": last["gradient"],
            "relativeL2": relative(gradient, episode.gradient),
            "worstComponent": float(
                np.max(np.abs(gradient - episode.gradient) / np.abs(episode.gradient))
            ),
        }


def relative(gradient: np.ndarray, wanted: np.ndarray) -> float:
    """Relative L2 distance."""
    return float(np.linalg.norm(gradient - wanted) / np.linalg.norm(wanted))


def _times(seconds: Sequence[float]) -> dict[str, Any]:
    """Milliseconds: median, least, all in order."""
    each = [round(1e3 * value, 2) for value in seconds]
    return {"median": statistics.median(each), "min": min(each), "all": each}


_HEAD = ("", "threads", "CPU ms", "wall ms", "least", "first s", "peak MB", "rel. L2", "worst")


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows for people; a variant that failed has its reason in its line."""
    wide = max(len(row["variant"]) for row in rows) + 2
    lines = [_HEAD[0].ljust(wide) + "".join(each.rjust(10) for each in _HEAD[1:])]
    for row in rows:
        start = row["variant"].ljust(wide) + str(row["threads"]).rjust(10)
        if "error" in row:
            lines.append(f"{start}  {row['error']}")
            continue
        figures = (
            f"{row['cpuMs']['median']:.1f}",
            f"{row['wallMs']['median']:.1f}",
            f"{row['wallMs']['min']:.1f}",
            f"{row['firstSeconds']:.1f}",
            str(row["peakMB"]),
            f"{row['relativeL2']:.1e}",
            f"{row['worstComponent']:.1e}",
        )
        lines.append(start + "".join(each.rjust(10) for each in figures))
    return "\n".join(lines)
