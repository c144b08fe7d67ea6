package org.caravanmta.reception.session;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.sasl.server.LoginChannel;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.server.TlsLevel;
import org.caravanmta.tls.server.TlsSession;

/// The protection of one session by TLS and logins, which says what the client may do and is
/// offered (RFC 3207 §4, RFC 4954 §3, §4). It changes once, when TLS begins.
final class Protection {
  /// The most bytes of a line while a user may log in: a response of 12288, and CRLF (RFC 4954 §4).
  private static final int LOGIN_LINE = 12288 + 2;

  /// The commands that may come in the clear even where TLS is required (RFC 3207 §4). BDAT is one
  /// because its bytes have to be read whatever the reply; without MAIL it is refused later.
  private static final Set<Verb> IN_CLEAR =
      EnumSet.of(
          Verb.HELO,
          Verb.EHLO,
          Verb.STARTTLS,
          Verb.XCLIENT,
          Verb.BDAT,
          Verb.NOOP,
          Verb.QUIT,
          Verb.HELP);

  private final Security security;
  private final Service service;
  private Optional<TlsSession> secured = Optional.empty();

  Protection(Security security, Service service) {
    this.security = security;
    this.service = service;
  }

  /// Takes note that TLS has begun.
  void begin(TlsSession agreed) {
    secured = Optional.of(agreed);
  }

  /// Why a command may not come without TLS, or without a login; absent when it may.
  Optional<Reply> refusal(Verb verb, Client client, boolean inTransaction) {
    if (refusesInClear(verb)) {
      return Optional.of(SecurityReplies.STARTTLS_FIRST);
    }
    return switch (verb) {
      case STARTTLS -> startTls();
      case AUTH -> auth(client, inTransaction);
      case MAIL, VRFY -> needsLogin(client) ? Optional.of(Replies.LOGIN_FIRST) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /// Whether TLS has begun.
  boolean isSecured() {
    return secured.isPresent();
  }

  /// Whether a command is refused because there is no TLS yet.
  boolean refusesInClear(Verb verb) {
    return security.level() == TlsLevel.ENCRYPT && secured.isEmpty() && !IN_CLEAR.contains(verb);
  }

  /// The lines of the reply to EHLO for TLS and logins, such as `STARTTLS` and `AUTH PLAIN LOGIN`.
  List<String> extensions(Client client) {
    var lines = new ArrayList<String>();
    if (security.offersStartTls() && secured.isEmpty()) {
      lines.add("STARTTLS");
    }
    if (isSecured()) {
      lines.add(Extension.REQUIRETLS.toString()); // RFC 8689 §2: after TLS has begun
    }
    logins()
        .map(logins -> logins.authenticator().mechanisms(channel(client)))
        .filter(mechanisms -> !mechanisms.isEmpty())
        .ifPresent(mechanisms -> lines.add("AUTH " + String.join(" ", mechanisms)));
    return lines;
  }

  /// How users log in; absent when they cannot, or not in the clear.
  Optional<Security.Logins> logins() {
    return security.logins().filter(logins -> secured.isPresent() || logins.inClear());
  }

  /// The connection as an authenticator has to know it.
  LoginChannel channel(Client client) {
    return new LoginChannel(
        client.address(),
        client.own(),
        secured.isPresent(),
        secured.map(TlsSession::bindings).orElse(Map.of()));
  }

  /// The most bytes of a line now: tokens need longer lines than commands.
  ///
  /// @param limit for commands
  int lineLimit(int limit) {
    return logins().isPresent() ? Math.max(limit, LOGIN_LINE) : limit;
  }

  private Optional<Reply> startTls() {
    if (secured.isPresent()) {
      return Optional.of(SecurityReplies.TLS_ACTIVE);
    }
    return security.offersStartTls()
        ? Optional.empty()
        : Optional.of(SecurityReplies.NOT_IMPLEMENTED);
  }

  private Optional<Reply> auth(Client client, boolean inTransaction) {
    if (security.logins().isEmpty() || !ClientFacts.isExtended(client)) {
      return Optional.of(SecurityReplies.NO_LOGINS);
    }
    if (inTransaction) {
      return Optional.of(SecurityReplies.IN_TRANSACTION);
    }
    if (logins().isEmpty()) {
      return Optional.of(SecurityReplies.ENCRYPTION_REQUIRED);
    }
    return client.login().map(_ -> SecurityReplies.LOGGED_IN);
  }

  /// Whether a client must log in before it may send mail: at a listener that requires logins
  /// everybody, at one for our users everybody who is not in our own networks.
  private boolean needsLogin(Client client) {
    return security.logins().filter(Security.Logins::required).isPresent()
        ? client.login().isEmpty()
        : service.forUsers() && !client.trusted();
  }
}
