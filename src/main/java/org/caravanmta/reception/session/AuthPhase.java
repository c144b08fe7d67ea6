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
import org.caravanmta.sasl.server.LoginFailures;
import org.caravanmta.sasl.server.LoginStep;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;

/// The part of a session between AUTH and its reply (RFC 4954 §4): challenges and responses, until
/// the user is known or refused. The reply to a failed login comes a fixed time after the response,
/// so that the time does not tell whether the user exists.
final class AuthPhase {
  /// The most characters of a response in base64: 12288 bytes (RFC 4954 §4; postfix
  /// `smtpd_sasl_response_limit`).
  private static final int LIMIT = 12288;

  private final Dialogue dialogue;
  private final Client client;
  private final Security.Logins logins;
  private final Command.Auth command;
  private final Exchange exchange;
  // what failures are counted for, unless the client is exempt
  private final LoginFailures.Who counted;
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
    this.counted = LoginFailures.Who.client(client.address());
    this.exempt = client.own();
    this.end = end;
  }

  /// The phase that this AUTH begins; absent when its mechanism is not offered.
  ///
  /// @param end takes the reply that ends the phase
  static Optional<AuthPhase> of(
      Dialogue dialogue, Protection protection, Command.Auth command, Consumer<Reply> end) {
    Security.Logins logins = protection.logins().orElseThrow();
    return logins
        .authenticator()
        .begin(command.mechanism(), protection.channel(dialogue.state().client()))
        .map(exchange -> new AuthPhase(dialogue, logins, command, exchange, end));
  }

  /// Begins with the initial response, if AUTH has one; refuses a client that has failed too often.
  void begin() {
    Optional<byte[]> initial = Optional.empty();
    if (command.initial().isPresent()) {
      String text = command.initial().get();
      // RFC 4954 §4: "=" stands for an empty initial response
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

  /// Whether a response is being checked, so that no line can be taken now.
  boolean working() {
    return working;
  }

  /// Takes the client's response, or the `*` by which it gives up (RFC 4954 §4).
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

  /// Gives up without a reply, because the session has ended.
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
                // a password hash may ask for more memory than there is
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

  /// Ends the phase with a reply, a fixed time after the response was given to be checked.
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

  /// Ends the phase at once: a client that gives up, or cannot write base64, has not guessed at a
  /// password.
  private void refuse(Reply reply) {
    abandon();
    end.accept(reply);
  }

  private InstantSource clock() {
    return dialogue.reception().clock();
  }

  /// Takes back the failure that was counted when the login began.
  private void forgive() {
    if (!exempt) {
      logins.failures().notFailed(counted);
    }
  }

  private static Optional<byte[]> decoded(String text) {
    if (text.length() % 4 != 0) {
      // RFC 4648 §3.2: padding must not be left out
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
