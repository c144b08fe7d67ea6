package org.caravanmta.restriction;

import java.net.NetworkInterface;
import java.net.SocketException;
import org.caravanmta.address.Literals;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.message.Reverse;
import org.caravanmta.policy.RefusalCodes;

/// What is asked of a client itself: its name (RFC 1035 §3.5) and its connection.
final class ClientRestrictions {
  private ClientRestrictions() {}

  /// Its name points to its address. A name that was not asked for is held against nobody.
  static Finding hostname(RestrictedCase asked, RefusalCodes codes) {
    Reverse reverse = asked.client().reverse();
    return switch (reverse.state()) {
      case UNASKED, VERIFIED -> Finding.DUNNO;
      case ABSENT, FORGED, UNAVAILABLE -> nameless(asked.client(), codes, "4.7.25", "hostname");
    };
  }

  /// Its address points to a name.
  static Finding reverseHostname(RestrictedCase asked, RefusalCodes codes) {
    Reverse reverse = asked.client().reverse();
    boolean unknown = reverse.name().equals(Client.UNKNOWN);
    return unknown && reverse.state() != Reverse.State.UNASKED
        ? nameless(asked.client(), codes, "4.7.1", "reverse hostname")
        : Finding.DUNNO;
  }

  /// The client is this machine, whichever of its addresses it uses.
  static Finding ownInterface(RestrictedCase asked) {
    try {
      return NetworkInterface.getByInetAddress(asked.client().address()) == null
          ? Finding.DUNNO
          : Finding.OK;
    } catch (SocketException e) {
      Events.tell(
          new RestrictionEvent.Undecided("the addresses of this machine cannot be read: " + e));
      return Finding.DUNNO;
    }
  }

  static Finding encrypted(RestrictedCase asked, RefusalCodes codes) {
    return asked.client().tls().isPresent()
        ? Finding.DUNNO
        : new Finding.Refused(
            RefusalCodes.reply(codes.plaintext(), "4.7.1", "Session encryption is required"));
  }

  /// A DNS that does not answer is no fault of the client's.
  private static Finding nameless(Client client, RefusalCodes codes, String status, String what) {
    boolean unavailable = client.reverse().state() == Reverse.State.UNAVAILABLE;
    return new Finding.Refused(
        RefusalCodes.reply(
            unavailable ? 450 : codes.unknownClient(),
            status,
            "Client host rejected: cannot find your %s, [%s]"
                .formatted(what, Literals.text(client.address()))));
  }
}
