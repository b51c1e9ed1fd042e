"""What every contestant says at its end, as the last line of standard error: what it has read."""

import json
import sys


def told(**what):
    print(json.dumps(what), file=sys.stderr)


def arguments():
    """The arguments, and whether more than the count is asked for."""
    return [argument for argument in sys.argv[1:] if argument != "--check"], "--check" in sys.argv
