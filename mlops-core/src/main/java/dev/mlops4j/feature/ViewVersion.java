package dev.mlops4j.feature;

import dev.mlops4j.Digest;

/** A registered version of a view, as it is stored. */
record ViewVersion(String view, Digest fingerprint, String definition) {}
