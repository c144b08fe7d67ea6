package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.peers.Program;
import org.junit.jupiter.api.Test;

/// What `--json` prints is read by others as what was meant: one object on a line (RFC 8259).
class JsonOutputTest extends AdminAtBroker {
  /// Checks each line, and prints the members of each object, and the values of one where there is
  /// such, in characters that all programs read alike.
  private static final String READER =
      """
      import json, sys
      def no(name): raise ValueError(name)
      def once(pairs):
          assert len(dict(pairs)) == len(pairs), pairs
          return dict(pairs)
      text = sys.stdin.buffer.read().decode('utf-8')
      assert text.endswith('\\n')
      for line in text[:-1].split('\\n'):
          seen = json.loads(line, parse_constant=no, object_pairs_hook=once)
          assert isinstance(seen, dict), line
          print(json.dumps(seen, sort_keys=True))
      """;

  private static final String SENDER = "\"a \\\"b\\\\c\"@example.org";
  private static final String RECIPIENT = "jörg.\uD83D\uDE00@bücher.example";
  private static final String REASON =
      "said: \"quoted\" \\ back\tslash \u0000\u0007\u001b[2J\u007f\u0085\u2028 {\"a\": 1},"
          + " \ufffd\u00ff";

  private static Mail odd(String id) {
    Mail mail = letter(id);
    var to = Recipient.of(Address.parse(RECIPIENT)).because(Reason.of("4.4.1", REASON));
    return mail.with(
            mail.envelope()
                .with(Destination.of("smtp", "[mx.example]:25"))
                .with(ReversePath.of(Address.parse(SENDER))))
        .with(List.of(to, Recipient.of(Address.parse("lee@b.example"))));
  }

  private List<String> python(String... args) throws Exception {
    String python = Program.installed("python3", "python3");
    Path printed;
    try (var asked = asked(List.of())) {
      asked.run(args);
      assertThat(asked.err()).doesNotContain("Unknown option");
      printed = Files.writeString(line.resolve("printed"), asked.out());
    }
    Path script = Files.writeString(line.resolve("reader.py"), READER);
    var process =
        new ProcessBuilder(python, script.toString())
            .redirectInput(printed.toFile())
            .redirectErrorStream(true)
            .start();
    String read = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(process.waitFor()).as(read).isZero();
    return read.lines().toList();
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\t' -> quoted.append("\\t");
        default -> quoted.append(c < ' ' || c > '~' ? "\\u%04x".formatted((int) c) : "" + c);
      }
    }
    return quoted.append('"').toString();
  }

  @Test
  void messagesAreReadWithAllTheirCharacters() throws Exception {
    put("deferred.1h", odd("4K"));
    raw("dead", new byte[] {1, 2, (byte) 0xff});
    List<String> all =
        Stream.of(
                python("list", "--json"),
                python("list", "--json", "--where", "all"),
                python("list", "--json", "--queue", "deferred.*"))
            .flatMap(List::stream)
            .toList();
    assertThat(all).hasSize(5);
    assertThat(all.stream().filter(each -> each.contains("\"4K\"")))
        .hasSize(3)
        .allSatisfy(
            each ->
                assertThat(each)
                    .contains("\"sender\": " + quoted(SENDER))
                    .contains("\"address\": " + quoted(RECIPIENT))
                    .contains("\"delay_reason\": " + quoted(REASON))
                    .contains("\"next_hop\": \"[mx.example]:25\"")
                    .contains("\"queue_name\": \"deferred.1h\""));
  }

  @Test
  void eachVerbHasOneObjectOnALine() throws Exception {
    put("deferred.1h", odd("4K"));
    put("deferred.1h", odd("4L"));
    assertThat(python("count", "--json"))
        .containsExactly(
            "{\"bytes\": 58, \"messages\": 2, \"queue_name\": \"deferred.1h\", \"recipients\": 4}");
    assertThat(python("shape", "--json", "-b", "1"))
        .contains(
            "{\"ages\": [{\"count\": 4, \"from_minutes\": 0}], \"domain\": \"TOTAL\", \"total\":"
                + " 4}");
    for (String verb :
        List.of(
            "flush --dry-run 4K",
            "bounce --dry-run ALL",
            "requeue --dry-run ALL",
            "reroute --dry-run ALL --to smtp:[192.0.2.1]",
            "delete --dry-run 4K",
            "hold 4K 4L",
            "reroute ALL --to smtp:[192.0.2.1]",
            "release 4K",
            "requeue 4K",
            "bounce 4L")) {
      String[] args =
          Stream.concat(Stream.of(verb.split(" ")), Stream.of("--json")).toArray(String[]::new);
      boolean dry = Arrays.asList(args).contains("--dry-run");
      assertThat(python(args))
          .as(verb)
          .isNotEmpty()
          .allSatisfy(
              each ->
                  assertThat(each)
                      .matches(
                          "\\{\"outcome\": \"%s\", \"queue_id\": \"4[KL]\", \"queue_name\": \"[a-z0-9.]+\", \"recipients\": 2, \"verb\": \"%s\"}"
                              .formatted(dry ? "would" : "done", args[0])));
    }
  }
}
