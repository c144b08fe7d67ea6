package org.caravanmta.smtp.client;

import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Status;
import org.caravanmta.sasl.client.ClientMechanism;
import org.caravanmta.sasl.client.ClientMechanism.WrongChallenge;
import org.caravanmta.sasl.client.LoginProof;
import org.caravanmta.sasl.client.LoginRules;
import org.caravanmta.sasl.client.LoginTerms;
import org.caravanmta.sasl.client.MechanismChoice;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.sasl.client.TokenSource;
import org.caravanmta.smtp.Reply;
import org.caravanmta.tls.client.ChannelSecurity;
import org.caravanmta.tls.client.SecureChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The login at a server, after EHLO and TLS (AUTH, RFC 4954). What it cannot do it says with a
/// reason of class 4, and with the server's own status if the server has refused the login and
/// {@link LoginRules#soft} is off. No reason has the password in it, even if the server repeats it.
final class AuthStep {
  private static final Logger LOG = LoggerFactory.getLogger(AuthStep.class);

  /// The most characters of a command line (RFC 5321 §4.5.3.1.4), without its end: an initial
  /// response that does not fit is sent when the server asks for it (RFC 4954 §4).
  private static final int LONGEST_COMMAND = 510;

  /// More challenges than any mechanism has.
  private static final int MOST_CHALLENGES = 10;

  private static final String FAILED = "SASL authentication failed; ";

  private final Connection connection;
  private final RemoteLogin login;
  private final Duration patience;
  private final MechanismChoice choice;
  private final Censor censor = new Censor();

  /// @param patience how long to wait for each reply
  AuthStep(Connection connection, RemoteLogin login, Capabilities capabilities, Duration patience) {
    this.connection = connection;
    this.login = login;
    this.patience = patience;
    OptionalInt port = connection.peer().port();
    this.choice =
        new MechanismChoice(
            capabilities.auth(),
            connection.security(),
            connection.bindings(),
            connection.peer().host(),
            port.isPresent() ? Optional.of(port.getAsInt()) : Optional.empty());
  }

  /// Logs in.
  ///
  /// @return false if the server offers no login and is to get mail all the same
  /// @throws Unreachable if we are not logged in and no mail may be sent
  boolean run() throws IOException, Unreachable {
    LoginRules rules = login.terms().rules();
    if (choice.offered().isEmpty()) {
      return unoffered();
    }
    if (!rules.allow(choice.security())) {
      throw refused("4.7.0", "no login at " + named() + unprotected());
    }
    List<String> usable = choice.of(login);
    if (usable.isEmpty()) {
      throw refused(
          "4.7.0",
          FAILED
              + ("server " + named() + " offers no mechanism that may be used here for ")
              + (login.proof() instanceof LoginProof.Token ? "a token" : "a password")
              + (", only " + Printable.text(String.join(" ", choice.offered()))));
    }
    Secret secret = secret();
    censor.hide(secret);
    connection.log().hide(secret);
    try (var turn =
        login.terms().turn(connection.peer().service(), login.user(), secret, patience)) {
      Optional<Reason> known = turn.refusal();
      if (known.isPresent()) {
        throw Unreachable.refused(known.get());
      }
      attempt(usable, secret, turn);
      return true;
    }
  }

  private boolean unoffered() throws Unreachable {
    if (login.terms().rules().require()) {
      throw refused(
          "4.7.0", FAILED + "server " + named() + " offers no login (delivery.sasl.require)");
    }
    if (login.terms().isNews(connection.peer().service())) {
      LOG.warn(
          "{} offers no login: mail is sent without, although delivery.sasl.passwords has one for"
              + " it",
          connection.peer());
    }
    return false;
  }

  private Secret secret() throws Unreachable {
    return switch (login.proof()) {
      case LoginProof.Password(Secret password) -> password;
      case LoginProof.Token(TokenSource source) ->
          switch (source.token()) {
            case TokenSource.Answer.Good(Secret token) -> token;
            case TokenSource.Answer.None(String why) -> throw refused("4.7.0", source.absence(why));
          };
    };
  }

