package org.caravanmta.delivery.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.config.Secret;
import org.caravanmta.delivery.remote.ServerLogins.Answer;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Services;
import org.caravanmta.sasl.client.LoginProof;
import org.caravanmta.sasl.client.LoginTerms;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.sasl.client.TokenSource;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.stage.House;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Trail;
import org.caravanmta.table.Values;

/// Finds as whom we log in at a server (postfix `smtp_sasl_password_maps`). These keys are looked
/// up, until one is found:
///
/// 1. the sender, by the standard search for addresses, if `delivery.sasl.sender-dependent` says
///    so, by SMTP only
/// 2. the name of the server
/// 3. the next hop as it was written: `[mail.isp.example]:587`
///
/// A sender's login is for servers that the operator has named: it is not shown to the mail
/// exchangers of whatever domain somebody writes to.
final class RemoteLogins {
  private static final Answer NOBODY = new Answer.As(Optional.empty());

  private final SearchPath path;
  private final Optional<AddressSearch> bySender;
  private final Map<String, TokenSource> tokens;
  private final LoginTerms terms;

  /// @param bySender absent if the sender does not matter
  /// @param tokens by their names
  RemoteLogins(
      SearchPath path,
      Optional<AddressSearch> bySender,
      Map<String, TokenSource> tokens,
      LoginTerms terms) {
    this.path = path;
    this.bySender = bySender;
    this.tokens = tokens;
    this.terms = terms;
  }

  /// Opens the tables.
  ///
  /// @throws IllegalArgumentException says which table cannot be used, and why
  static RemoteLogins open(RemoteLoginSettings own, Map<String, TokenSource> tokens, House house) {
    SearchPath path = house.local().open(own.passwords(), values(tokens));
    return new RemoteLogins(
        path,
        own.senderDependent() ? Optional.of(house.local().search(path)) : Optional.empty(),
        tokens,
        new LoginTerms(own.rules(), own.retryRefused(), house.clock()));
  }

  /// What values must be.
  static Values values(Map<String, TokenSource> tokens) {
    return Values.secret(
        Values.tolerant(
            Values.fixed(
                value -> {
                  if (PasswordEntry.parse(value)
                      instanceof PasswordEntry.WithToken(_, String name)) {
                    var _ = token(tokens, name);
                  }
                })));
  }

  /// The logins by one protocol.
  ServerLogins by(Protocol protocol) {
    if (path.isEmpty()) {
      return ServerLogins.NOBODY;
    }
    // what is found is a password: nobody may follow the search
    return (mail, hop, peer) -> Trail.follow(() -> search(mail, hop, peer, protocol)).result();
  }

  private Answer search(Mail mail, NextHop hop, Peer peer, Protocol protocol) {
    if (bySender.isPresent()
        && protocol == Protocol.SMTP
        && mail.reversePath() instanceof ReversePath.Mailbox(Address sender)
        && !isOfRecipients(hop, mail)) {
      Search found = bySender.get().find(sender);
      if (!(found instanceof Search.Absent)) {
        return found(found, sender.toString(), peer);
      }
    }
    for (String key : keys(hop, peer)) {
      Search found = path.find(key);
      if (!(found instanceof Search.Absent)) {
        return found(found, key, peer);
      }
    }
    return NOBODY;
  }

  /// Whether the next hop is the domain of every recipient, and nobody has named it.
  private static boolean isOfRecipients(NextHop hop, Mail mail) {
    return hop instanceof NextHop.Host(String host, Optional<Integer> port, boolean direct)
        && !direct
        && port.isEmpty()
        && mail.recipients().stream()
            .allMatch(recipient -> recipient.address().domain().equals(new Domain(host)));
  }

  private static List<String> keys(NextHop hop, Peer peer) {
    var keys = new ArrayList<String>();
    keys.add(peer.host());
    switch (hop) {
      case NextHop.Socket(String socket) -> keys.add(socket);
      case NextHop.Host(String host, Optional<Integer> port, boolean direct) -> {
        for (String written : written(host, direct)) {
          keys.add(port.map(number -> written + ":" + number).orElse(written));
          port.map(Services::names).orElse(List.of()).stream()
              .map(name -> written + ":" + name)
              .forEach(keys::add);
        }
      }
    }
    return keys;
  }

  /// The forms in which a next hop may name a host.
  private static List<String> written(String host, boolean direct) {
    if (!direct) {
      return List.of(host);
    }
    return host.contains(":")
        ? List.of("[" + host + "]", "[ipv6:" + host + "]")
        : List.of("[" + host + "]", host); // without brackets in inet:host:port
  }

  private Answer found(Search search, String key, Peer peer) {
    return switch (search) {
      case Search.Absent() -> NOBODY;
      case Search.Unavailable(String why) ->
          new Answer.Not(Reason.of("4.3.0", "delivery.sasl.passwords: " + why));
      case Search.Found(String value, _, _) -> {
        try {
          yield login(PasswordEntry.parse(value), peer);
        } catch (IllegalArgumentException e) {
          yield new Answer.Not(
              Reason.of("4.3.5", "delivery.sasl.passwords, " + key + ": " + e.getMessage()));
        }
      }
    };
  }

  private Answer login(PasswordEntry entry, Peer peer) {
    return switch (entry) {
      case PasswordEntry.WithPassword(String user, Secret password) ->
          unlessRefused(
              new RemoteLogin(user, new LoginProof.Password(password), terms), password, peer);
      case PasswordEntry.WithToken(String user, String name) -> {
        TokenSource source = token(tokens, name);
        yield switch (source.token()) {
          case TokenSource.Answer.Good(Secret token) ->
              unlessRefused(
                  new RemoteLogin(user, new LoginProof.Token(source), terms), token, peer);
          case TokenSource.Answer.None(String why) ->
              new Answer.Not(Reason.of("4.7.0", source.absence(why)));
        };
      }
    };
  }

  private Answer unlessRefused(RemoteLogin login, Secret secret, Peer peer) {
    return terms
        .refusal(peer.service(), login.user(), secret)
        .<Answer>map(Answer.Not::new)
        .orElseGet(() -> new Answer.As(Optional.of(login)));
  }

  private static TokenSource token(Map<String, TokenSource> tokens, String name) {
    TokenSource source = tokens.get(name);
    if (source == null) {
      throw new IllegalArgumentException(
          "expected {oauth2} and a name of delivery.sasl.tokens, which has "
              + (tokens.isEmpty() ? "none" : String.join(", ", tokens.keySet())));
    }
    return source;
  }
}
