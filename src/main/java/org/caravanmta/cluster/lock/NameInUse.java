package org.caravanmta.cluster.lock;

/// Two nodes have one name, in a sentence for the operator.
public final class NameInUse extends Exception {
  private static final long serialVersionUID = 1L;

  NameInUse(Holder other) {
    super(
        "another node named "
            + other.node()
            + " runs at "
            + other.address()
            + "; cluster.node must be unique (two machines cloned from one image?)");
  }
}
