package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.caravanmta.dns.RootKeys.Key;
import org.caravanmta.dns.RootKeys.Phase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRset;

/// A root that changes its keys, day by day (RFC 5011).
class RootKeysTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final Signer first = new Signer();
  private final Signer second = new Signer();

  private RootKeys keys = new RootKeys(List.of(first.digest()), List.of());

  @Test
  void weBeginWithWhatIsPublished() throws Exception {
    assertThat(keys.anchors()).containsExactly(first.digest());
    day(0, shown(first).by(first));
    assertThat(phases()).containsExactly(Phase.VALID);
    assertThat(keys.anchors()).containsExactly(first.key(257));
  }

  @Test
  void aNewKeyIsTrustedAfterThirtyDaysAndTheOldOneIsNotOnceItRevokesItself() throws Exception {
    day(0, shown(first).by(first));
    day(1, shown(first, second).by(first));
    assertThat(phases()).containsExactly(Phase.VALID, Phase.PENDING);
    assertThat(keys.anchors()).containsExactly(first.key(257));
    day(30, shown(first, second).by(first));
    assertThat(phases()).containsExactly(Phase.VALID, Phase.PENDING);
    day(31, shown(first, second).by(first));
    assertThat(phases()).containsExactly(Phase.VALID, Phase.VALID);

    first.flags = 257 | 0x80;
    day(40, shown(first, second).by(first, second));
    assertThat(phases()).containsExactly(Phase.REVOKED, Phase.VALID);
    assertThat(keys.anchors()).containsExactly(second.key(257));

    // what is revoked never comes back
    first.flags = 257;
    assertThat(keys.after(shown(first).by(first).set(), at(41))).isEmpty();
    day(90, shown(first, second).by(second));
    assertThat(phases()).containsExactly(Phase.REVOKED, Phase.VALID);
  }

  @Test
  void aKeyThatNobodyWeTrustHasSignedIsNotSeen() throws Exception {
    day(0, shown(first).by(first));
    assertThat(keys.after(shown(first, second).by(second).set(), at(1))).isEmpty();
    // nor may somebody else revoke a key
    first.flags = 257 | 0x80;
    assertThat(keys.after(shown(first, second).by(second).set(), at(2))).isEmpty();
  }

  @Test
  void aKeyThatGoesBeforeItsTimeBeginsAnew() throws Exception {
    day(0, shown(first).by(first));
    day(1, shown(first, second).by(first));
    day(20, shown(first).by(first));
    assertThat(phases()).containsExactly(Phase.VALID);
    day(21, shown(first, second).by(first));
    day(40, shown(first, second).by(first));
    assertThat(phases()).containsExactly(Phase.VALID, Phase.PENDING);
  }

  @Test
  void aTrustedKeyThatIsNotShownStaysTrusted() throws Exception {
    day(0, shown(first).by(first));
    day(1, shown(first, second).by(first));
    day(31, shown(first, second).by(first));
    day(32, shown(second).by(second));
    assertThat(phases()).containsExactly(Phase.MISSING, Phase.VALID);
    assertThat(keys.anchors()).containsExactly(first.key(257), second.key(257));
    day(33, shown(first, second).by(second));
    assertThat(phases()).containsExactly(Phase.VALID, Phase.VALID);
  }

  @Test
  void keysForZoneDataAloneAreNotAnchors() throws Exception {
    second.flags = 256;
    day(0, shown(first, second).by(first));
    assertThat(phases()).containsExactly(Phase.VALID);
  }

  @Test
  void theyAreKeptInAFile(@TempDir Path directory) throws Exception {
    var file = new RootKeyFile(directory.resolve("root-keys"));
    assertThat(file.read()).isEmpty();
    day(0, shown(first).by(first));
    day(1, shown(first, second).by(first));
    file.write(keys.keys());
    assertThat(file.read()).isEqualTo(keys.keys());
    file.write(keys.keys().subList(0, 1));
    assertThat(file.read()).isEqualTo(keys.keys().subList(0, 1));
    Files.writeString(file.file(), "valid yesterday 257 3 13 xx\n");
    assertThatThrownBy(file::read).hasMessageContaining("not a key: valid yesterday");
  }

  @Test
  void thePublishedKeysAreThoseOfIana() {
    var anchors =
        TrustAnchors.of(DnssecSettings.USUAL, Path.of("/nowhere")).text().lines().toList();
    assertThat(anchors).hasSize(2);
    assertThat(anchors.get(0))
        .contains("20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D");
    assertThat(anchors.get(1))
        .contains("38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16");
  }

  private void day(int day, Shown shown) throws Exception {
    keys = keys.after(shown.set(), at(day)).orElseThrow();
  }

  private List<Phase> phases() {
    return keys.keys().stream().map(Key::phase).toList();
  }

  private static Instant at(int day) {
    return START.plus(Duration.ofDays(day));
  }

  private static Shown shown(Signer... signers) throws Exception {
    var set = new RRset();
    for (Signer signer : signers) {
      set.addRR(signer.key(signer.flags));
    }
    return new Shown(set);
  }

  private record Shown(RRset set) {
    Shown by(Signer... signers) throws Exception {
      for (Signer signer : signers) {
        set.addRR(
            DNSSEC.sign(
                set,
                signer.key(signer.flags),
                signer.pair.getPrivate(),
                START.minusSeconds(60),
                START.plus(Duration.ofDays(365))));
      }
      return this;
    }
  }

  /// A key of the root.
  private static final class Signer {
    private final KeyPair pair;
    private int flags = 257;

    Signer() {
      try {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        pair = generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    DNSKEYRecord key(int flags) throws Exception {
      return new DNSKEYRecord(
          Name.root,
          DClass.IN,
          3600,
          flags,
          DNSKEYRecord.Protocol.DNSSEC,
          DNSSEC.Algorithm.ECDSAP256SHA256,
          pair.getPublic());
    }

    DSRecord digest() {
      try {
        return new DSRecord(Name.root, DClass.IN, 0, DNSSEC.Digest.SHA256, key(257));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
