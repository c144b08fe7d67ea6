package org.caravanmta.sasl.client;

import org.caravanmta.config.Secret;

/// Where the access token of one account comes from (RFC 6749 §1.4). There is one instance for each
/// account; it is safe for use by several threads.
public interface TokenSource {
  /// The name that the operator has given it.
  String name();

  /// The token to use now; may wait until one has been fetched.
  Answer token();

  /// Told that a server has refused this token, so that another is fetched even if this one seemed
  /// to be good for longer.
  void refused(Secret token);

  /// Why mail waits that needs a token.
  ///
  /// @param why as {@link Answer.None} has it
  default String absence(String why) {
    return "no access token " + name() + ": " + why;
  }

  /// The answer to {@link #token}.
  sealed interface Answer {
    /// A token that has not expired.
    record Good(Secret token) implements Answer {}

    /// There is none at present.
    ///
    /// @param why for the log and the reason of a deferral, without secrets
    record None(String why) implements Answer {}
  }
}
