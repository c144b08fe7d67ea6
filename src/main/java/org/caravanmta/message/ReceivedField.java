package org.caravanmta.message;

import java.net.Inet6Address;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;

/// Makes the `Received:` field that every server adds to the top of a message (RFC 5321 §4.4).
public final class ReceivedField {
  public static final String NAME = "Received";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z (zzz)", Locale.US)
          .withZone(ZoneId.of("UTC"));

  /// The comment of mail that was given to us with REQUIRETLS.
  private static final String REQUIRETLS = "(REQUIRETLS)";

  /// The id in a field that a server like this one has written.
  private static final Pattern OURS = Pattern.compile("\\(Caravan[),][^;]*?\\bid ([0-9A-Za-z]+)");

  private ReceivedField() {}

  /// Whether a message that comes back from a content filter, which may know nothing of REQUIRETLS
  /// (RFC 8689 §2), had been given to us with it: by the uppermost of the fields that this server
  /// has made for a client. Somebody else who writes such a field asks for it for mail of his own.
  ///
  /// @param hostname the name of this server
  public static boolean requiresTls(Headers headers, String hostname) {
    String ours = "by " + hostname + " (Caravan) with ";
    return headers.all(NAME).stream()
        .map(field -> field.value().replaceAll("\\s+", " "))
        .filter(value -> value.contains(ours))
        .findFirst()
        .filter(value -> value.contains(REQUIRETLS + " " + ours))
        .isPresent();
  }

  /// Whether the uppermost field of a message is the one that this server has written when it came.
  public static boolean isOf(Mail mail) {
    List<Headers.Field> fields = mail.headers().fields();
    return !fields.isEmpty()
        && fields.getFirst().is(NAME)
        && OURS.matcher(fields.getFirst().text())
            .results()
            .anyMatch(r -> r.group(1).equals(mail.id()));
  }

  /// The field of a message that a client has sent. It names the recipient only if there is just
  /// one, so that recipients do not learn of each other, and only if it is ASCII, so that the field
  /// does not need SMTPUTF8.
  ///
  /// @param hostname the name of this server
  public static Headers.Field of(Envelope envelope, String hostname) {
    Client client = envelope.client();
    String helo = client.helo().isEmpty() ? client.name() : client.helo();
    String address = Literals.text(client.address());
    String literal = client.address() instanceof Inet6Address ? "IPv6:" + address : address;
    var value = new StringBuilder(256);
    value.append("from ").append(Printable.ascii(helo));
    value.append(" (").append(client.name()).append(" [").append(literal).append("])\r\n\t");
    client.tls().ifPresent(tls -> value.append(secured(tls, client.certificate())));
    if (envelope.parameters().requireTls()) {
      value.append(REQUIRETLS).append("\r\n\t");
    }
    value.append("by ").append(hostname).append(" (Caravan) with ").append(protocol(envelope));
    value.append(" id ").append(envelope.id());
    Set<Address> addresses =
        envelope.recipients().stream().map(Recipient::address).collect(Collectors.toSet());
    if (addresses.size() == 1 && addresses.iterator().next().isAscii()) {
      value.append("\r\n\tfor <").append(addresses.iterator().next()).append(">; ");
    } else {
      value.append(";\r\n\t");
    }
    DATE.formatTo(envelope.arrived(), value);
    return Headers.Field.of(NAME, value.toString());
  }

  /// `(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits))`, and the client's
  /// certificate, as Postfix writes them (postfix `smtpd_tls_received_header`).
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

  /// A name that the peer has chosen, made safe so that it cannot end the comment around it (RFC
  /// 5322 §3.2.2).
  private static String comment(String name) {
    String text = Printable.ascii(name).replaceAll("[()\\\\\"]", "?");
    return text.length() > 100 ? text.substring(0, 100) : text;
  }

  /// `ESMTPSA`, or `UTF8SMTPSA` for a message declared with SMTPUTF8 (RFC 6531 §4.3).
  private static String protocol(Envelope envelope) {
    String protocol = envelope.client().protocol();
    return envelope.parameters().smtputf8() ? "UTF8" + protocol.replaceFirst("^E", "") : protocol;
  }

  /// The field of a message that a program on this machine has posted.
  ///
  /// @param uid that of the user who ran the program
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

  /// A date in the form of header fields (RFC 5322 §3.3): `Tue, 25 Aug 2026 10:00:00 +0000 (UTC)`.
  static String date(Instant time) {
    return DATE.format(time);
  }
}
