package org.caravanmta.monitor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.message.Transport;

/// How often what has happened: sessions, messages taken and refused, attempts at delivery, logins,
/// TLS. Counts from the first registry that {@link #show} names. Nothing of a client's becomes a
/// label, so that there are never more than a few hundred series.
public final class Counters {
  private static final String OTHER = "other";

  /// What endpoints of Camel's deliver, whichever transport the operator's route is.
  private static final String CAMEL = "camel";

  private static final Set<String> MECHANISMS =
      Set.of(
          "PLAIN",
          "LOGIN",
          "CRAM-MD5",
          "DIGEST-MD5",
          "SCRAM-SHA-1",
          "SCRAM-SHA-256",
          "SCRAM-SHA-1-PLUS",
          "SCRAM-SHA-256-PLUS",
          "XOAUTH2",
          "OAUTHBEARER",
          "EXTERNAL",
          "GSSAPI",
          "NTLM");

  /// Ciphers of TLS that are counted by name: more than the platform knows would be somebody's
  /// invention.
  private static final int MOST_CIPHERS = 100;

  private record Series(String name, String first, String second, String third) {}

  private static final Map<Series, Counter> COUNTERS = new ConcurrentHashMap<>();
  private static final Set<String> CIPHERS = ConcurrentHashMap.newKeySet();

  private Counters() {}

  public static void show(MeterRegistry registry) {
    Metrics.addRegistry(registry);
  }

  public static void hide(MeterRegistry registry) {
    Metrics.removeRegistry(registry);
  }

  /// @param listener `smtp`, `submission`, …
  public static void session(String listener) {
    count("caravan_sessions", "sessions begun", "listener", listener);
  }

  /// @param by the listener, or `maildrop`
  public static void received(String by) {
    count("caravan_messages_received", "messages taken over", "by", by);
  }

  /// @param step of the dialogue, `RCPT`
  public static void refused(String step, Refusal why, boolean permanent) {
    count(
        "caravan_refused",
        "commands and messages refused",
        "step",
        step,
        "reason",
        why.label(),
        "class",
        permanent ? "5" : "4");
  }

  public static void login(String mechanism, boolean succeeded) {
    String known = mechanism.toUpperCase(Locale.ROOT);
    count(
        "caravan_logins",
        "logins tried",
        "mechanism",
        MECHANISMS.contains(known) ? known : OTHER,
        "result",
        succeeded ? "ok" : "failed");
  }

  /// @param agreed protocol and cipher, `TLSv1.3 TLS_AES_256_GCM_SHA384`
  public static void secured(String agreed) {
    String[] words = agreed.split(" ", 2);
    String cipher = words.length > 1 ? words[1] : OTHER;
    boolean known =
        CIPHERS.contains(cipher) || CIPHERS.size() < MOST_CIPHERS && CIPHERS.add(cipher);
    count(
        "caravan_tls_sessions",
        "connections that clients have encrypted",
        "version",
        words[0],
        "cipher",
        known ? cipher : OTHER);
  }

  public static void tlsFailed() {
    count("caravan_tls_failures", "TLS handshakes of clients that failed", "side", "server");
  }

  /// @param status `sent`, `deferred`, `bounced`, `expired`
  public static void attempt(String transport, String status) {
    count(
        "caravan_deliveries",
        "recipients of delivery attempts, by outcome",
        "transport",
        isCounted(transport) ? transport : OTHER,
        "status",
        status);
  }

  /// @param by `watchdog` or `operator`
  public static void cut(String transport, String by) {
    count(
        "caravan_deliveries_cut",
        "attempts at delivery that were ended from outside",
        "transport",
        isCounted(transport) ? transport : OTHER,
        "by",
        by);
  }

  private static boolean isCounted(String transport) {
    return transport.equals(CAMEL)
        || Transport.named(transport).filter(Transport::hasItsOwnAgent).isPresent();
  }

  /// @param what a destination is held to: `suspend`, `rate=30/m`
  public static void braked(String what) {
    count(
        "caravan_brakes",
        "times that a destination was held to less for what a server has replied",
        "action",
        what.split("=", 2)[0]);
  }

  /// @param filter as the step of a route names it, of which the kind counts
  /// @param answer other than that it has nothing against it: `reject`, `no-answer`
  public static void filtered(String filter, String answer) {
    count(
        "caravan_filter_judgements",
        "what content filters have decided",
        "filter",
        kind(filter),
        "answer",
        answer);
  }

  /// @param filter as the step of a route names it, of which the kind counts
  /// @param change `given-up` or `restored`
  public static void filterServer(String filter, String change) {
    count(
        "caravan_filter_servers",
        "times that a server of a content filter was given up, and answered again",
        "filter",
        kind(filter),
        "change",
        change);
  }

  private static String kind(String filter) {
    int end = filter.indexOf(' ');
    return end < 0 ? filter : filter.substring(0, end);
  }

  /// @param kind `failed`, `delayed`, `delivered`, …
  public static void report(String kind) {
    count("caravan_reports", "reports to senders", "kind", kind);
  }

  private static void count(String name, String says, String... labels) {
    var series =
        new Series(
            name,
            labels[1],
            labels.length > 3 ? labels[3] : "",
            labels.length > 5 ? labels[5] : "");
    COUNTERS
        .computeIfAbsent(
            series,
            _ ->
                Counter.builder(name)
                    .description(says)
                    .tags(labels)
                    .register(Metrics.globalRegistry))
        .increment();
  }
}
