"""PySINDy's optimizers and gplearn on the recordings of known rules.

    python3 -m venv .cache/peers-rules
    .cache/peers-rules/bin/python -m pip install pysindy==2.1.0 gplearn==0.4.3
    node --import ./scripts/run-typescript.mjs bench/peers/export-known-rules.ts .cache/known-rules 3 3000
    .cache/peers-rules/bin/python bench/peers/known_rules.py .cache/known-rules

PySINDy gets the terms as columns; right is a support that is that of the rule, up to columns that are the
same. gplearn (with --gplearn, on the first seed) gets the signals; right is a formula that is within a
tenth of the rule, root mean square, which is more lenient. Settings are the libraries' own except as named.
"""

import argparse
import csv
import json
import pathlib
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def load(folder, case):
    with open(folder / case["file"], encoding="utf8") as file:
        names = next(csv.reader(file))
        rows = np.loadtxt(file, delimiter=",")
    return names[:-1], rows[:, :-1], rows[:, -1]


def is_right(names, columns, coefficients, truth):
    """Every column with a coefficient is a different term of the rule, and no term is missing."""
    chosen = np.flatnonzero(coefficients)
    found = set()
    for column in chosen:
        same = [text for text in truth if is_same(columns[:, column], columns[:, names.index(text)])]
        if not same:
            return False
        found.update(same)
    return len(found) == len(truth) == len(chosen)


def is_same(a, b):
    return (a @ b) ** 2 > (1 - 2e-9) * (a @ a) * (b @ b)


def sindy_methods():
    import pysindy

    return {
        "STLSQ, threshold 0.1 (default)": pysindy.STLSQ(),
        "STLSQ, threshold 0.05": pysindy.STLSQ(threshold=0.05),
        "SSR (default)": pysindy.SSR(),
        "FROLS (default)": pysindy.FROLS(),
    }


def run_sindy(folder, cases):
    counts = {}
    for case in cases:
        names, columns, target = load(folder, case)
        for method, optimizer in sindy_methods().items():
            start = time.process_time()
            try:
                optimizer.fit(columns, target[:, None])
                right = is_right(names, columns, np.ravel(optimizer.coef_), case["truth"])
            except Exception as error:  # a fit that fails is not right; say why
                print(case["file"], method, type(error).__name__, error)
                right = False
            tally(counts, method, case["noise"], right, time.process_time() - start)
    return counts


def run_gplearn(folder, cases):
    from gplearn.genetic import SymbolicRegressor

    counts = {}
    for case in cases:
        names, columns, target = load(folder, case)
        signals = [k for k, name in enumerate(names) if name.isidentifier()]
        rule = sum(
            (value * columns[:, names.index(text)] for text, value in case["truth"].items()),
            np.zeros(len(target)),
        )
        search = SymbolicRegressor(
            population_size=1000, generations=20, function_set=("add", "sub", "mul"), random_state=0
        )
        start = time.process_time()
        search.fit(columns[:, signals], target)
        off = np.sqrt(np.mean((search.predict(columns[:, signals]) - rule) ** 2))
        right = bool(off <= 0.1 * (rule.std() if rule.std() > 0 else 1))
        print(case["file"], right, search._program, flush=True)
        tally(counts, "gplearn, 1000 x 20", case["noise"], right, time.process_time() - start)
    return counts


def tally(counts, method, noise, right, seconds):
    row = counts.setdefault(method, {}).setdefault(str(noise), {"right": 0, "of": 0, "seconds": 0.0})
    row["right"] += int(right)
    row["of"] += 1
    row["seconds"] += seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--gplearn", action="store_true", help="gplearn instead of PySINDy")
    parser.add_argument("--cases", nargs="*", help="P01 to P16 (all)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cases = json.loads((options.folder / "cases.json").read_text(encoding="utf8"))
    cases = [case for case in cases if not options.cases or case["case"] in options.cases]
    if options.gplearn:
        first = [case for case in cases if case["seed"] == 0 and case["noise"] < 0.5]
        counts = run_gplearn(options.folder, first)
    else:
        counts = run_sindy(options.folder, cases)
    if options.json:
        print(json.dumps(counts))
        return
    for method, by_noise in counts.items():
        cells = [f"{noise}: {row['right']}/{row['of']}" for noise, row in by_noise.items()]
        seconds = sum(row["seconds"] for row in by_noise.values())
        fits = sum(row["of"] for row in by_noise.values())
        print(f"{method}  {'  '.join(cells)}  ({1000 * seconds / fits:.0f} ms a fit)")


if __name__ == "__main__":
    main()
