package org.caravanmta.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Event;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.event.Trouble;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mail to the postmaster with what was said in a session in which something went wrong (RFC 5321
/// §4.2; postfix `notify_classes`). It comes from {@link Postmaster#sender}, so that nothing is
/// ever told of it. Whoever wants to hear of each refusal gets much mail: at most some are written
/// at one time, and the next says how many were left out.
public final class SessionNotices {
  private static final Logger LOG = LoggerFactory.getLogger(SessionNotices.class);

  /// Letters that wait to be written to the disk.
  private static final int MOST = 20;

  /// Puts a letter where mail of this machine is collected.
  @FunctionalInterface
  public interface Postbox {
    /// @param letter header section and body, each line ended by CRLF
    void post(Address sender, Address recipient, byte[] letter) throws IOException;
  }

  private final Address sender;
  private final Address told;
  private final Set<Trouble> classes;
  private final String hostname;
  private final Postbox postbox;
  private final Executor executor;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();

  /// @param told who is told
  /// @param classes of what
  /// @param executor may wait for the disk, as those who tell of a session must not
  SessionNotices(
      Address sender,
      Address told,
      Set<Trouble> classes,
      String hostname,
      Postbox postbox,
      Executor executor) {
    this.sender = sender;
    this.told = told;
    this.classes = classes;
    this.hostname = hostname;
    this.postbox = postbox;
    this.executor = executor;
  }

  void hear(Event event) {
    if (event instanceof SessionEvent.Troubled troubled
        && troubled.troubles().stream().anyMatch(classes::contains)) {
      tell(Session.of(troubled, hostname));
    } else if (event instanceof DeliveryEvent.ServerErred erred
        && classes.contains(Trouble.PROTOCOL)) {
      tell(Session.of(erred));
    }
  }

  private void tell(Session session) {
    if (waiting.incrementAndGet() > MOST) {
      waiting.decrementAndGet();
      leftOut.incrementAndGet();
    } else {
      executor.execute(() -> post(session));
    }
  }

  /// What there is to say of a session.
  ///
  /// @param role in which we were in it
  /// @param with whom it was
  /// @param trouble a sentence without its full stop
  private record Session(String role, String with, String trouble, List<String> transcript) {
    static Session of(SessionEvent.Troubled troubled, String hostname) {
      return new Session(
          "server",
          troubled.client().toString(),
          hostname
              + troubled.troubles().stream()
                  .map(Trouble::toString)
                  .collect(Collectors.joining(", ", " has refused something (", ")")),
          troubled.transcript());
    }

    static Session of(DeliveryEvent.ServerErred erred) {
      return new Session(
          "client",
          erred.server(),
          "Unexpected response from " + erred.server(),
          erred.transcript());
    }
  }

  private void post(Session session) {
    try {
      postbox.post(sender, told, letter(session).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("no transcript of a session is sent to <{}>: {}", told, e.getMessage());
    } finally {
      waiting.decrementAndGet();
    }
  }

  private String letter(Session session) {
    int more = leftOut.getAndSet(0);
    return """
    From: Mail Delivery System <MAILER-DAEMON@%s>
    To: %s
    Subject: Caravan SMTP %s: errors from %s
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: text/plain; charset=utf-8
    Content-Transfer-Encoding: 8bit

    %s. Transcript of session follows.

    %s

    %sFor other details, see the log.
    """
        .formatted(
            sender.domain(),
            told,
            session.role(),
            Printable.ascii(session.with()),
            Printable.text(session.trouble()),
            session.transcript().stream()
                .map(line -> " " + Printable.text(line))
                .collect(Collectors.joining("\n")),
            more > 0 ? more + " more sessions had trouble before this one.\n" : "")
        .replace("\n", "\r\n");
  }
}
