#!/usr/bin/env python3
"""Holds other libraries' tools to Saddle's oracles, and writes what comes of it:

    python/peers/report.py --saddle .build/release/saddle --out docs/peers.md

Wants numpy, scipy and torch; curvlinops, BackPACK, PyHessian, hessian-eigenthings and JAX are left out, and
said to be, where they are not installed.
"""
import argparse, concurrent.futures, importlib.metadata, json, os, platform, shlex, subprocess, sys
from pathlib import Path

folder = Path(__file__).resolve().parent

# Kind, program, its arguments, and the distribution whose version it is.
peers = [
    *[("eigensolver", "eigensolver.py", [name, dtype], name.split("-")[0])
      for dtype in ("float64", "float32") for name in (
        "numpy-eigvalsh", "numpy-eigh", "scipy-ev", "scipy-evd", "scipy-evr", "scipy-evx",
        "torch", "jax")],
    ("sampler", "sampler.py", ["numpy"], "numpy"), ("sampler", "sampler.py", ["scipy"], "scipy"),
    ("law", "law.py", ["scipy"], "scipy"),
    *[("trace", "trace.py", [name], package) for name, package in (
        ("hutchinson", "numpy"), ("hutchpp", "numpy"), ("curvlinops-hutchinson", "curvlinops-for-pytorch"),
        ("curvlinops-hutchpp", "curvlinops-for-pytorch"), ("curvlinops-xtrace", "curvlinops-for-pytorch"),
        ("eigenthings-hutchinson", "hessian-eigenthings"), ("eigenthings-hutchpp", "hessian-eigenthings"))],
    *[("curvature", "curvature.py", [name, "float64"], package) for name, package in (
        ("saddle", "torch"), ("saddle-double-backward", "torch"), ("curvlinops", "curvlinops-for-pytorch"),
        ("backpack", "backpack-for-pytorch"), ("pyhessian", "PyHessian"),
        ("hessian-eigenthings", "hessian-eigenthings"))],
]


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def held(saddle, kind, program, arguments):
    """The JSON of `saddle validate`, or why there is none."""
    command = shlex.join([sys.executable, str(folder / program), *arguments])
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [saddle, "validate", kind, "--json", "--timeout", "60", "--command", command],
        capture_output=True, text=True, env=environment)
    try:
        return json.loads(done.stdout), ""
    except ValueError:
        return None, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer"


def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saddle", default="saddle")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", help="of this kind alone")
    options = parser.parse_args()
    asked = [p for p in peers if options.only in (None, p[0])]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda p: held(options.saddle, *p[:3]), asked))

    lines = [
        "# Other tools, held to the oracles", "",
        f"Made by `python/peers/report.py`, with Python {platform.python_version()}. A check that a program says"
        " it does not support, or that does not speak of it, is not counted. To have one again:", "",
        "    saddle validate KIND --command 'python3 python/peers/KIND.py NAME float64'", ""]
    findings = []
    for kind in dict.fromkeys(p[0] for p in asked):
        lines += [f"## {kind}", "", "| program | version | passed | failed |", "|---|---|---|---|"]
        for peer, (found, why) in zip(asked, results):
            if peer[0] != kind:
                continue
            name, release = " ".join(peer[2]), version(peer[3])
            if found is None or not found["checks"]:
                reason = "not installed" if release is None else cell(why or found.get("absence") or "")
                lines.append(f"| {name} | {release or '–'} | – | {reason[:200]} |")
                continue
            failed = [c for c in found["checks"] if c["outcome"] == "failed"]
            passed = sum(c["outcome"] == "passed" for c in found["checks"])
            lines.append(
                f"| {name} | {release or '–'} | {passed} | "
                f"{'; '.join(sorted({c['check'] for c in failed})) or 'none'} |")
            findings += [(kind, name, c) for c in failed]
        lines.append("")
    lines += ["## What failed, each at its smallest", ""]
    for kind, name, check in findings:
        case = f" ({check['hyperparameters']})" if check["hyperparameters"] else ""
        # What the program wrote to its error stream has paths of this machine.
        detail = (check["violation"]["detail"] or check["violation"]["property"]).split("; it said:")[0]
        lines += [f"- **{kind} {name}**, {check['check']}{case}: {cell(detail)[:300]}"]
    if not findings:
        lines.append("Nothing.")
    options.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
