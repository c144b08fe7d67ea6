package org.caravanmta.smtp.server;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.message.Headers;

/// The trace field that every server puts before a message (RFC 5321 §4.4).
public final class ReceivedField {
  public static final String NAME = "Received";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z (zzz)", Locale.US)
          .withZone(ZoneId.of("UTC"));

  private ReceivedField() {}

  /// @param recipients named in the field only when there is but one, since others are nobody's
  ///   business
  static Headers.Field of(
      Client client, String hostname, String id, List<Address> recipients, Instant arrived) {
    String helo = client.helo().isEmpty() ? client.name() : client.helo();
    String address = NetUtil.toAddressString(client.address());
    String literal = client.address() instanceof Inet6Address ? "IPv6:" + address : address;
    var value = new StringBuilder(256);
    value.append("from ").append(Printable.ascii(helo));
    value.append(" (").append(client.name()).append(" [").append(literal).append("])\r\n\t");
    value.append("by ").append(hostname).append(" (Caravan) with ").append(client.protocol());
    value.append(" id ").append(id);
    if (recipients.size() == 1) {
      value.append("\r\n\tfor <").append(recipients.getFirst()).append(">; ");
    } else {
      value.append(";\r\n\t");
    }
    DATE.formatTo(arrived, value);
    return Headers.Field.of(NAME, value.toString());
  }

  /// The field of a message that a program of this machine has posted.
  ///
  /// @param uid the number of the user it ran as
  public static Headers.Field posted(int uid, String hostname, String id, Instant arrived) {
    return Headers.Field.of(
        NAME,
        "by "
            + hostname
            + " (Caravan, from userid "
            + Integer.toUnsignedString(uid)
            + ")\r\n\tid "
            + id
            + "; "
            + date(arrived));
  }

  /// A date as header fields have it (RFC 5322 §3.3): `Tue, 25 Aug 2026 10:00:00 +0000 (UTC)`.
  static String date(Instant time) {
    return DATE.format(time);
  }
}