  /// Tries one mechanism after the other: the next one only if the server does not take the
  /// mechanism, not if it does not take the password.
  private void attempt(List<String> mechanisms, Secret secret, LoginTerms.Turn turn)
      throws IOException, Unreachable {
    Reply reply = Reply.plain(504, "no mechanism");
    for (String mechanism : mechanisms) {
      reply = exchange(mechanism, secret);
      if (reply.code() / 100 == 2) {
        turn.succeeded();
        return;
      }
      if (reply.code() != 504) { // RFC 4954 §4
        break;
      }
    }
    Reason reason = reason(reply);
    if (reply.permanentFailure() && reply.code() != 504) {
      turn.failed(reason);
      if (login.proof() instanceof LoginProof.Token(TokenSource source)) {
        source.refused(secret);
      }
    }
    throw refused(reason);
  }

  /// The server's last reply to one mechanism.
  private Reply exchange(String name, Secret secret) throws IOException, Unreachable {
    ClientMechanism mechanism = choice.begin(name, login.user(), secret);
    Optional<String> initial = mechanism.initial().map(this::base64);
    String whole = "AUTH " + name + initial.map(text -> " " + text).orElse("");
    boolean fits = whole.length() <= LONGEST_COMMAND;
    boolean waiting = initial.isPresent() && !fits;
    Reply reply = ask(fits ? whole : "AUTH " + name);
    for (int i = 0; reply.code() == 334 && i < MOST_CHALLENGES; i++) {
      String response;
      try {
        response = waiting ? initial.get() : base64(mechanism.respond(challenge(reply)));
        waiting = false;
      } catch (WrongChallenge e) {
        ask("*"); // RFC 4954 §4: the login is cancelled
        throw refused("4.7.0", FAILED + "server " + named() + ": " + e.getMessage());
      }
      reply = ask(response);
    }
    if (reply.code() / 100 == 2 && !mechanism.proven()) {
      throw refused(
          "4.7.0", FAILED + "server " + named() + " did not prove that it knows the password");
    }
    return reply;
  }

  private byte[] challenge(Reply reply) throws WrongChallenge {
    String text = reply.lines().getLast().strip();
    try {
      return text.equals("=") ? new byte[0] : Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new WrongChallenge("a challenge that is not base64");
    }
  }

  private String base64(byte[] response) {
    String text = Base64.getEncoder().encodeToString(response);
    censor.hide(text);
    connection.log().hide(text);
    return text;
  }

  private Reply ask(String line) throws IOException {
    connection.send(line);
    connection.flush();
    return connection.reply(patience);
  }

  private Reason reason(Reply given) {
    Reply reply = censor.without(given);
    String text = FAILED + "server " + named() + " said: " + reply;
    boolean hard = reply.permanentFailure() && !login.terms().rules().soft();
    int digit = hard ? 5 : 4;
    Status status =
        reply
            .status()
            .map(said -> new Status(digit, said.subject(), said.detail()))
            .orElse(new Status(digit, 7, 0));
    return new Reason(
        status, text, Optional.of(connection.peer().host()), Optional.of(reply.toString()));
  }

  private String unprotected() {
    String over = login.terms().rules().over() == ChannelSecurity.VERIFIED ? "verified" : "tls";
    return (choice.security() == ChannelSecurity.CLEAR
            ? ": the connection is not encrypted"
            : ": the certificate of the server was not validated" + against())
        + (" (delivery.sasl.over: " + over + ")");
  }

  /// What is wrong with the certificate: an old one and one for another name are mended
  /// differently.
  private String against() {
    return connection
        .channel()
        .map(SecureChannel::proof)
        .map(
            proof ->
                proof.why().isEmpty()
                    ? ": it is not for " + connection.peer().host()
                    : ": " + proof.why())
        .orElse("");
  }

  private String named() {
    return connection.peer().named();
  }

  private Unreachable refused(String status, String text) {
    return refused(Reason.of(status, text));
  }

  /// Takes leave of the server.
  private Unreachable refused(Reason reason) {
    connection.send("QUIT");
    connection.flush();
    return Unreachable.refused(reason);
  }
}
