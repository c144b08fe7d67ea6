package org.caravanmta.quarantine;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.config.Require;

/// The section `quarantine`: what content filters have set aside.
///
/// @param keep how long a message stays there; it is deleted then
/// @param digest who is told of what is new there
/// @param digestEvery how often
/// @param digestHour the hour of the day, if it is every day or less often
/// @param digestRejected whether recipients are told of what filters have rejected, too
/// @param links where people reach the pages to which links in digests lead; absent: no links
/// @param address where we listen for them
public record QuarantineSettings(
    Duration keep,
    Told digest,
    Duration digestEvery,
    int digestHour,
    boolean digestRejected,
    Optional<String> links,
    Optional<InetSocketAddress> address) {
  /// Who is told.
  public enum Told {
    OFF,
    /// The postmaster, of all of it.
    POSTMASTER,
    /// Each recipient, of his own mail.
    RECIPIENTS
  }

  public QuarantineSettings {
    Require.positive("keep", keep);
    Require.positive("digest-every", digestEvery);
    if (digestEvery.compareTo(Duration.ofDays(1)) > 0
        && !digestEvery.equals(Duration.ofDays(digestEvery.toDays()))) {
      throw new IllegalArgumentException(
          "digest-every must be a number of days, or less than one, was " + digestEvery);
    }
    if (digestHour < 0 || digestHour > 23) {
      throw new IllegalArgumentException("digest-hour must be from 0 to 23");
    }
    links.ifPresent(QuarantineSettings::requireBase);
  }

  /// Whether what filters reject has to be remembered.
  boolean tellsOfRejected() {
    return digest == Told.RECIPIENTS && digestRejected;
  }

  private static void requireBase(String text) {
    try {
      var base = new URI(text);
      if (("https".equals(base.getScheme()) || "http".equals(base.getScheme()))
          && base.getHost() != null
          && base.getRawUserInfo() == null
          && base.getRawQuery() == null
          && base.getRawFragment() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "links must be a URL such as https://mx.example.org/quarantine");
  }
}
