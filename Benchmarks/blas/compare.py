"""Compares BLAS libraries: compare.py ROUNDS NAME=LIBRARY[,PREFIX[,VARIABLE=VALUE…]] …

Libraries take turns, ROUNDS times, each in a process of its own, so that what else the machine
does meets all of them. Prints a row for each kind of work: the least time of the first library,
and for the others the ratio of least times, over 1 where they are faster than the first, with the
least and the greatest ratio of any round. `measure` is built beside this file: cc -O2 measure.c
-o measure -ldl.
"""

import os
import subprocess
import sys

WORK = os.environ.get("WORK", (
    "dgemm:2000 sgemm:2000 dgemm:3000x64x3000 sgemm:3000x64x3000 dgemm:1000x128x784 "
    "sgemm:1000x128x784 sgemm:64x100x784 dsyevd:2000 dsyevd_2stage:3000 dsytrf:3000")).split()
HERE = os.path.dirname(os.path.abspath(__file__))


def measure(library, prefix, variables):
    environment = {**os.environ, **variables}
    times = {}
    for work in WORK:
        run = subprocess.run(
            [os.path.join(HERE, "measure"), library, prefix, work], env=environment,
            capture_output=True, text=True)
        if run.returncode == 0:
            name, seconds = run.stdout.split()
            times[name] = float(seconds)
    return times


def flops(work):
    routine, sizes = work.split(":")
    if "gemm" not in routine:
        return None
    sizes = [int(s) for s in sizes.split("x")]
    m, n, k = sizes if len(sizes) == 3 else sizes * 3
    return 2.0 * m * n * k


def main():
    rounds = int(sys.argv[1])
    libraries = []
    for word in sys.argv[2:]:
        name, rest = word.split("=", 1)
        library, *more = rest.split(",")
        variables = dict(v.split("=", 1) for v in more[1:])
        libraries.append((name, library, more[0] if more else "", variables))
    rows = [[] for _ in libraries]
    for turn in range(rounds):
        for row, (name, library, prefix, variables) in zip(rows, libraries):
            row.append(measure(library, prefix, variables))
            print(f"round {turn + 1}: {name}", file=sys.stderr)
    first = libraries[0][0]
    print("| work | " + first + " | " + " | ".join(name for name, *_ in libraries[1:]) + " |")
    print("|---" * (len(libraries) + 1) + "|")
    for work in WORK:
        base = [t[work] for t in rows[0] if work in t]
        cells = [f"{1e3 * min(base):.3g} ms"]
        if flops(work):
            cells[0] += f" ({flops(work) / min(base) / 1e9:.0f} GFLOP/s)"
        for row in rows[1:]:
            times = [t[work] for t in row if work in t]
            if not times:
                cells.append("–")
                continue
            ratios = [b / t for b, t in zip(base, times)]
            cells.append(f"{min(base) / min(times):.2f} ({min(ratios):.2f}–{max(ratios):.2f})")
        print(f"| `{work}` | " + " | ".join(cells) + " |")


main()
