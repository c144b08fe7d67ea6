package org.caravanmta.cluster.lock;

/// What the tree of a cluster has for each node, or key.
enum Branch {
  /// Who has the journal now; ephemeral.
  SERVING("serving"),
  /// For how long: written by who has it, all the time.
  LEASES("leases"),
  /// Who has taken it over, and whether that is complete.
  TAKEN("taken"),
  /// What the nodes that live say about themselves; ephemeral.
  MEMBERS("members"),
  /// What the cluster has agreed on.
  VALUES("values");

  final String word;

  Branch(String word) {
    this.word = word;
  }
}
