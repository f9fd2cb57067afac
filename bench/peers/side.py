"""The talk between a peer and the runner, a line at a time: the same as our sides hold (src/side.rs)."""

import json
import sys
import time


def serve(facts, run, verdicts):
    """Warms up, says `ready`, and answers `run`, `write PATH` and `quit`.

    `run()` does the whole timed work and gives a result; `verdicts(result)` makes its bytes, outside the time.
    """
    result = run()
    say({"ready": facts})
    for line in sys.stdin:
        word, _, path = line.rstrip("\n").partition(" ")
        if word == "run":
            start = time.perf_counter()
            result = run()
            say({"seconds": time.perf_counter() - start})
        elif word == "write":
            written = verdicts(result)
            with open(path, "wb") as out:
                out.write(written)
            say({"written": len(written)})
        elif word == "quit":
            return
        else:
            sys.exit(f"«{line.strip()}» is no word of the runner")


def say(words):
    print(json.dumps(words), flush=True)
