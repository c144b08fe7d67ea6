package org.caravanmta.filter.icap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// ICAP services that close the connection before all has been said on it.
class IcapConnectionTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20));

  private static final String OPTIONS = "ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\n";
  private static final String CLEAN = "ICAP/1.0 204 No Content\r\n\r\n";
  private static final int LARGE = 20 << 20;
  private static final int EARLY = 1 << 20;

  @TempDir Path store;

  private Examined letter(int length) {
    return ExaminedLetters.of("Subject: x\r\n", "x".repeat(length) + "\r\n", store);
  }

  private static FilterAnswer ask(ScriptedIcap service, Examined message) {
    try (var filter = new IcapFilter(service.uri(), PATIENCE, Instant::now)) {
      return filter.examine(message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Preview: 65536\r\n"})
  void aRefusalCountsBeforeTheEnd(String preview) throws Exception {
    // of a preview it wants less
    int early = preview.isEmpty() ? EARLY : 10;
    String page =
        "Encapsulated: res-hdr=0, res-body=30\r\n\r\n"
            + "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n5\r\nBlock\r\n0\r\n\r\n";
    for (String found : new String[] {"X-Infection-Found: Type=0; Threat=T;\r\n", ""}) {
      try (var service =
          new ScriptedIcap(OPTIONS + preview + "\r\n", false, "ICAP/1.0 200 OK\r\n" + found + page)
              .early(early)) {
        FilterAnswer answer = ask(service, letter(LARGE));
        assertThat(answer.judgement()).isInstanceOf(Judgement.Refuse.class);
        assertThat(answer.note()).isEqualTo(found.isEmpty() ? "blocked=403" : "found=T");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ICAP/1.0 20", "nonsense\r\n\r\n", CLEAN})
  void whoHasNotSeenAllOfItCannotSayThatItIsClean(String said) throws Exception {
    try (var service = new ScriptedIcap(OPTIONS + "\r\n", false, said).early(EARLY)) {
      assertThat(ask(service, letter(LARGE)).judgement())
          .isInstanceOfSatisfying(
              Judgement.NoAnswer.class,
              none -> assertThat(none.cause()).isEqualTo(Judgement.NoAnswer.Cause.SERVER));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Connection: close\r\n", "Connection: x, Close\r\nOptions-TTL: 0\r\n", ""})
  void asksAnewWhereItClosesAfterOptions(String fields) throws Exception {
    try (var service = new ScriptedIcap(OPTIONS + fields + "\r\n", true, CLEAN).closing();
        var filter = new IcapFilter(service.uri(), PATIENCE, Instant::now)) {
      for (int length : new int[] {10, LARGE}) {
        assertThat(filter.examine(letter(length)).judgement()).isEqualTo(Judgement.PASS);
        assertThat(service.shown()).hasSizeGreaterThan(length);
      }
      assertThat(service.questions()).isEqualTo(fields.contains("TTL") ? 2 : 1);
    }
  }

  @Test
  void doesNotStayWhereItWillClose() throws Exception {
    // it says that it closes, and does so when it is told something more
    try (var service = new ScriptedIcap(OPTIONS + "Connection: close\r\n\r\n", true, CLEAN)) {
      assertThat(ask(service, letter(10)).judgement()).isEqualTo(Judgement.PASS);
      assertThat(service.connections()).isEqualTo(2);
    }
  }
}
