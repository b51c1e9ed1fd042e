"""`python3 -m bench`: makes what is missing of the data, serves it, runs everybody in turn and prints the tables."""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from bench import data, report, works
from bench.measure import Runner
from bench.servers import Servers

# Where the figures are kept, and what they stand between there.
RECORD = Path(__file__).resolve().parents[3] / "BENCHMARKS.md"
RECORD_BEGINS = "<!-- benches/peers/run.sh --record -->"
RECORD_ENDS = "<!-- end -->"


def main():
    arguments = read_arguments()
    # Whoever ends this ends the servers.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(2))
    chosen = [name for name in works.names() if is_chosen(name, arguments)]
    rounds = arguments.rounds or (3 if arguments.quick else 5)
    folders = {rows: arguments.work / "data" / str(rows) for rows in (*works.LISTS, *works.THREE, "people")}
    make_data(chosen, folders)

    with (
        tempfile.TemporaryDirectory(prefix="polyprofile-peers-") as temporary,
        Servers(Path(temporary) / "nginx", arguments.rust / "slow") as servers,
    ):
        needed = {works.data_of(name) for name in chosen if not name.startswith("three-")} - {None}
        servers.serve([folders[rows] for rows in needed])
        for name in chosen:
            if name.startswith("three-"):
                servers.serve_slowly(folders[works.data_of(name)])
        everything = works.all_works(tools(arguments, temporary), folders, servers.origins)
        before = os.getloadavg()
        runner = Runner(arguments.rust / "measure", Path(temporary))
        results = [(work, runner.run_all(work, rounds, say)) for work in everything if work.name in chosen]
    about = machine() | {
        "rounds": rounds,
        "load_before": [round(load, 1) for load in before],
        "load_after": [round(load, 1) for load in os.getloadavg()],
    }
    text = write(arguments.work / "results", about, results)
    print(text)
    if arguments.record:
        record(text)
    failed = [
        f"{work.name}, {name}: {of_this.reason}"
        for work, runs in results
        for name, of_this in runs.items()
        if of_this.has_failed and name in (work.ours, work.floor)
    ]
    for problem in failed:
        say(problem)
    return 1 if failed else 0


def read_arguments():
    parser = argparse.ArgumentParser(prog="run.sh", description="Compares polyprofile with what one would use instead.")
    parser.add_argument("--quick", action="store_true", help="lists of 1,000 and 100,000 rows, 3 rounds")
    parser.add_argument("--rounds", type=int, help="how often everybody has a turn: 5, with --quick 3")
    parser.add_argument(
        "--only",
        action="append",
        choices=works.names(),
        metavar="NAME",
        help=f"only this; may be repeated: {', '.join(works.names())}",
    )
    parser.add_argument("--record", action="store_true", help=f"put the tables into {RECORD.name}, too")
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rust", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--go", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def is_chosen(name, arguments):
    if arguments.only:
        return name in arguments.only
    return works.is_quick(name) or not arguments.quick


def make_data(chosen, folders):
    for name in chosen:
        rows = works.data_of(name)
        if rows is None:
            continue
        say(f"{name}: data")
        if rows == "people":
            data.people(folders[rows])
        elif name.startswith("three-"):
            data.lists(folders[rows], rows)
        else:
            data.postproxy(folders[rows], rows)


def tools(arguments, temporary):
    here = Path(__file__).resolve().parent.parent
    return works.Tools(
        rust=arguments.rust,
        cli=arguments.rust / "polyprofile",
        # Not resolved: a virtual environment is known by its link.
        python=arguments.work.absolute() / "python/bin/python",
        node="node",
        node_folder=arguments.work / "node",
        python_folder=here / "contestants",
        go=arguments.go,
        configuration=Path(temporary) / "configuration",
    )


def machine():
    """What the figures were measured on and with."""
    names = [line.split(":", 1)[1].strip() for line in first_lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [line.split()[1] for line in first_lines("/proc/meminfo") if line.startswith("MemTotal")]
    return {
        "measured_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "commit": output("git", "describe", "--always", "--dirty"),
        "processor": names[0] if names else platform.processor(),
        "processors": os.cpu_count(),
        "memory_gib": round(int(memory[0]) / 1024 / 1024, 1) if memory else None,
        "system": platform.platform(),
        "rustc": output("rustc", "--version"),
        "python": platform.python_version(),
        "node": output("node", "--version"),
        "go": output("go", "version"),
        "nginx": output("nginx", "-v"),
    }


def first_lines(path):
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def output(*command):
    """What a program says about itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return (done.stdout + done.stderr).strip() or None


def write(folder, about, results):
    """Writes `results.md` and `results.json`, and gives the former."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in about.items())
    text += "\n\n" + report.tables(results)
    (folder / "results.md").write_text(text)
    everything = {
        "about": about,
        "works": {
            work.name: {name: {"reason": of_this.reason, "runs": of_this.measured} for name, of_this in runs.items()}
            for work, runs in results
        },
    }
    (folder / "results.json").write_text(json.dumps(everything, indent=1) + "\n")
    return text


def record(text):
    """Puts the tables where the last ones stand."""
    before, _, rest = RECORD.read_text().partition(RECORD_BEGINS)
    _, end, after = rest.partition(RECORD_ENDS)
    if not end:
        raise SystemExit(f"{RECORD.name} has no place for the tables: {RECORD_BEGINS} to {RECORD_ENDS}")
    RECORD.write_text(f"{before}{RECORD_BEGINS}\n\n{text}\n{RECORD_ENDS}{after}")


def say(text):
    print(text, file=sys.stderr, flush=True)


sys.exit(main())
