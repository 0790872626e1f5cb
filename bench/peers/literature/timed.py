"""Weights and inputs of a run as the package made them, and the time that the same run takes here."""

import json
import sys
import time
from pathlib import Path

import numpy as np


def main(run):
    folder = Path(sys.argv[1])
    facts = json.loads((folder / "facts.json").read_text())
    values = np.fromfile(folder / "arrays.f64")
    arrays = {name: values[at : at + size].copy() for name, (at, size) in facts["arrays"].items()}
    cpu, wall = time.process_time(), time.perf_counter()
    result = run(arrays, **facts["options"])
    took = {"cpuMs": 1e3 * (time.process_time() - cpu), "wallMs": 1e3 * (time.perf_counter() - wall)}
    cpu = time.process_time()
    for _ in range(facts["furtherRuns"]):
        run(arrays, **facts["options"])
    took["furtherMs"] = 1e3 * (time.process_time() - cpu) / facts["furtherRuns"]
    print(json.dumps({**took, "result": float(result)}))
