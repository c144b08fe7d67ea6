package org.caravanmta.queue.spi;

/// Takes back the references to stored content that queue messages have held.
@FunctionalInterface
public interface ContentClaims {
  /// No queue holds `ref` any more: the message that did has been settled, and nothing that was
  /// sent in its place carries it on. Called after the commit, once; a crash in between leaves the
  /// content to the store's sweep.
  void release(String ref);
}
