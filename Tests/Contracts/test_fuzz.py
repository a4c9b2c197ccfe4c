"""Some random calls on every run; `fuzz.py` makes as many as one likes."""

import os
import unittest

from fuzz import fuzz

CALLS = int(os.environ.get("STORJ_FUZZ_CALLS", 5000))
SEED = int(os.environ.get("STORJ_FUZZ_SEED", 1))


class FuzzTests(unittest.TestCase):
    def test_every_invariant_holds_whatever_anybody_calls(self):
        outcomes = fuzz(CALLS, SEED)
        # Calls that are all refused would show nothing.
        for name in ("open", "topUp", "claim", "claimMany", "finishClose", "fund", "anchor", "seal", "prove", "settle",
                     "reclaim", "finish", "withdraw"):
            self.assertGreater(outcomes[name, "done"], 0, name)


if __name__ == "__main__":
    unittest.main()
