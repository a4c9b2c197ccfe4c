"""What scripts/bench and scripts/measure-stalled-nodes are made of."""
