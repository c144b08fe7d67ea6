package org.caravanmta.filter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.ContentStore;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.smtp.client.Letters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A milter that has not been told of each step of the dialogue, since an earlier filter had
/// decided it, and is shown the message all the same.
class MilterFollowerTest {
  private static final int NO_RCPT = 0x8;
  private static final int NO_DATA = 0x200;

  @TempDir Path store;
  private ScriptedMilter milter;
  private Follower follower;

  @BeforeEach
  void open() throws Exception {
    milter = new ScriptedMilter();
    var patience = Duration.ofSeconds(30);
    follower =
        new MilterFilter(
                milter.address(),
                new FilterPatience(patience, patience, patience),
                MacroNames.USUAL,
                new MilterHouse(
                    "mx.example.com",
                    "Caravan",
                    "mx.example.com",
                    Map.of(),
                    _ -> Optional.empty(),
                    Grammar.of(new Domain("example.com")),
                    1 << 20))
            .follow();
  }

  @AfterEach
  void close() throws Exception {
    follower.close();
    milter.close();
  }

  private Judgement hear(DialogueEvent event) {
    return follower.hear(Letters.CLIENT, event);
  }

  private static DialogueEvent.Recipient to(String address) {
    return new DialogueEvent.Recipient(
        Address.parse(address), address, List.of(), Optional.of("4XyZ12abcdz3k"));
  }

  private Examined letter(String... recipients) throws Exception {
    return ExaminedLetters.of(
        Letters.letter("Subject: x\r\n", "hello\r\n", recipients), ContentStore.open(store));
  }

  private static DialogueEvent event(String word) {
    return switch (word) {
      case "M" ->
          new DialogueEvent.Sender(
              ReversePath.parse("joe@far.example"), "joe@far.example", List.of());
      case "T" -> new DialogueEvent.Data("4XyZ12abcdz3k");
      default -> to(word + "@example.com");
    };
  }

  /// What it was told, in short: `b` for `R <b@example.com>`.
  private List<String> told() {
    var told = new ArrayList<String>();
    for (String line : milter.heardUntil("E")) {
      switch (line.charAt(0)) {
        case 'R' -> told.add(line.substring(3, 4));
        case 'A', 'M', 'T', 'L', 'N', 'B', 'E' -> told.add(line.substring(0, 1));
        default -> {
          // the beginning of the session, and macros
        }
      }
    }
    return told;
  }

  /// What the client says, what of it the milter does without, and what the milter hears by the end
  /// of the message, which is for a, b and c.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "M a b c T |         | M a b c T",
        // an earlier filter has decided MAIL, and what came after it
        "''        |         | M a b c T",
        // or MAIL alone: recipients without a sender would be out of order
        "a b c T   |         | M a b c T",
        "a b c     |         | M a b c T",
        // all recipients, some of them, the last
        "M         |         | M a b c T",
        "M a       |         | M a b c T",
        "M a c     |         | M a c b T",
        "M a b     |         | M a b c T",
        // after DATA there are no recipients
        "M T       |         | M T A M a b c T",
        "M b c T   |         | M b c T A M a b c T",
        // what stands last, an earlier filter has added: Postfix does not tell of it either
        "M a b T   |         | M a b T",
        "M a b     | NO_DATA | M a b",
        "M b       | NO_DATA | M b a",
        // one that does without recipients is told of none
        "M T       | NO_RCPT | M T",
        "T         | NO_RCPT | M T",
      })
  void isToldWhatItHasMissed(String said, @Nullable Waiver without, String told) throws Exception {
    milter.agrees(
        6,
        0x1ff,
        without == Waiver.NO_RCPT ? NO_RCPT : without == Waiver.NO_DATA ? NO_DATA : 0,
        Map.of());
    assertThat(hear(new DialogueEvent.Connected(1))).isEqualTo(Judgement.PASS);
    assertThat(hear(new DialogueEvent.Greeted())).isEqualTo(Judgement.PASS);
    for (String word : said.split(" ")) {
      if (!word.isEmpty()) {
        assertThat(hear(event(word))).isEqualTo(Judgement.PASS);
      }
    }
    Examined letter = letter("a@example.com", "b@example.com", "c@example.com");
    assertThat(follower.examine(letter).judgement()).isEqualTo(Judgement.PASS);
    assertThat(String.join(" ", told())).isEqualTo(told + " L N B E");
    assertThat(milter.heard().stream().filter(line -> line.startsWith("C "))).hasSize(1);
  }

  /// What it says of what it hears late counts for the message.
  @Test
  void mayRefuseWhatItHasMissed() throws Exception {
    hear(new DialogueEvent.Connected(1));
    hear(new DialogueEvent.Greeted());
    milter.answers('R', packet('c')).answers('R', packet('r'));
    assertThat(follower.examine(letter("a@example.com", "b@example.com")).judgement())
        .isInstanceOf(Judgement.Refuse.class);
    // and nothing of it stays for the next
    hear(event("M"));
    hear(event("a"));
    assertThat(follower.examine(letter("a@example.com")).judgement()).isEqualTo(Judgement.PASS);
    assertThat(String.join(" ", told())).isEqualTo("M a b A M a T L N B E");
  }
}
