"""The episode that every peer runs, read from what export-episode.ts wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Sharpness of the softplus of the hidden layers.
BETA = 10.0

#: Signs of the ten terms of Shervani-Tabar & Rosenbaum 2023, Eqs 14-23.
SIGNS = (-1.0,) * 9 + (1.0,)


@dataclass(frozen=True)
class Episode:
    """One task for the network, and what the float64 interpreter says about it.

    Arrays are float64. `weights[l]` and `feedback[l]` are `[post, pre]`; errors come down through
    the transpose of the latter. `images` and `targets` have a row a step, `query_*` a row an image;
    targets are one-hot.
    """

    weights: tuple[np.ndarray, ...]
    feedback: tuple[np.ndarray, ...]
    images: np.ndarray
    targets: np.ndarray
    query_images: np.ndarray
    query_targets: np.ndarray
    coefficients: np.ndarray
    loss: float
    gradient: np.ndarray

    @property
    def steps(self) -> int:
        """Number of online steps."""
        return len(self.images)


def load_episode(folder: Path) -> Episode:
    """Reads an exported episode."""
    reference = json.loads((folder / "reference.json").read_text())

    def read(name: str) -> np.ndarray:
        return np.asarray(np.load(folder / f"{name}.npy"))

    layers = range(1, 1 + sum(1 for _ in folder.glob("W*.npy")))
    return Episode(
        weights=tuple(read(f"W{layer}") for layer in layers),
        feedback=tuple(read(f"B{layer}") for layer in layers),
        images=read("image"),
        targets=read("target"),
        query_images=read("query_images"),
        query_targets=read("query_targets"),
        coefficients=np.array(reference["values"]),
        loss=float(reference["loss"]),
        gradient=np.array(reference["gradient"]),
    )
