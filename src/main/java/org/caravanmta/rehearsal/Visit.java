package org.caravanmta.rehearsal;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Login;
import org.caravanmta.settings.OwnAddresses;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;

/// A client as an operator describes it, for `caravan explain`.
///
/// @param address it comes from
/// @param helo what it calls itself
/// @param login the user it has logged in as, if it has
/// @param asked whether the operator wants to see what it is told, refused or not
public record Visit(String address, String helo, Optional<String> login, boolean asked) {
  /// A program of this machine's.
  public static final Visit FROM_HERE =
      new Visit("127.0.0.1", "localhost", Optional.empty(), false);

  Client client(Settings settings) throws Problem {
    InetAddress from;
    try {
      from = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      throw new Problem(address + " is not an IP address");
    }
    boolean own = OwnAddresses.networks(settings, InstantSource.system()).contains(from);
    var client =
        new Client(
            ClientHost.of(from, 0, own),
            new Greeting(helo, login.isPresent() ? "ESMTPA" : "ESMTP"),
            Entrance.by("smtp"));
    return login.map(user -> client.with(new Login(user, Optional.empty()))).orElse(client);
  }
}
