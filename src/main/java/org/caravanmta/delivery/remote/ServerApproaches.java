package org.caravanmta.delivery.remote;

import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Reason;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Source;
import org.caravanmta.smtp.client.Unreachable;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsPolicies;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsPolicy.Origin;
import org.caravanmta.tls.client.TlsProblem;

/// How servers are approached: TLS as the operator says, then as the rules after that one say, in
/// their order; then the login.
///
/// Where TLS is wanted but need not be, a server with which it has failed gets mail in the clear
/// (RFC 7435 §3), for as long as {@link Fallbacks} remember it; not where we log in, since a
/// password never falls back.
final class ServerApproaches implements Approaches {
  /// The port on which connections are in TLS from the first byte (RFC 8314 §7.3).
  private static final int SUBMISSIONS = 465;

  private final TlsPolicies policies;
  private final SecurityLevel level;
  private final boolean wrapped;
  private final List<TlsRule> rules;
  private final ServerLogins logins;
  private final Sources sources;
  private final Fallbacks fallbacks;

  /// @param level for servers that no table says anything of
  /// @param wrapped whether TLS begins with the first byte on every port
  /// @param rules what else decides about TLS, in this order
  ServerApproaches(
      TlsPolicies policies,
      SecurityLevel level,
      boolean wrapped,
      List<TlsRule> rules,
      ServerLogins logins,
      Sources sources,
      Fallbacks fallbacks) {
    this.policies = policies;
    this.level = level;
    this.wrapped = wrapped;
    this.rules = List.copyOf(rules);
    this.logins = logins;
    this.sources = sources;
    this.fallbacks = fallbacks;
  }

  @Override
  public Choice to(Mail mail, NextHop hop, Peer peer, Optional<String> pool) {
    // who can read a socket of this machine can read the mail too
    SecurityLevel usual = peer.ip().isEmpty() && !level.isMandatory() ? SecurityLevel.NONE : level;
    return switch (policies.of(hop, peer.host(), usual)) {
      case TlsPolicies.Answer.Not(var reason, var problem) -> new Choice.Not(reason, problem);
      case TlsPolicies.Answer.Is(TlsPolicy policy) -> ruled(policy, mail, hop, peer, pool);
    };
  }

  private Choice ruled(TlsPolicy said, Mail mail, NextHop hop, Peer peer, Optional<String> pool) {
    TlsPolicy policy = said;
    for (TlsRule rule : rules) {
      switch (rule.on(policy, mail, hop, peer)) {
        case TlsRule.Ruling.Be(TlsPolicy changed) -> policy = changed;
        case TlsRule.Ruling.Not(var reason, var problem) -> {
          return new Choice.Not(reason, problem);
        }
      }
    }
    if (policy.isMandatory() && !said.isMandatory() && policy.strength() == said.strength()) {
      policy = policy.with(policies.mandatory());
    }
    if (policy.level() == SecurityLevel.DANE_ONLY && policy.dane().isEmpty()) {
      // RFC 7672 §2.2: without records nothing says who the server is
      return new Choice.Not(
          Reason.of("4.7.5", "TLSA records are required, but " + peer.host() + " has none to use"),
          Optional.of(TlsProblem.DANE_REQUIRED));
    }
    TlsPolicy decided = policy;
    return switch (logins.at(mail, hop, peer)) {
      case ServerLogins.Answer.Not(var reason) -> new Choice.Not(reason);
      case ServerLogins.Answer.As(var login) ->
          from(approach(decided, peer, login), mail, peer, pool);
    };
  }

  private Choice from(Approach approach, Mail mail, Peer peer, Optional<String> pool) {
    return switch (sources.of(mail, peer, pool)) {
      case Sources.Choice.Not(var reason) -> new Choice.Not(reason);
      case Sources.Choice.From(var source) ->
          new Choice.As(source.map(approach::from).orElse(approach));
    };
  }

  private Approach approach(TlsPolicy policy, Peer peer, Optional<RemoteLogin> login) {
    if (login.filter(it -> it.terms().rules().wantsTls()).isPresent()
        && policy.level() != SecurityLevel.NONE
        && !policy.isMandatory()) {
      return approach(
          policy.at(SecurityLevel.ENCRYPT, Origin.LOGIN).with(policies.mandatory()), peer, login);
    }
    boolean atOnce = wrapped || peer.port().orElse(0) == SUBMISSIONS;
    if (policy.level() == SecurityLevel.NONE) {
      return new Approach(policy, false, login, Optional.empty());
    }
    if (atOnce && !policy.isMandatory()) {
      // there is no other way to talk to such a port
      return new Approach(
          policy.at(SecurityLevel.ENCRYPT, policy.origin()).with(policies.mandatory()),
          true,
          login,
          Optional.empty());
    }
    if (!policy.isMandatory() && login.isEmpty() && fallbacks.knows(peer)) {
      return inClear(policy);
    }
    return new Approach(policy, atOnce, login, Optional.empty());
  }

  @Override
  public Optional<Approach> instead(
      Mail mail, Peer peer, List<Approach> failed, Unreachable why, Optional<String> pool) {
    Approach last = failed.getLast();
    if (why.unbound() && last.from().isPresent()) {
      List<Source> lost = failed.stream().flatMap(each -> each.from().stream()).toList();
      return sources.instead(lost, why.reason(), mail, peer, pool).map(last::from);
    }
    boolean broken = why.insecure().filter(Unreachable.Insecure::broken).isPresent();
    if (!broken || last.wrapped() || last.tls().isMandatory() || last.login().isPresent()) {
      return Optional.empty();
    }
    fallbacks.remember(peer);
    Approach clear = inClear(last.tls());
    return Optional.of(last.from().map(clear::from).orElse(clear));
  }

  private static Approach inClear(TlsPolicy policy) {
    return new Approach(
        TlsPolicy.of(SecurityLevel.NONE, policy.strength(), Origin.FALLBACK),
        false,
        Optional.empty(),
        Optional.empty());
  }
}
