// Filled by the tests of heartbeats.
