package org.caravanmta.queue.spi;

import static org.caravanmta.queue.spi.QueuedMail.SERVER;
import static org.caravanmta.queue.spi.QueuedMail.envelope;
import static org.caravanmta.queue.spi.QueuedMail.here;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.ClientTls;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Login;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.Reverse;

/// The envelopes of the mail that is in `clients.txt`, one for each kind of client.
final class QueuedClients {
  private static final Reverse UNASKED = new Reverse("unknown", Reverse.State.UNASKED);
  private static final Reverse ABSENT = new Reverse("unknown", Reverse.State.ABSENT);

  private QueuedClients() {}

  static Map<String, Envelope> all() {
    var all = new LinkedHashMap<String, Envelope>();
    all.put(
        "nothing known",
        envelope(
            new Client(
                new ClientHost(
                    InetAddress.ofLiteral("192.0.2.7"), 40000, "unknown", UNASKED, false),
                new Greeting("", "SMTP"),
                at("smtp"))));
    all.put(
        "greeted",
        envelope(
            new Client(
                host("client.example", new Reverse("client.example", Reverse.State.VERIFIED)),
                new Greeting("[IPv6:2001:db8::7]", "ESMTP"),
                at("smtp"))));
    all.put(
        "own network",
        envelope(
            new Client(
                new ClientHost(
                    InetAddress.ofLiteral("2001:db8::7"), 40000, "unknown", ABSENT, true),
                new Greeting("pc", "ESMTP"),
                at("submission"))));
    all.put(
        "forged name",
        envelope(
            new Client(
                host("unknown", new Reverse("bank.example", Reverse.State.FORGED)),
                new Greeting("pc", "SMTP"),
                at("smtp"))));
    all.put(
        "name server away",
        envelope(
            new Client(
                host("unknown", new Reverse("unknown", Reverse.State.UNAVAILABLE)),
                new Greeting("pc", "SMTP"),
                at("smtp"))));
    all.putAll(secured());
    all.putAll(posted());
    return all;
  }

  private static Map<String, Envelope> secured() {
    var all = new LinkedHashMap<String, Envelope>();
    var verified = new ClientCertificate("D7:04:2F", "2F:00", "client.example", "Our CA", true);
    var claimed = new ClientCertificate("D7:05", "2F:01", "", "", false);
    Client sender = new Client(host("unknown", UNASKED), new Greeting("pc", "ESMTPS"), at("smtp"));
    all.put(
        "tls",
        envelope(sender.with(new ClientTls("TLSv1.3 TLS_AES_256_GCM_SHA384", Optional.empty()))));
    all.put(
        "certificate", envelope(sender.with(new ClientTls("TLSv1.2 X", Optional.of(verified)))));
    all.put(
        "login",
        envelope(
            new Client(host("unknown", UNASKED), new Greeting("pc", "ESMTPA"), at("submission"))
                .with(new Login("ann", Optional.of("CRAM-MD5")))));
    all.put(
        "login, tls and unverified certificate",
        envelope(
            new Client(host("unknown", UNASKED), new Greeting("pc", "ESMTPSA"), at("submissions"))
                .with(new Login("änn@example.org", Optional.of("PLAIN")))
                .with(new ClientTls("TLSv1.3 X", Optional.of(claimed)))));
    all.put(
        "as another server says",
        envelope(
            new Client(
                    new ClientHost(
                        InetAddress.ofLiteral("2001:db8::7"), 40000, "unknown", ABSENT, true),
                    new Greeting("", "ESMTP"),
                    new Entrance(
                        "reinjection",
                        Optional.of(
                            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::25"), 0))))
                .with(new Login("ann", Optional.empty()))
                .with(new ClientTls("TLSv1.3 X", Optional.empty()))));
    return all;
  }

  /// By no connection; what it is sent for had stood in the place of the way it came.
  private static Map<String, Envelope> posted() {
    var all = new LinkedHashMap<String, Envelope>();
    all.put("maildrop", envelope(here("maildrop")));
    all.put("watched", envelope(here("maildrop")).with(Purpose.WATCHED));
    all.put("verification", envelope(here("maildrop")).with(Purpose.VERIFICATION));
    all.put("relayed", envelope(here("relayed")));
    all.put("report", envelope(here("report")));
    return all;
  }

  private static ClientHost host(String name, Reverse reverse) {
    return new ClientHost(InetAddress.ofLiteral("2001:db8::7"), 40000, name, reverse, false);
  }

  private static Entrance at(String listener) {
    return new Entrance(listener, Optional.of(SERVER));
  }
}
