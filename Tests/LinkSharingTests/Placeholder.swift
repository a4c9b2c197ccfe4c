// The first test of this room takes this one's place.
