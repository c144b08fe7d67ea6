package org.caravanmta.dns;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.caravanmta.config.WrongSetting;

/// Where our own validation begins (RFC 4033 §2): DS and DNSKEY records in the form of a master
/// file.
final class TrustAnchors {
  private TrustAnchors() {}

  /// The anchors that the operator has named, or those of the root.
  static String of(DnssecSettings own) {
    return own.trustAnchors().map(TrustAnchors::read).orElseGet(TrustAnchors::root);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new WrongSetting("dns.trust-anchors", "cannot be read", e);
    }
  }

  private static String root() {
    try (InputStream in =
        Objects.requireNonNull(TrustAnchors.class.getResourceAsStream("root-anchors.zone"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
