package org.caravanmta.submission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.config.Size;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.MessageLimits;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Task;
import org.caravanmta.message.Verp;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A maildrop and its collector, with a list in place of the queues.
abstract class PostedMail {
  static final String LETTER = "Subject: x\nBcc: eve\n\nhello\n";

  @TempDir Path directory;

  Instant now = Instant.parse("2026-08-25T10:00:00Z");
  final InstantSource clock = () -> now;
  final List<Task> queued = new ArrayList<>();
  Maildrop maildrop;
  ContentStore store;
  Posts posts;
  Collector collector;
  Verdict verdict = Verdict.UNDECIDED;

  @BeforeEach
  void open() throws IOException {
    maildrop = new Maildrop(directory.resolve("maildrop"));
    store = ContentStore.open(directory.resolve("content"));
    posts =
        new Posts(
            new CollectionTerms(
                "mx.example",
                new Origin(new Domain("a.example")),
                new MessageLimits(new Size(200_000), new Size(10_000), 2),
                new ContentSettings(new Size(1000)),
                Verp.USUAL),
            store,
            CollectorTest::known,
            (recipient, _) -> Reason.of("2.1.5", "would go to " + recipient),
            new QueueIds(clock, 1),
            clock);
    collector = new Collector(maildrop, posts, store, clock);
    collector.open();
  }

  int collect() throws IOException {
    return collector.collect(
        message -> {
          Case asked = message.open() ? message.decided(verdict) : message;
          var handover = posts.settle(asked);
          for (String queue : List.of("routing", "hold", "report")) {
            queued.addAll(handover.tasks(queue));
            handover = handover.kept(queue);
          }
          return handover;
        },
        () -> false);
  }

  static Case known(Case question) {
    return switch (((Case.Rcpt) question).recipient().localPart()) {
      case "nobody" -> question.decided(new Verdict.Reject(Reply.of(550, "5.1.1", "User unknown")));
      case "unclear" -> question.decided(new Verdict.Defer(Reply.of(451, "4.3.0", "retry")));
      default -> question;
    };
  }

  static Posting posting(String sender, String... recipients) {
    return new Posting(
        sender,
        sender.isEmpty() ? "" : "Joe User",
        List.of(recipients),
        Optional.empty(),
        MailOptions.NONE);
  }

  /// As the command does.
  Path post(Posting posting, String letter) throws IOException {
    try (var manuscript =
        new SendmailInput(new ByteArrayInputStream(letter.getBytes(UTF_8)), true)) {
      return put(posting, manuscript.readAllBytes());
    }
  }

  Path put(Posting posting, byte[] content) throws IOException {
    List<Path> before = waiting();
    try (Draft draft = maildrop.begin(posting)) {
      draft.write(content);
      maildrop.finish(List.of(draft));
    }
    List<Path> after = new ArrayList<>(waiting());
    after.removeAll(before);
    Path file = after.getFirst();
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(now));
    return file;
  }

  List<Path> waiting() throws IOException {
    return maildrop.waiting();
  }

  Path file(String name) {
    return maildrop.directory().resolve(name);
  }

  Object only(String queue) {
    assertThat(queued).extracting(Task::queue).containsExactly(queue);
    return queued.getFirst().body();
  }

  List<String> stored() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("content"))) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
    }
  }
}
