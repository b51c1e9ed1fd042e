"""What is to be done, and who does it."""

from dataclasses import dataclass, field
from pathlib import Path

from bench import data

IN_FLIGHT = 32
# More than a string of V8 can hold (512 MiB), at about 230 bytes a row.
ROWS_OVER_A_STRING = 2_400_000

OURS = "polyprofile, streamed"
FLOOR = "reqwest + serde_json, rows streamed (the floor)"
PYTHON = "postproxy-sdk (Python)"
NODE = "postproxy-sdk (Node)"
PARALLEL = "polyprofile, streamed, parallel_decode"
COLLECTED = "polyprofile, collected"
PACKED = "polyprofile, packed"


@dataclass
class Contestant:
    """One program that does a work."""

    name: str
    command: list
    # What its last line has to say when it is checked.
    expected: dict
    environment: dict = field(default_factory=dict)
    # Why it cannot take part on this machine.
    missing: str | None = None
    # Whether `--check` may be added, and something is said.
    speaks: bool = True


@dataclass
class Work:
    """Something to be done by several contestants, which are measured in turn."""

    name: str
    title: str
    contestants: list
    # The names of the contestants that the others are compared with.
    ours: str
    floor: str
    rows: int = 0
    body_bytes: int = 0
    # Whether requests a second are of interest; `rows` is their number.
    is_rate: bool = False


@dataclass
class Tools:
    """Where the programs are."""

    rust: Path
    cli: Path
    python: Path
    node: str
    node_folder: Path
    python_folder: Path
    go: Path | None
    configuration: Path


# How many rows.
LISTS = (1_000, 10_000, 100_000, 1_000_000, ROWS_OVER_A_STRING)
THREE = (1_000, 100_000)
NDJSON = 100_000


def all_works(tools, folders, origins):
    """Every work, in the order in which they are done."""
    works = [list_work(tools, rows, folders[rows], origins) for rows in LISTS]
    works += [three_work(tools, rows, folders[rows], origins) for rows in THREE]
    works += [ndjson_work(tools, NDJSON, folders[NDJSON], origins), people_work(tools, folders["people"], origins)]
    works.append(start_work(tools))
    return works


def names():
    """The names of all works, before there are any."""
    lists = [f"list-{rows}" for rows in LISTS]
    return [*lists, *(f"three-{rows}" for rows in THREE), f"ndjson-{NDJSON}", "people", "start"]


def is_quick(name):
    """Whether it is done in a quick run, too."""
    return name not in ("list-10000", "list-1000000", f"list-{ROWS_OVER_A_STRING}")


def data_of(name):
    """Which data a work needs: so many rows, people, or none."""
    kind, _, rows = name.partition("-")
    return {"people": "people", "start": None}[kind] if not rows else int(rows)


def list_work(tools, rows, folder, origins):
    origin = origins.get(folder, "")
    size = data.body(folder).stat().st_size if data.body(folder).exists() else 0
    expected = {"rows": rows, "active": sum(map(data.is_active, range(rows))) if origin else 0}
    floor, ours = tools.rust / "floor", tools.rust / "ours"
    return Work(
        name=f"list-{rows}",
        title=f"List of {rows:,} rows ({size / 1e6:,.1f} MB)",
        contestants=[
            Contestant("reqwest, chunks dropped (the transfer)", [floor, "chunks", origin], {"bytes": size}),
            Contestant(FLOOR, [floor, "streamed", origin], expected),
            Contestant("the same with sonic-rs", [floor, "sonic", origin], expected),
            Contestant("reqwest bytes() + serde_json, owned structs", [floor, "collected", origin], expected),
            Contestant(OURS, [ours, "stream", origin], expected),
            Contestant(PARALLEL, [ours, "stream", origin, "--parallel"], expected),
            Contestant(COLLECTED, [ours, "collect", origin], expected),
            Contestant(PACKED, [ours, "pack", origin], expected),
            cli(tools, origin, rows),
            Contestant(PYTHON, [tools.python, tools.python_folder / "postproxy_sdk.py", "list", origin], expected),
            Contestant(NODE, [tools.node, tools.node_folder / "postproxy_sdk.mjs", "list", origin], expected),
            Contestant(
                "httpx + msgspec (Python)", [tools.python, tools.python_folder / "httpx_msgspec.py", origin], expected
            ),
            go(tools, ["list", origin], expected),
        ],
        ours=OURS,
        floor=FLOOR,
        rows=rows,
        body_bytes=size,
    )


