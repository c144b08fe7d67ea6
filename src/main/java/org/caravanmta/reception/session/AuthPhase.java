package org.caravanmta.reception.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.wire.Lines;
import org.caravanmta.sasl.server.Exchange;
import org.caravanmta.sasl.server.Failures;
import org.caravanmta.sasl.server.LoginStep;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;

/// What happens between AUTH and its reply (RFC 4954 §4): challenges and responses, until the
/// client is known, or is not. A failure is said a fixed time after the proof, so that it does not
/// tell a user that does not exist from one that does.
final class AuthPhase {
  /// Bytes of a response (Postfix: smtpd_sasl_response_limit).
  private static final int LIMIT = 12288;

  private final Dialogue dialogue;
  private final Client client;
  private final Security.Logins logins;
  private final Command.Auth command;
  private final Exchange exchange;
  private final Failures.Who counted;
  private final boolean exempt;
  private final Consumer<Reply> end;
  private boolean working;
  private boolean over;

  private AuthPhase(
      Dialogue dialogue,
      Security.Logins logins,
      Command.Auth command,
      Exchange exchange,
      Consumer<Reply> end) {
    this.dialogue = dialogue;
    this.client = dialogue.state().client();
    this.logins = logins;
    this.command = command;
    this.exchange = exchange;
    this.counted = Failures.Who.client(client.address());
    this.exempt = client.own();
    this.end = end;
  }

  /// Absent when the mechanism is not offered.
  ///
  /// @param end gives the reply
  static Optional<AuthPhase> of(
      Dialogue dialogue, Protection protection, Command.Auth command, Consumer<Reply> end) {
    Security.Logins logins = protection.logins().orElseThrow();
    return logins
        .authenticator()
        .begin(command.mechanism(), protection.channel(dialogue.state().client()))
        .map(exchange -> new AuthPhase(dialogue, logins, command, exchange, end));
  }

  void begin() {
    Optional<byte[]> initial = Optional.empty();
    if (command.initial().isPresent()) {
      String text = command.initial().get();
      // RFC 4954 §4: an empty one
      initial = decoded(text.equals("=") ? "" : text);
      if (initial.isEmpty()) {
        refuse(SecurityReplies.BAD_BASE64);
        return;
      }
    }
    if (!exempt && !logins.failures().begin(counted)) {
      over = true;
      Events.tell(
          new SessionEvent.LoginFailed(client, command.mechanism(), "too many failed logins", ""));
      end.accept(SecurityReplies.tooManyFailures(dialogue.settings().hostname(), client));
      return;
    }
    Optional<byte[]> first = initial;
    ask(() -> exchange.first(first));
  }

  /// Whether no line can be taken now.
  boolean working() {
    return working;
  }

  /// Takes the client's response.
  void line(Lines.Line line) {
    switch (line) {
      case Lines.Text(String text) when text.equals("*") -> refuse(SecurityReplies.ABORTED);
      case Lines.Text(String text) when text.length() <= LIMIT ->
          decoded(text)
              .ifPresentOrElse(
                  response -> ask(() -> exchange.next(response)),
                  () -> refuse(SecurityReplies.BAD_BASE64));
      case Lines.Text _, Lines.TooLong(_) -> refuse(SecurityReplies.TOO_LONG);
      case Lines.NotUtf8 _, Lines.Bare _ -> refuse(SecurityReplies.BAD_BASE64);
    }
  }

  /// The session is over, or has been.
  void abandon() {
    over = true;
    Thread.ofVirtual().name("auth").start(exchange::close);
  }

  private void ask(Supplier<LoginStep> question) {
    working = true;
    Instant asked = clock().instant();
    Thread.ofVirtual()
        .name("auth")
        .start(
            () -> {
              LoginStep step;
              try {
                step = question.get();
              } catch (RuntimeException | OutOfMemoryError e) {
                // a hash may ask for more memory than there is
                step = new LoginStep.Unavailable("failed: " + e);
              }
              LoginStep answer = step;
              dialogue.carrier().execute(() -> answered(answer, asked));
            });
  }

  private void answered(LoginStep step, Instant asked) {
    if (over) {
      return;
    }
    switch (step) {
      case LoginStep.Challenge(byte[] bytes) -> {
        working = false;
        dialogue
            .writer()
            .send(SecurityReplies.challenge(Base64.getEncoder().encodeToString(bytes)));
      }
      case LoginStep.Success(String user) -> {
        if (!exempt) {
          logins.failures().succeeded(counted);
        }
        Events.tell(new SessionEvent.LoggedIn(client, command.mechanism()));
        abandon();
        dialogue
            .state()
            .knows(ClientFacts.loggedIn(dialogue.state().client(), user, command.mechanism()));
        end.accept(SecurityReplies.SUCCESS);
      }
      case LoginStep.Unavailable(String why) -> {
        forgive();
        Events.tell(new SessionEvent.LoginUndecided(client, command.mechanism(), why));
        later(asked, SecurityReplies.unavailable("try again later"));
      }
      case LoginStep.Failure(String reason, String user) -> {
        Events.tell(new SessionEvent.LoginFailed(client, command.mechanism(), reason, user));
        later(asked, SecurityReplies.failed("wrong user, password or token"));
      }
    }
  }

  private void later(Instant asked, Reply reply) {
    Duration left = logins.failures().delay().minus(Duration.between(asked, clock().instant()));
    dialogue
        .carrier()
        .later(
            left.isNegative() ? Duration.ZERO : left,
            () -> {
              if (!over) {
                abandon();
                end.accept(reply);
              }
            });
  }

  /// The client has given up or cannot write base64, which is not a guess at a password.
  private void refuse(Reply reply) {
    abandon();
    end.accept(reply);
  }

  private InstantSource clock() {
    return dialogue.reception().clock();
  }

  private void forgive() {
    if (!exempt) {
      logins.failures().notFailed(counted);
    }
  }

  private static Optional<byte[]> decoded(String text) {
    if (text.length() % 4 != 0) {
      // RFC 4648 §3.2: padding may not be left out
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
