package org.caravanmta.cluster.lock;

/// The lock service cannot be asked, or has not answered: says so in a sentence that names its
/// peers.
public final class LocksUnavailable extends Exception {
  private static final long serialVersionUID = 1L;

  LocksUnavailable(String sentence, Throwable cause) {
    super(sentence, cause);
  }

  LocksUnavailable(String sentence) {
    super(sentence);
  }
}