def three_work(tools, rows, folder, origins):
    origin = origins.get(("slow", folder), "")
    expected = {"rows": 3 * rows}
    floor = "reqwest + serde_json, rows streamed, two threads (the floor)"
    return Work(
        name=f"three-{rows}",
        title=f"Three vendors that answer after 300, 200 and 100 ms, {rows:,} rows each",
        contestants=[
            Contestant(floor, [tools.rust / "floor", "three", origin], expected),
            Contestant(OURS, [tools.rust / "ours", "three", origin], expected),
            Contestant(PARALLEL, [tools.rust / "ours", "three", origin, "--parallel"], expected),
            Contestant(
                "postproxy-sdk, httpx (Python)", [tools.python, tools.python_folder / "three.py", origin], expected
            ),
            Contestant(
                "postproxy-sdk, unipile-node-sdk, fetch (Node)",
                [tools.node, tools.node_folder / "three.mjs", origin],
                expected,
            ),
        ],
        ours=OURS,
        floor=floor,
        rows=3 * rows,
    )


def ndjson_work(tools, rows, folder, origins):
    origin = origins.get(folder, "")
    expected = {"rows": rows}
    floor = "reqwest + serde_json, rows streamed and written (the floor)"
    ours = cli(tools, origin, rows)
    return Work(
        name=f"ndjson-{rows}",
        title=f"{rows:,} rows to NDJSON on standard output",
        contestants=[
            Contestant(floor, [tools.rust / "floor", "ndjson", origin], expected),
            ours,
            Contestant(PYTHON, [tools.python, tools.python_folder / "postproxy_sdk.py", "ndjson", origin], expected),
            Contestant(NODE, [tools.node, tools.node_folder / "postproxy_sdk.mjs", "ndjson", origin], expected),
            go(tools, ["ndjson", origin], expected),
        ],
        ours=ours.name,
        floor=floor,
        rows=rows,
    )


def people_work(tools, folder, origins):
    asked = [origins.get(folder, ""), str(data.PEOPLE), str(IN_FLIGHT)]
    expected = {"rows": data.PEOPLE}
    floor, ours = "reqwest + serde_json, typed (the floor)", "polyprofile"
    python, node = tools.python_folder, tools.node_folder
    return Work(
        name="people",
        title=f"{data.PEOPLE:,} people looked up, {IN_FLIGHT} in flight",
        contestants=[
            Contestant("reqwest, bytes dropped (the transfer)", [tools.rust / "floor", "answers", *asked], expected),
            Contestant(floor, [tools.rust / "floor", "people", *asked], expected),
            Contestant(ours, [tools.rust / "ours", "people", *asked], expected),
            Contestant("aiohttp (Python)", [tools.python, python / "people_aiohttp.py", *asked], expected),
            Contestant("httpx (Python)", [tools.python, python / "people_httpx.py", *asked], expected),
            Contestant("unipile-node-sdk (Node)", [tools.node, node / "people_unipile.mjs", *asked], expected),
            go(tools, ["people", *asked], expected),
        ],
        ours=ours,
        floor=floor,
        rows=data.PEOPLE,
        is_rate=True,
    )


def start_work(tools):
    """Programs that only start: before the first request there is nothing else to wait for."""
    ours, floor = "polyprofile --version", "true (a process that does nothing)"
    importing = [tools.node, "--input-type=module", "-e"]
    module = (tools.node_folder / "node_modules/postproxy-sdk/dist/index.js").resolve().as_uri()
    return Work(
        name="start",
        title="Start alone",
        contestants=[
            Contestant(floor, ["/bin/true"], {}, speaks=False),
            Contestant(ours, [tools.cli, "--version"], {}, speaks=False),
            Contestant("import postproxy (Python)", [tools.python, "-c", "import postproxy"], {}, speaks=False),
            Contestant("import postproxy-sdk (Node)", [*importing, f'import "{module}"'], {}, speaks=False),
        ],
        ours=ours,
        floor=floor,
    )


def cli(tools, origin, rows):
    """The command line, with every default, writing as it reads."""
    environment = {
        "POSTPROXY_API_KEY": "key",
        "POSTPROXY_BASE_URL": origin,
        # Whatever this machine's user has configured stays out of it.
        "XDG_CONFIG_HOME": str(tools.configuration),
    }
    command = [tools.cli, "list", "--format", "ndjson"]
    return Contestant("polyprofile's command line, to NDJSON", command, {"profiles": rows}, environment)


def go(tools, arguments, expected):
    missing = None if tools.go else "Go is not installed here"
    return Contestant("net/http + encoding/json (Go)", [tools.go, *arguments], expected, missing=missing)
