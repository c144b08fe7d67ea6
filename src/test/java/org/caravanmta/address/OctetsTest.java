package org.caravanmta.address;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// No byte of a message is lost by being text for a while.
class OctetsTest {
  private static final byte[] MIXED = {'a', (byte) 0xc3, (byte) 0xbc, (byte) 0xfc, 'b'};

  @Property
  void theSameBytesComeOutAgain(@ForAll @Size(max = 40) byte[] bytes) {
    assertThat(Octets.bytes(Octets.text(bytes))).isEqualTo(bytes);
    assertThat(Octets.bytes(Octets.apart(Octets.text(bytes)))).isEqualTo(bytes);
  }

  @Property
  void theSameBytesComeOutOfPieces(@ForAll @Size(max = 40) byte[] bytes, @ForAll byte cut) {
    int at = bytes.length == 0 ? 0 : Math.floorMod(cut, bytes.length);
    String pieces = Octets.text(bytes, 0, at) + Octets.text(bytes, at, bytes.length);
    assertThat(Octets.bytes(pieces)).isEqualTo(bytes);
    assertThat(Octets.bytes(Octets.text(bytes, at, bytes.length)))
        .isEqualTo(Arrays.copyOfRange(bytes, at, bytes.length));
  }

  @Property
  void whatIsCharactersIsThem(@ForAll String text) {
    String plain = new String(text.getBytes(UTF_8), UTF_8);
    assertThat(Octets.text(plain.getBytes(UTF_8))).isEqualTo(plain);
    assertThat(Octets.isMixed(plain)).isFalse();
    assertThat(Octets.readable(plain)).isEqualTo(plain);
  }

  @Test
  void aByteThatIsNoCharacterStandsForItself() {
    String text = Octets.text(MIXED);
    assertThat(text).isEqualTo("a\u00fc\udcfcb");
    assertThat(Octets.isMixed(text)).isTrue();
    assertThat(Octets.isMixed("a\u00fcb")).isFalse();
    assertThat(Octets.isMixed("a\ud83d\udcee")).as("a postbox, of two halves").isFalse();
    assertThat(Octets.isMixed("\udc80")).isTrue();
    assertThat(Octets.isMixed("\udcff")).isTrue();
    assertThat(Octets.isMixed("\udc7f\udd00")).isFalse();
    assertThat(Octets.lone(0xfc)).isEqualTo('\udcfc');
    assertThat(Octets.lone((byte) 0xfc)).isEqualTo('\udcfc');
  }

  @Test
  void peopleReadItAsLatin1() {
    assertThat(Octets.readable(Octets.text(MIXED))).isEqualTo("a\u00fc\u00fcb");
    assertThat(Octets.latin1(Octets.text(MIXED))).isEqualTo(new String(MIXED, ISO_8859_1));
    assertThat(Octets.latin1("abc")).isEqualTo("abc");
  }

  @Test
  void whatWasTakenApartIsPutTogether() {
    String apart = Octets.apart("a\u00fcb");
    assertThat(apart).isEqualTo("a\udcc3\udcbcb");
    assertThat(Octets.together(apart)).isEqualTo("a\u00fcb");
    assertThat(Octets.together("a\u00fcb")).isEqualTo("a\u00fcb");
  }
}
