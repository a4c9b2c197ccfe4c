"""A small corruption campaign; the large one is scripts/corruption-campaign."""
import campaign
from suite import expect, test


@test("faults of seven kinds in stored pieces are all detected, and no client gets a wrong byte", seconds=150,
      network="patient")
def seven_kinds(network):
    said = []
    is_right, lines, done = campaign.run(network, objects=40, rounds=3, seed=1, say=said.append, heals=False)
    print("\n".join(f"     {line}" for line in lines), flush=True)
    expect(len(done.faults) > 100, f"{len(done.faults)} faults")
    expect({fault.kind for fault in done.faults.values()} == set(campaign.faults.KINDS), "all kinds")
    expect(is_right, "\n".join(said + lines))
