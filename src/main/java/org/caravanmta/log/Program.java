package org.caravanmta.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.caravanmta.message.Transport;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/// Which of Postfix's programs would have written a line (postfix `master(8)`): the one that the
/// line is marked with, else the one whose work its logger's package does.
public final class Program {
  public static final Marker SMTPD = MarkerFactory.getMarker("smtpd");
  public static final Marker SUBMISSION = MarkerFactory.getMarker("submission/smtpd");

  /// With the name that the service had before RFC 8314, and that what reads logs knows.
  public static final Marker SUBMISSIONS = MarkerFactory.getMarker("smtps/smtpd");

  public static final Marker CLEANUP = MarkerFactory.getMarker("cleanup");
  public static final Marker QMGR = MarkerFactory.getMarker("qmgr");
  public static final Marker BOUNCE = MarkerFactory.getMarker("bounce");
  public static final Marker POSTSUPER = MarkerFactory.getMarker("postsuper");

  /// By package, the longest name first where one holds another.
  private static final Map<String, String> PACKAGES =
      Map.ofEntries(
          Map.entry("org.caravanmta.reception", "smtpd"),
          Map.entry("org.caravanmta.restriction", "smtpd"),
          Map.entry("org.caravanmta.smtp.client", "smtp"),
          Map.entry("org.caravanmta.policy", "smtpd"),
          Map.entry("org.caravanmta.sasl", "smtpd"),
          Map.entry("org.caravanmta.tls", "smtpd"),
          Map.entry("org.caravanmta.check", "cleanup"),
          Map.entry("org.caravanmta.rewrite", "cleanup"),
          Map.entry("org.caravanmta.filter", "cleanup"),
          Map.entry("org.caravanmta.alias", "local"),
          Map.entry("org.caravanmta.tls.client", "smtp"),
          Map.entry("org.caravanmta.delivery", "qmgr"),
          Map.entry("org.caravanmta.delivery.tls", "smtp"),
          Map.entry("org.caravanmta.retry", "qmgr"),
          Map.entry("org.caravanmta.routing", "qmgr"),
          Map.entry("org.caravanmta.queue", "qmgr"),
          Map.entry("org.caravanmta.report", "bounce"),
          Map.entry("org.caravanmta.quarantine", "postsuper"),
          Map.entry("org.caravanmta.submission", "pickup"));

  private static final String OTHER = "master";

  private static final Map<String, String> KNOWN = new ConcurrentHashMap<>();

  private Program() {}

  /// The delivery agent of a transport; what is not one of Postfix's is done by `pipe`.
  public static Marker agent(String transport) {
    return MarkerFactory.getMarker(Transport.named(transport).orElse(Transport.PIPE).agent());
  }

  static String of(ILoggingEvent event) {
    List<Marker> markers = event.getMarkerList();
    return markers == null || markers.isEmpty()
        ? KNOWN.computeIfAbsent(event.getLoggerName(), Program::ofLogger)
        : markers.getFirst().getName();
  }

  private static String ofLogger(String name) {
    for (String part = name; part.contains("."); part = part.substring(0, part.lastIndexOf('.'))) {
      String program = PACKAGES.get(part);
      if (program != null) {
        return program;
      }
    }
    return OTHER;
  }
}
