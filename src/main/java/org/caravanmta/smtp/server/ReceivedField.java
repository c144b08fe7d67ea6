package org.caravanmta.smtp.server;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.Headers;

/// The trace field that every server puts before a message (RFC 5321 §4.4).
final class ReceivedField {
  static final String NAME = "Received";
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
    client.tls().ifPresent(tls -> value.append(secured(tls, client.certificate())));
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

  /// `(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))`, and who the client showed
  /// itself to be.
  private static String secured(String tls, Optional<ClientCertificate> certificate) {
    String protocol = tls.substring(0, tls.indexOf(' '));
    String cipher = tls.substring(tls.indexOf(' ') + 1);
    int bits = cipher.contains("AES_128") ? 128 : 256;
    return "(using %s with cipher %s (%d/%d bits))\r\n\t".formatted(protocol, cipher, bits, bits)
        + certificate.map(ReceivedField::shown).orElse("");
  }

  private static String shown(ClientCertificate certificate) {
    return "(Client CN \"%s\", Issuer \"%s\" (%s))\r\n\t"
        .formatted(
            comment(certificate.subject()),
            comment(certificate.issuer()),
            certificate.verified() ? "verified OK" : "not verified");
  }

  /// A name of the peer's inside a comment, which it must not end (RFC 5322 §3.2.2).
  private static String comment(String name) {
    String text = Printable.ascii(name).replaceAll("[()\\\\\"]", "?");
    return text.length() > 100 ? text.substring(0, 100) : text;
  }

  /// A date as header fields have it (RFC 5322 §3.3): `Tue, 25 Aug 2026 10:00:00 +0000 (UTC)`.
  static String date(Instant time) {
    return DATE.format(time);
  }
}
