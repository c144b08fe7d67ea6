package org.caravanmta.reception.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.reception.Server;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.wire.DataDecoder;
import org.caravanmta.reception.wire.LineEnds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentIntakeTest {
  private static Path directory;
  private static ContentStore store;

  @BeforeAll
  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("content");
    store = ContentStore.open(directory);
  }

  @AfterAll
  @AfterContainer
  static void remove() throws IOException {
    try (var all = Files.walk(directory)) {
      for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(each);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`A: b!!body!`              | `A: b!`                         | `body!`",
        "`A: b! c!!!`               | `A: b! c!`                      | `!`",
        "`A: b!no field!!x!`        | `A: b!`                         | `no field!!x!`",
        "`!body!`                   | ``                              | `body!`",
        "` A: b!body!`              | ``                              | ` A: b!body!`",
        "`A: b!`                    | `A: b!`                         | ``",
        "``                         | ``                              | ``",
        "`From x Mon!A: b!!c!`      | `X-Mailbox-Line: From x Mon!A: b!` | `c!`",
        "`>>From x Mon!A: b!!c!`    | `X-Mailbox-Line: >>From x Mon!A: b!` | `c!`",
        "`From: x!!From y!`         | `From: x!`                      | `From y!`",
      })
  void aMessageIsItsHeaderSectionAndItsBody(String message, String headers, String body) {
    ContentIntake.Result.Whole whole = whole(take(crlf(message), 1000, Map.of()));
    assertThat(whole.headers()).hasToString(crlf(headers));
    assertThat(body(whole)).isEqualTo(crlf(body));
  }

  @Test
  void aHeaderSectionHasALimit() {
    assertThat(take("A: b\r\n".repeat(500), 100, Map.of("header-limit", "1024")))
        .isEqualTo(new ContentIntake.Result.Refused(Replies.HEADER_TOO_BIG));
    assertThat(take("A: " + "b".repeat(2000) + "\r\n", 7, Map.of("header-limit", "1024")))
        .isEqualTo(new ContentIntake.Result.Refused(Replies.HEADER_TOO_BIG));
    String small = "A: b\r\n\r\n" + "b".repeat(5000) + "\r\n";
    assertThat(take(small, 5000, Map.of("header-limit", "1024")))
        .isInstanceOf(ContentIntake.Result.Whole.class);
  }

  /// One byte at a time = all at once, in memory or in a file.
  @Property(tries = 150)
  void piecesMakeNoDifference(@ForAll("message") String message, @ForAll("piece") int piece) {
    ContentIntake.Result.Whole inline = whole(take(message, 100_000, Map.of()));
    ContentIntake.Result.Whole pieces = whole(take(message, piece, Map.of()));
    ContentIntake.Result.Whole stored = whole(take(message, piece, Map.of("inline-limit", "10")));
    for (ContentIntake.Result.Whole other : new ContentIntake.Result.Whole[] {pieces, stored}) {
      assertThat(other.headers()).hasToString(inline.headers().toString());
      assertThat(body(other)).isEqualTo(body(inline));
    }
    assertThat(stored.content() instanceof Content.Stored)
        .isEqualTo(stored.content().length() > 10);
  }

  /// However a message ends, in memory or in a file, and however little memory there is.
  @Property(tries = 150)
  void itsMemoryIsGivenBackOnce(
      @ForAll("message") String message,
      @ForAll("piece") int piece,
      @ForAll @IntRange(min = 4, max = 40) int kibibytes,
      @ForAll boolean inFile,
      @ForAll boolean cut) {
    var budget = new MemoryBudget(1024L * kibibytes);
    Holding holding = new Holding(budget);
    var settings = Server.settings(Map.of("inline-limit", inFile ? "10" : "65536"));
    var intake =
        new ContentIntake(
            new DataDecoder(LineEnds.STRICT),
            settings,
            new Replies(settings.hostname()),
            store,
            "id",
            Runnable::run,
            holding);
    byte[] wire =
        (message + "\r\n" + message.repeat(kibibytes) + (cut ? "" : ".\r\n"))
            .getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < wire.length; at += 100 * piece) {
      intake.take(wire, at, Math.min(wire.length, at + 100 * piece));
    }
    if (intake.ended()) {
      var result = new CompletableFuture<ContentIntake.Result>();
      intake.finish(result::complete);
      assertThat(result.join())
          .matches(
              r ->
                  r instanceof ContentIntake.Result.Whole
                      || r.equals(new ContentIntake.Result.Refused(Replies.NO_ROOM)));
    } else {
      intake.abandon();
    }
    holding.close();
    holding.close();
    // a block goes when it is written
    await().until(() -> budget.held() == 0);
  }

  @Provide
  Arbitrary<String> message() {
    return Arbitraries.of(
            "A: b", " c", "From x", ">From x", "", "no field", "Long: " + "x".repeat(99))
        .list()
        .ofMaxSize(8)
        .map(lines -> lines.isEmpty() ? "" : String.join("\r\n", lines) + "\r\n");
  }

  @Provide
  Arbitrary<Integer> piece() {
    return Arbitraries.integers().between(1, 30);
  }

  private static ContentIntake.Result take(
      String message, int piece, Map<String, String> settings) {
    var intake =
        new ContentIntake(
            new DataDecoder(LineEnds.STRICT),
            Server.settings(settings),
            new Replies("mail.example.org"),
            store,
            "id",
            Runnable::run,
            new Holding(new MemoryBudget(1 << 30)));
    byte[] wire = (message + ".\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at < wire.length; at += piece) {
      intake.take(wire, at, Math.min(wire.length, at + piece));
    }
    assertThat(intake.ended()).isTrue();
    var result = new CompletableFuture<ContentIntake.Result>();
    intake.finish(result::complete);
    return result.join();
  }

  private static ContentIntake.Result.Whole whole(ContentIntake.Result result) {
    return (ContentIntake.Result.Whole) result;
  }

  private static String body(ContentIntake.Result.Whole whole) {
    return switch (whole.content()) {
      case Content.Inline(byte[] bytes) -> new String(bytes, StandardCharsets.US_ASCII);
      case Content.Stored stored -> {
        try (var in = store.read(stored)) {
          yield new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  private static String crlf(String text) {
    return text.replace("!", "\r\n");
  }
}
