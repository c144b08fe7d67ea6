package org.caravanmta.reception.session;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.Reply;

/// The ways that lead out of a {@link Session} (RFC 5321 §2.1): the connection to the client, and
/// the way to the route. As an executor it runs a task on the session's thread, and then goes on
/// with the dialogue.
public interface Carrier extends Executor {
  /// Sends a reply as it is, after those given before. Only {@link ReplyWriter} calls this.
  void reply(Reply reply);

  /// Puts a question to the route. The answer comes later, on the session's thread, by {@link
  /// Session#answer}.
  void ask(RouteQuestion question);

  /// What the session holds of the memory budget.
  Holding holding();

  /// Begins TLS after the replies given so far; what the client has sent ahead in the clear is
  /// thrown away (RFC 3207 §4.2). Then {@link Session#secured} is called, or the connection ends.
  void secure();

  /// Runs a task on the session's thread after a delay, and then goes on with the dialogue.
  void later(Duration delay, Runnable task);

  /// Ends the connection when the replies given so far have been sent (RFC 5321 §3.8).
  ///
  /// @param atOnce whether the connection is closed then, since the client has asked for it or
  ///   cannot be waited for; if not, it stays half open for a moment: if the client is still
  ///   sending, closing it would cause a reset, by which the client could lose the last reply
  void hangUp(boolean atOnce);
}
