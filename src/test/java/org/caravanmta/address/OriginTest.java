package org.caravanmta.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {
  private final Origin origin = new Origin(new Domain("ex.com"));
  private final Resolution resolution =
      new Resolution(Set.of(new Domain("ex.com"), new Domain("mx.ex.com")));

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "user, user@ex.com",
        "user@host, user@host",
        "user@host., user@host",
        "`@a,@b:user@c.org`, user@c.org",
        "site!user, user@site",
        "a!b!c, b!c@a",
        "site!user@dom.org, site!user@dom.org",
        "a%b%c.org, a%b@c.org",
        "user%dom@relay.org, user%dom@relay.org",
        "`\"first last\"`, `\"first last\"@ex.com`",
        "`\"a%b\"`, a%b@ex.com",
        "`\"a@b\"`, `\"a@b\"@ex.com`",
        "`\"a@b\"@c.org`, `\"a@b\"@c.org`",
      })
  void everyAddressHasADomain(String written, String standard) {
    assertThat(origin.complete(written)).hasToString(standard);
  }

  /// Without quotes, as envelopes have them.
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "user, user@ex.com",
        "site!user, user@site",
        "a!b%c.org, b%c.org@a",
        "user%c.org., user@c.org",
        "a b%c.org, `\"a b%c.org\"@ex.com`",
        "a@b, `\"a@b\"@ex.com`",
      })
  void aNameInAnEnvelopeIsTurnedBeforeItIsCompleted(String name, String standard) {
    assertThat(origin.named(name)).hasToString(standard);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "user@",
        "user@dom..",
        "!user",
        "site!",
        "first last",
        "@a.org",
        "%a.org"
      })
  void whatIsNoAddressStaysNone(String written) {
    assertThatThrownBy(() -> origin.complete(written)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "u@ex.com, u@ex.com",
        "u@ex.com., u@ex.com",
        "u@EX.com, u@EX.com",
        "x%far.org@ex.com, x@far.org",
        "far.org!x@ex.com, x@far.org",
        "`\"x@far.org\"@ex.com`, x@far.org",
        "`\"@a.org:x@far.org\"@ex.com`, x@far.org",
        "x%far.org%mx.ex.com@ex.com, x@far.org",
        "x%far.org@other.org, x%far.org@other.org",
        "u%ex.com@mx.ex.com, u@ex.com",
      })
  void mailGoesWhereTheLocalPartSays(String recipient, String destination) {
    assertThat(resolution.resolve(Address.parse(recipient)))
        .hasValueSatisfying(address -> assertThat(address).hasToString(destination));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"@\"@ex.com", "x%@ex.com", "!x@ex.com", "\"a@b c\"@ex.com"})
  void aRouteToNowhereIsNoDestination(String recipient) {
    assertThat(resolution.resolve(Address.parse(recipient))).isEmpty();
  }

  @Property
  void standardFormIsItsOwnStandardForm(
      @ForAll
          @StringLength(min = 1, max = 24)
          @CharRange(from = 'a', to = 'd')
          @Chars({'@', '!', '%', '.', '"', ':', '+', '-'})
          String written) {
    Address once;
    try {
      once = origin.complete(written);
    } catch (IllegalArgumentException e) {
      return; // refused: nothing to complete
    }
    assertThat(origin.complete(once.toString())).isEqualTo(once);
    assertThat(origin.complete(once)).isEqualTo(once);
  }

  @Property
  void nothingResolvesToAnOwnDomainWithARouteInFrontOfIt(
      @ForAll
          @StringLength(min = 1, max = 24)
          @CharRange(from = 'a', to = 'c')
          @Chars({'@', '!', '%', '.', ':'})
          String local) {
    var own = new Resolution(Set.of(new Domain("a"), new Domain("b.c")));

    assertThat(own.resolve(new Address(local, new Domain("a"))).stream())
        .allSatisfy(
            address ->
                assertThat(own.own().contains(address.domain()) && Resolution.routed(address))
                    .isFalse());
  }

  @Test
  void theOldWaysAreSettings() {
    var whole = new Origin(new Domain("ex.com"), Optional.of(new Domain("ex.com")), false, false);
    assertThat(whole.complete("u@host")).hasToString("u@host.ex.com");
    assertThat(whole.complete("u@host.")).hasToString("u@host");
    assertThat(whole.complete("u@[192.0.2.1]")).hasToString("u@[192.0.2.1]");
    assertThat(whole.complete("c.org!u")).hasToString("c.org!u@ex.com");
    assertThat(whole.complete("u%c.org")).hasToString("u%c.org@ex.com");
  }

  /// Postfix 3.7: 501, allow_min_user.
  @Test
  void anAddressThatProgramsTakeForAnOptionIsNone() {
    var usual = new Resolution(Set.of(new Domain("ex.com")));
    for (String text :
        List.of("-x@ex.com", "-x@far.org", "\"-x y\"@far.org", "-x%far.org@ex.com")) {
      assertThat(usual.resolve(Address.parse(text))).isEmpty();
    }
    assertThat(usual.resolve(Address.parse("x-@ex.com"))).isPresent();
    var lenient =
        new Resolution(
            DomainList.of(Set.of()), Set.of(), Optional.empty(), true, true, true, true, "nobody");
    assertThat(lenient.resolve(Address.parse("-x@far.org"))).isPresent();
  }

  @Test
  void aLocalPartRoutesOnlyByWaysThatAreKnown() {
    var ours = DomainList.of(Set.of(new Domain("ex.com")));
    var here = Set.of(InetAddress.ofLiteral("192.0.2.1"));
    var home = Optional.of(new Domain("ex.com"));
    var strict = new Resolution(ours, here, home, false, false, true, true, "nobody");
    assertThat(strict.resolve(Address.parse("c.org!u@ex.com")).orElseThrow())
        .hasToString("c.org!u@ex.com");
    assertThat(strict.resolve(Address.parse("\"u@c.org\"@ex.com")).orElseThrow())
        .hasToString("u@c.org");
    assertThat(strict.resolve(Address.parse("u@[192.0.2.1]")).orElseThrow())
        .hasToString("u@ex.com");
    assertThat(strict.resolve(Address.parse("u@[192.0.2.2]")).orElseThrow())
        .hasToString("u@[192.0.2.2]");
    var literal = new Resolution(ours, here, home, true, true, false, false, "nobody@far.example");
    // what needs quotes is a name then
    assertThat(literal.resolve(Address.parse("\"u@c.org\"@ex.com")).orElseThrow())
        .hasToString("\"u@c.org\"@ex.com");
    assertThat(literal.resolve(Address.parse("u%c.org@ex.com")).orElseThrow())
        .hasToString("u@c.org");
    assertThat(literal.resolve(Address.parse("\"a b%c.org\"@ex.com")).orElseThrow())
        .hasToString("\"a b%c.org\"@ex.com");
    assertThat(literal.routes("a b%c.org")).isFalse();
    assertThat(strict.resolve(Address.parse("\"\"@ex.com")).orElseThrow())
        .hasToString("nobody@ex.com");
    assertThat(literal.resolve(Address.parse("\"\"@[192.0.2.1]")).orElseThrow())
        .hasToString("nobody@far.example");
    assertThat(literal.resolve(Address.parse("\"\"@far.example")).orElseThrow())
        .hasToString("\"\"@far.example");
  }
}
