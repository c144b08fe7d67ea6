package org.caravanmta.filter.proxy;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.headway.Cut;
import org.caravanmta.headway.Headway;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.JointAnswer;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.Unreachable;

/// Offers each message to a filter that speaks SMTP, which takes it over or refuses it. There is a
/// connection for each message, as in Postfix.
public final class ProxyFilter implements MessageFilter {
  private static final Cut WITH_THE_ATTEMPT = new Cut(Cut.By.OPERATOR, "the attempt was ended");

  private final FilterAddress address;
  private final FilterPatience patience;
  private final ScheduledThreadPoolExecutor ends;

  /// @param patience `connect` is for the connection and the greetings together, `command` for each
  ///   reply, `content` for the whole transaction
  public ProxyFilter(FilterAddress address, FilterPatience patience) {
    this.address = address;
    this.patience = patience;
    this.ends =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("smtp filter time limits").factory());
    ends.setRemoveOnCancelPolicy(true);
  }

  /// Reads `127.0.0.1:10025`, `inet:127.0.0.1:10025` or `unix:/run/filter.sock`.
  ///
  /// @throws IllegalArgumentException says what was expected
  public static FilterAddress parse(String written) {
    boolean said = written.matches("(?:inet6?|unix|local):.*");
    return FilterAddress.parse(said ? written : "inet:" + written);
  }

  @Override
  public FilterAnswer examine(Examined message) {
    Optional<Peer> peer = peer();
    if (peer.isEmpty()) {
      return noAnswer("there is no such host");
    }
    var caller =
        new SmtpCaller(
            message.hostname(), patience.connect(), patience.command(), patience.content());
    // an attempt that is cut lets go of the filter, too
    var limited = new Headway(System::nanoTime);
    Headway attempt = Headway.current();
    attempt.with(peer.get()::toString);
    attempt.allow(patience.connect().plus(patience.content()));
    attempt.grip(() -> limited.cut(WITH_THE_ATTEMPT));
    try {
      return limited.during(() -> examine(message, peer.get(), caller, limited));
    } finally {
      limited.end();
      attempt.release();
    }
  }

  @Override
  public boolean takesOver() {
    return true;
  }

  private FilterAnswer examine(Examined message, Peer peer, SmtpCaller caller, Headway limited) {
    var trouble = new AtomicReference<>("");
    Optional<SmtpDialogue> opened =
        within(
            patience.connect(),
            limited,
            () -> {
              try {
                return Optional.of(SmtpDialogue.open(peer, Protocol.SMTP, caller, Approach.PLAIN));
              } catch (Unreachable e) {
                trouble.set(e.reason().text());
                return Optional.empty();
              }
            });
    if (opened.isEmpty()) {
      return noAnswer(why(limited, trouble.get()));
    }
    var unread = new AtomicBoolean();
    Bodies bodies = UnreadableMessage.noted(message.bodies(), () -> unread.set(true));
    try (SmtpDialogue dialogue = opened.get()) {
      JointAnswer answer =
          within(patience.content(), limited, () -> dialogue.offer(near(message.mail()), bodies));
      return switch (answer) {
        case JointAnswer.Said(Reply reply) -> said(reply);
        case JointAnswer.Unfit(Reason reason) ->
            FilterAnswer.of(new Judgement.Refuse(unfit(reason.status())));
        case JointAnswer.Unknown(String why, boolean sentWhole) ->
            sentWhole
                ? FilterAnswer.of(
                    new Judgement.NoAnswer(
                        address + ": " + why(limited, why) + "; it may have taken the message",
                        Judgement.NoAnswer.Cause.PERHAPS_TAKEN))
                : FilterAnswer.of(
                    new Judgement.NoAnswer(
                        address + ": " + why(limited, why),
                        unread.get()
                            ? Judgement.NoAnswer.Cause.MESSAGE
                            : Judgement.NoAnswer.Cause.SERVER));
      };
    }
  }

  /// Does something on the connection, which is cut when the time is over: a filter that says a
  /// byte now and then never runs into the time-out of a read.
  private <T> T within(Duration limit, Headway limited, Supplier<T> work) {
    var late = new Cut(Cut.By.WATCHDOG, "no answer within " + limit.toMillis() + " ms");
    var end = ends.schedule(() -> limited.cut(late), limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return work.get();
    } finally {
      end.cancel(false);
    }
  }

  /// Looks up the name, if it is one, and so may wait.
  private Optional<Peer> peer() {
    return switch (address.place()) {
      case FilterAddress.Place.Port(String host, int number) ->
          Optional.of(new InetSocketAddress(host, number))
              .filter(found -> !found.isUnresolved())
              .map(found -> new Peer(host, found));
      case FilterAddress.Place.Socket(Path path) ->
          Optional.of(new Peer("localhost", UnixDomainSocketAddress.of(path)));
    };
  }

  private static Mail near(Mail mail) {
    Envelope envelope = mail.envelope();
    return mail.with(envelope.with(envelope.parameters().withoutRequireTls()));
  }

  private static FilterAnswer said(Reply reply) {
    return new FilterAnswer(
        reply.positive() ? new Judgement.Taken(reply) : new Judgement.Refuse(reply),
        List.of(),
        reply.toString());
  }

  /// What the client is told of a message that the filter would refuse if it were asked.
  private static Reply unfit(Status status) {
    return switch (status.toString()) {
      case "5.3.4" ->
          Reply.of(552, "5.3.4", "Message size exceeds the limit of our content filter");
      case "5.6.7" -> Reply.of(550, "5.6.7", "Our content filter does not take SMTPUTF8");
      case "5.6.3" -> Reply.of(554, "5.6.3", "Our content filter does not take BINARYMIME");
      default ->
          new Reply(554, Optional.of(status), List.of("Our content filter does not take it"));
    };
  }

  /// A connection that was cut seems to be lost.
  private static String why(Headway limited, String seen) {
    return limited.standing().cut().map(Cut::why).orElse(seen);
  }

  private FilterAnswer noAnswer(String why) {
    return FilterAnswer.of(new Judgement.NoAnswer(address + ": " + why));
  }

  @Override
  public void close() {
    ends.shutdownNow();
  }
}
