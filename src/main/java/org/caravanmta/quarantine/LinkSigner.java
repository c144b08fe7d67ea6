package org.caravanmta.quarantine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.caravanmta.state.DigestMemory;
import org.caravanmta.state.StateUnavailable;
import org.jspecify.annotations.Nullable;

/// Writes what a link is about, with an HMAC-SHA256 (RFC 2104) over all of it, and reads only what
/// was written so: the letters of base64url (RFC 4648 §5), so that no mail program breaks it.
final class LinkSigner {
  private static final String HMAC = "HmacSHA256";
  private static final String SEPARATOR = "\n";
  private static final int FIELDS = 5;

  private final DigestMemory memory;
  private volatile @Nullable SecretKeySpec key;

  LinkSigner(DigestMemory memory) {
    this.memory = memory;
  }

  /// The last part of a link's path.
  String write(DigestLink link) throws StateUnavailable {
    return signed(
        String.join(
            SEPARATOR,
            link.deed().name(),
            Long.toString(link.expires().getEpochSecond()),
            link.id(),
            link.recipient(),
            link.sender()));
  }

  /// @return absent if we have not written it
  Optional<DigestLink> read(String written) throws StateUnavailable {
    String text;
    try {
      text =
          new String(
              Base64.getUrlDecoder().decode(written.split("\\.", 2)[0]), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    // the whole of it is compared: what is written in another way is not ours
    boolean ours =
        MessageDigest.isEqual(
            signed(text).getBytes(StandardCharsets.UTF_8),
            written.getBytes(StandardCharsets.UTF_8));
    return ours ? parsed(text.split(SEPARATOR, -1)) : Optional.empty();
  }

  /// Another version may have signed what this one does not know.
  private static Optional<DigestLink> parsed(String[] fields) {
    try {
      return fields.length == FIELDS
          ? Optional.of(
              new DigestLink(
                  DigestLink.Deed.valueOf(fields[0]),
                  Instant.ofEpochSecond(Long.parseLong(fields[1])),
                  fields[2],
                  fields[3],
                  fields[4]))
          : Optional.empty();
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private String signed(String text) throws StateUnavailable {
    Base64.Encoder letters = Base64.getUrlEncoder().withoutPadding();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return letters.encodeToString(bytes) + "." + letters.encodeToString(hmac(bytes));
  }

  private byte[] hmac(byte[] bytes) throws StateUnavailable {
    SecretKeySpec known = key;
    if (known == null) {
      known = new SecretKeySpec(memory.secret(), HMAC);
      key = known;
    }
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(known);
      return mac.doFinal(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + HMAC, e);
    }
  }
}
