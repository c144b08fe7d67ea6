package org.caravanmta.reception.session;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.smtp.Reply;

/// What carries a {@link Session} (RFC 5321 §2.1): the socket to the client, and the way to the
/// route. As an executor it runs what concerns the session on the session's thread, and then goes
/// on with the dialogue.
public interface Carrier extends Executor {
  /// Sends a reply as it is, after those given before. Only {@link ReplyWriter} gives any.
  void reply(Reply reply);

  /// @param question answered by {@link Session#answer}, later and on the session's thread
  void ask(RouteQuestion question);

  /// What the session holds of the memory of all.
  Holding holding();

  /// Begins TLS after the replies given so far; what the client has sent ahead in the clear is
  /// thrown away (RFC 3207 §4.2). Ends in {@link Session#secured} or the end of the connection.
  void secure();

  /// Runs a task on the session's thread after some time, and then goes on with the dialogue.
  void later(Duration delay, Runnable task);

  /// Closes the connection when the replies given so far have gone out.
  ///
  /// @param asked whether the client itself wants it; if not, more of what it sends may be on the
  ///   way, and must not make the reply get lost
  void hangUp(boolean asked);
}
