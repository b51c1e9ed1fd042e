"""Runs contestants, checks what they have read, and keeps what they took."""

import json
import os
import signal
import subprocess
from dataclasses import dataclass, field

LONGEST_SECONDS = 300


@dataclass
class Runs:
    """What one contestant took in every round, or why there is nothing."""

    measured: list = field(default_factory=list)
    reason: str | None = None
    # Whether it tried and did not do its work, unlike one that could not take part.
    has_failed: bool = False


class Runner:
    def __init__(self, measure_program, work_folder):
        self.measure_program = measure_program
        self.result = work_folder / "measured.json"
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        # Python's clients would send even this through a proxy.
        self.environment |= {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}

    def run_all(self, work, rounds, say):
        """Every contestant once for checking, then all of them in turn, round by round."""
        runs = {contestant.name: Runs(reason=contestant.missing) for contestant in work.contestants}
        taking_part = [contestant for contestant in work.contestants if not contestant.missing]
        for contestant in taking_part:
            self.check(contestant, runs[contestant.name])
        for number in range(rounds):
            say(f"{work.name}: round {number + 1} of {rounds}")
            # Whoever comes first after a pause is not always the same.
            turn = number % len(taking_part) if taking_part else 0
            for contestant in taking_part[turn:] + taking_part[:turn]:
                of_this = runs[contestant.name]
                if not of_this.reason:
                    self.measure(contestant, of_this)
        return runs

    def check(self, contestant, runs):
        """A first run, not measured: it has to read what there is, and warms what can be warmed."""
        arguments = ["--check"] if "active" in contestant.expected else []
        self.judge(contestant, runs, *self.run(contestant, arguments), contestant.expected)

    def measure(self, contestant, runs):
        measured, told, error = self.run(contestant, [])
        expected = {name: value for name, value in contestant.expected.items() if name != "active"}
        if self.judge(contestant, runs, measured, told, error, expected):
            runs.measured.append(measured | {"told": told})

    def judge(self, contestant, runs, measured, told, error, expected):
        """Whether it did its work; if not, it is out."""
        if not measured or measured["exit"] != 0:
            lines = error.strip().splitlines() or [f"ended with {measured}"]
            runs.reason = lines[-1].removeprefix("Error: ").strip('"')[:200]
            runs.has_failed = True
        elif any(told.get(name) != value for name, value in expected.items()):
            runs.reason = f"read {told} instead of {expected}"
            if "said" in told:
                runs.reason = f"no rows: it answers {told['said']}"
            runs.has_failed = True
        return not runs.reason

    def run(self, contestant, arguments):
        """What one run took, what the contestant said, and its standard error."""
        self.result.unlink(missing_ok=True)
        command = [self.measure_program, self.result, *contestant.command, *arguments]
        process = subprocess.Popen(
            [str(part) for part in command],
            env=self.environment | contestant.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            _, error = process.communicate(timeout=LONGEST_SECONDS)
        except BaseException as problem:
            # The contestant is a child of the measuring program: both have to go.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(problem, subprocess.TimeoutExpired):
                return None, {}, f"took longer than {LONGEST_SECONDS} seconds"
            raise
        measured = json.loads(self.result.read_text()) if self.result.exists() else None
        return measured, last_words(error) if contestant.speaks else {}, error


def last_words(error):
    """The JSON object that the last line of standard error is."""
    lines = error.strip().splitlines()
    try:
        told = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    told = told if isinstance(told, dict) else {}
    # The command line tells of each provider how it fared.
    return told.get("provider", told) if isinstance(told.get("provider"), dict) else told
