package org.caravanmta.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A program that can be measured, and how it is set up to do the same work as the others: the same
/// recipient table, no TLS, a client that is a stranger, a next hop that is named, and a sync
/// before each 250; and in words what it does not do so.
sealed interface Server permits Caravan, Exim, Haraka, OpenSmtpd, Postfix {
  /// Where `src/bench/peers` puts what cannot be installed beside Postfix.
  Path UNPACKED = Path.of("target/peers");

  /// What is appended to the name of one that asks a milter.
  String MILTER = "+milter";

  Server CARAVAN = Caravan.built();

  List<Server> ALL =
      List.of(new Postfix(false), new Exim(), new OpenSmtpd(), new Haraka(), CARAVAN);

  static Server named(String name) {
    return ALL.stream()
        .filter(server -> server.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no server %s, but %s"
                        .formatted(
                            name, String.join(", ", ALL.stream().map(Server::name).toList()))));
  }

  String name();

  /// The same, asking a milter about all mail; absent where it cannot.
  default Optional<Server> filtered() {
    return Optional.empty();
  }

  boolean installed();

  Peer start(Setup setup) throws IOException;

  /// Its settings, in a sentence.
  String settings();

  /// What it does more or less than the others, in a sentence.
  ///
  /// @param equal whether Postfix asks what Caravan asks
  String differs(boolean equal);
}
