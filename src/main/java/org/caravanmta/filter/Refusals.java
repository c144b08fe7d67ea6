package org.caravanmta.filter;

import org.caravanmta.message.Mail;

/// Hears of mail that content filters keep from its recipients, so that these can be told of it. It
/// is called while the client waits, and must not wait itself.
public interface Refusals {
  /// Of a server that tells nobody.
  Refusals NONE = (_, _, _) -> {};

  /// Hears of a message.
  ///
  /// @param mail as the filter was shown it
  /// @param filter as the step of the route names it
  /// @param why what became of it, and why: `rejected: 554 5.7.1 …`, `discarded: …`
  void note(Mail mail, String filter, String why);
}
