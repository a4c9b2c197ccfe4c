// Filled by the heartbeats.
