"""Tables from what was measured."""

from statistics import median

from bench.works import COLLECTED, FLOOR, OURS, PACKED, PARALLEL

MIB = 1024 * 1024


def tables(results):
    """The whole report as Markdown: one table a work, then what follows from several of them."""
    parts = [work_table(work, runs) for work, runs in results]
    lists = [(work, runs) for work, runs in results if work.name.startswith("list-")]
    if lists:
        parts.append(growth_table(lists))
    return "\n\n".join(part for part in parts if part) + "\n"


def work_table(work, runs):
    head = ["", "wall, ms", "CPU, ms", "peak, MiB"]
    head += ["wall / polyprofile", "CPU / polyprofile", "peak / polyprofile", "wall / floor", "CPU / floor"]
    if work.is_rate:
        head.insert(1, "requests/s")
    lines = []
    for contestant in work.contestants:
        of_this = runs[contestant.name]
        if not of_this.measured:
            lines.append([contestant.name, f"not measured: {of_this.reason}"])
            continue
        name = contestant.name
        if of_this.reason:
            name += f" (out after {len(of_this.measured)} rounds: {of_this.reason})"
        line = [
            name,
            spread(walls(of_this)),
            spread(cpu(of_this)),
            spread(peaks(of_this)),
            *(ratio(of(of_this), of(runs[work.ours])) for of in (walls, cpu, peaks)),
            *(ratio(of(of_this), of(runs[work.floor])) for of in (walls, cpu)),
        ]
        if work.is_rate:
            line.insert(1, f"{work.rows / median(walls(of_this)) * 1e3:,.0f}")
        lines.append(line)
    return f"### {work.title}\n\n`{work.name}`\n\n{markdown(head, lines)}"


def growth_table(lists):
    """What a row more costs, and what a list kept in memory takes."""
    head = [
        "rows",
        "wall, ms",
        "CPU a row, ns",
        "first row, ms",
        "peak streamed, MiB",
        "peak with parallel_decode, MiB",
        "peak collected, MiB",
        "bytes a collected row",
        "peak collected / body",
        "peak packed, MiB",
        "bytes a packed row",
        "peak packed / body",
        "wall / floor",
        "CPU / floor",
    ]
    lines = []
    for work, runs in lists:
        ours, parallel = runs[OURS], runs[PARALLEL]
        if not ours.measured:
            continue
        first = [run["told"]["first_row_ms"] for run in ours.measured]
        line = [
            f"{work.rows:,}",
            number(median(walls(ours))),
            f"{median(cpu(ours)) * 1e6 / work.rows:,.0f}",
            number(median(first)),
            number(median(peaks(ours))),
            number(median(peaks(parallel))) if parallel.measured else "",
        ]
        for kept in (runs[COLLECTED], runs[PACKED]):
            line += kept_list(work, kept, ours)
        lines.append([*line, *(ratio(of(ours), of(runs[FLOOR])) for of in (walls, cpu))])
    return f"### polyprofile as lists grow\n\n{markdown(head, lines)}" if lines else ""


def kept_list(work, runs, streamed):
    """The peak of a program that keeps its list; of that what streaming does not take, a row; and the peak as a share of
    the body."""
    if not runs.measured:
        return ["", "", ""]
    peak = median(peaks(runs))
    kept = peak - median(peaks(streamed))
    return [number(peak), f"{kept * MIB / work.rows:,.0f}", f"{peak * MIB / work.body_bytes:.2f}"]


def walls(runs):
    return [run["wall_ms"] for run in runs.measured]


def cpu(runs):
    return [run["user_ms"] + run["system_ms"] for run in runs.measured]


def peaks(runs):
    return [run["peak_bytes"] / MIB for run in runs.measured]


def ratio(these, those):
    """The median of the ratios within each round: what slows the machine for a while slows both."""
    pairs = list(zip(these, those))
    return f"{median(this / that for this, that in pairs):.2f}" if pairs else ""


def spread(values):
    return f"{number(median(values))} ({number(min(values))} to {number(max(values))})"


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def markdown(head, lines):
    rows = [head, ["---"] + ["---:"] * (len(head) - 1)]
    rows += [line + [""] * (len(head) - len(line)) for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
