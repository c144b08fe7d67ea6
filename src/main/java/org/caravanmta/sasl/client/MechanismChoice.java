package org.caravanmta.sasl.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Secret;
import org.caravanmta.tls.client.ChannelSecurity;

/// The mechanisms by which a login can be made on one connection, the best first (RFC 4422 §3.1).
///
/// @param offered by the server, in capitals
/// @param security of the connection
/// @param bindings what a login on it may be bound to, by type (RFC 5056 §2.1)
/// @param host of the server, as we know it
/// @param port of the server; absent for a UNIX-domain socket
public record MechanismChoice(
    List<String> offered,
    ChannelSecurity security,
    Map<String, byte[]> bindings,
    String host,
    Optional<Integer> port) {
  /// The best type of binding first: that of TLS 1.3 (RFC 9266 §1).
  private static final List<String> BINDING_TYPES = List.of("tls-exporter", "tls-server-end-point");

  private static final List<String> HASHES = List.of("SHA-512", "SHA-256", "SHA-1");

  /// The mechanisms that the server offers, that we know for this kind of proof, and that the rules
  /// allow.
  public List<String> of(RemoteLogin login) {
    return known(login.proof()).stream()
        .filter(offered::contains)
        .filter(name -> login.terms().rules().allow(name, security))
        .toList();
  }

  /// Begins a login.
  ///
  /// @param mechanism one of those of {@link #of}
  /// @param secret the password, or the token of now
  public ClientMechanism begin(String mechanism, String user, Secret secret) {
    return switch (mechanism) {
      case PlainClient.NAME -> new PlainClient(user, secret.text());
      case LoginClient.NAME -> new LoginClient(user, secret.text());
      case CramMd5Client.NAME -> new CramMd5Client(user, secret.text());
      case BearerClient.NAME, BearerClient.OLD_NAME ->
          new BearerClient(mechanism, user, secret.text(), host, port);
      default -> {
        String hash =
            mechanism.substring(ScramClient.PREFIX.length()).replace(ScramClient.PLUS, "");
        yield new ScramClient(hash, user, secret.text(), binding(mechanism));
      }
    };
  }

  private List<String> known(LoginProof proof) {
    return switch (proof) {
      case LoginProof.Token _ -> BearerClient.NAMES;
      case LoginProof.Password _ -> {
        var names = new ArrayList<String>();
        if (binding().isPresent()) {
          HASHES.forEach(hash -> names.add(ScramClient.PREFIX + hash + ScramClient.PLUS));
        }
        HASHES.forEach(hash -> names.add(ScramClient.PREFIX + hash));
        List<String> sending = List.of(PlainClient.NAME, LoginClient.NAME);
        // a weak digest is better than nothing, and worse than TLS
        if (security == ChannelSecurity.CLEAR) {
          names.add(CramMd5Client.NAME);
          names.addAll(sending);
        } else {
          names.addAll(sending);
          names.add(CramMd5Client.NAME);
        }
        yield names;
      }
    };
  }

  private ScramClient.Binding binding(String mechanism) {
    if (mechanism.endsWith(ScramClient.PLUS)) {
      return binding().orElseThrow();
    }
    // RFC 5802 §6: who says that binding was not offered has been talking to somebody in between
    // if it was
    boolean isOffered = offered.stream().anyMatch(name -> name.endsWith(ScramClient.PLUS));
    return binding().isPresent() && !isOffered
        ? ScramClient.Binding.NOT_OFFERED
        : ScramClient.Binding.IMPOSSIBLE;
  }

  private Optional<ScramClient.Binding> binding() {
    return BINDING_TYPES.stream()
        .flatMap(
            type -> Optional.ofNullable(bindings.get(type)).map(data -> bound(type, data)).stream())
        .findFirst();
  }

  private static ScramClient.Binding bound(String type, byte[] data) {
    return new ScramClient.Binding("p=" + type, data);
  }
}
