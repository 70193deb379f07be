"""What the peers driven over standard input and output have in common: one JSON object a line in, one out."""

import json
import logging
import sys
import warnings


def serve(make_peer, commands):
    """Makes the peer, says {"ready": true}, and answers each line by the method that its "command" names."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    # What the peer prints goes to the standard error, so that only answers are on the standard output.
    answers, sys.stdout = sys.stdout, sys.stderr

    def say(answer):
        print(json.dumps(answer), file=answers, flush=True)

    peer = make_peer()
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        command = request.pop("command", None)
        if command == "quit":
            break
        try:
            if command not in commands:
                raise ValueError(f"unknown command {command}")
            say(getattr(peer, command.replace("-", "_"))(**request))
        except Exception as e:
            say({"error": f"{type(e).__name__}: {e}"})
