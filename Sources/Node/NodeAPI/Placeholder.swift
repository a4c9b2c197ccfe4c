// Filled by the node's own interface.
