package org.caravanmta.policy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Content;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Login;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Recipient;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.restriction.greylist.Exemptions;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Tables;

/// Questions as reception would ask them.
public final class Cases {
  private Cases() {}

  public static Client stranger(String address) {
    return client(address, false, Optional.empty());
  }

  public static Client own() {
    return client("127.0.0.1", true, Optional.empty());
  }

  public static Client loggedIn() {
    return client("198.51.100.7", false, Optional.of("ann"));
  }

  public static Case.Rcpt rcpt(Client client, String sender, String recipient) {
    return new Case.Rcpt(
        client, ReversePath.parse(sender), Address.parse(recipient), 0, false, Verdict.UNDECIDED);
  }

  public static Mail mail(Client client, String headers, String... recipients) {
    var arrived = Instant.parse("2026-03-01T12:00:00Z");
    var envelope =
        Envelope.of(
            "4XyZ",
            ReversePath.parse("ann@far.example"),
            Arrays.stream(recipients).map(Address::parse).map(Recipient::of).toList(),
            client,
            MailOptions.NONE,
            arrived);
    return new Mail(
        envelope,
        Headers.parse(headers.getBytes(StandardCharsets.ISO_8859_1)),
        new Content.Inline("Hello\r\n".getBytes(StandardCharsets.US_ASCII)));
  }

  public static AddressSearch search(String bare, String... tables) {
    return new AddressSearch(
        new SearchPath(Arrays.stream(tables).map(Tables::open).toList()),
        new Extensions("+"),
        domain -> domain.name().equals(bare));
  }

  /// Nobody whom a greylist does not ask about.
  public static Exemptions noExemptions() {
    return new Exemptions(access(), access(), access());
  }

  public static AccessTable access(String... tables) {
    return new AccessTable(
        new SearchPath(Arrays.stream(tables).map(Tables::open).toList()), new Extensions("+"));
  }

  private static Client client(String address, boolean own, Optional<String> login) {
    return new Client(
        ClientHost.of(InetAddress.ofLiteral(address), 40000, own),
        new Greeting("mail.far.example", "ESMTP"),
        Optional.empty(),
        login.map(given -> new Login(given, Optional.empty())),
        Entrance.by("smtp"));
  }
}
