package org.caravanmta.filter.milter;

import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.smtp.Grammar;

/// What all milters are told of this server, and how what they say is read.
///
/// @param hostname the macro `j`
/// @param version the macro `v`: name and version of the server
/// @param daemonName the macro `{daemon_name}`
/// @param defaults what stands for macros that have no value (postfix `milter_macro_defaults`)
/// @param ways where mail for an address goes
/// @param grammar how the addresses are read that milters add
/// @param mostBody the most bytes of a new body
public record MilterHouse(
    String hostname,
    String version,
    String daemonName,
    Map<String, String> defaults,
    Ways ways,
    Grammar grammar,
    long mostBody) {
  public MilterHouse {
    defaults = Map.copyOf(defaults);
  }

  /// Where mail for an address goes.
  @FunctionalInterface
  public interface Ways {
    /// @param address absent for the null reverse path
    Optional<Way> of(Optional<Address> address);
  }

  /// A way that mail takes.
  ///
  /// @param mailer the transport: the macros `{mail_mailer}` and `{rcpt_mailer}`
  /// @param host the next hop: the macros `{mail_host}` and `{rcpt_host}`
  public record Way(String mailer, String host) {}
}
