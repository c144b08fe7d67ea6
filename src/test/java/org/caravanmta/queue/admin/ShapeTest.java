package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Recipient;
import org.caravanmta.peers.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `caravan queue shape`: the table of qshape.
class ShapeTest extends AdminAtBroker {
  private static Mail aged(String id, Duration age, String sender, List<String> recipients) {
    var like = letter(id).envelope();
    return letter(id)
        .with(
            Envelope.of(
                id,
                sender.isEmpty() ? ReversePath.NULL : ReversePath.of(Address.parse(sender)),
                recipients.stream().map(to -> Recipient.of(Address.parse(to))).toList(),
                like.client(),
                MailOptions.NONE,
                NOW.minus(age)));
  }

  private void mail(String queue, String id, long minutes, String sender, String... recipients)
      throws Exception {
    put(queue, aged(id, Duration.ofMinutes(minutes), sender, List.of(recipients)));
  }

  private String shape(String... options) throws Exception {
    var args = new ArrayList<>(List.of("shape"));
    args.addAll(List.of(options));
    try (var asked = asked(List.of())) {
      int status = asked.run(args.toArray(String[]::new));
      assertThat(asked.err()).isEmpty();
      assertThat(status).isZero();
      return asked.out();
    }
  }

  private void crafted() throws Exception {
    mail("routing", "a", 0, "a@x.example", "1@big.example");
    mail("deferred.1m", "b", 4, "a@x.example", "1@big.example", "2@BIG.example");
    mail("deferred.1m", "c", 5, "b@y.example", "1@big.example");
    mail("deferred.1h", "d", 1279, "", "1@mx.sub.other.example");
    mail("deferred.1h", "e", 1280, "b@y.example", "1@other.example", "2@ünder.example");
    mail("hold", "f", 100_000, "b@y.example", "1@[192.0.2.1]");
    // its other part
    mail("delivery.smtp", "f", 100_000, "b@y.example", "1@other.example");
    mail("waiting.smtp.3", "g", -3, "c@z.example", "1@from.the.future.example");
  }

  @Test
  void eachRecipientIsCountedByDomainAndAge() throws Exception {
    crafted();
    assertThat(shape())
        .isEqualTo(
            """
                                                     T  5 10 20 40 80 160 320 640 1280 1280+
                                              TOTAL 10  4  1  0  0  0   0   0   0    1     4
                                        big.example  4  3  1  0  0  0   0   0   0    0     0
                                      other.example  2  0  0  0  0  0   0   0   0    0     2
                                        [192.0.2.1]  1  0  0  0  0  0   0   0   0    0     1
                               mx.sub.other.example  1  0  0  0  0  0   0   0   0    1     0
                               xn--nder-zra.example  1  0  0  0  0  0   0   0   0    0     1
                            from.the.future.example  1  1  0  0  0  0   0   0   0    0     0
            """);
  }

  @Test
  void bySenderEachMessageCountsOnce() throws Exception {
    crafted();
    assertThat(shape("-s", "-b", "3"))
        .isEqualTo(
            """
                                                                                 T  5 10 10+
                                                                          TOTAL  7  3  1   3
                                                                      y.example  3  0  1   2
                                                                      x.example  2  2  0   0
                                                                      z.example  1  1  0   0
                                                                  MAILER-DAEMON  1  0  0   1
            """);
  }

  @Test
  void aNameThatIsTooLongLosesItsBegin() throws Exception {
    mail("hold", "a", 7, "", "1@a.very.long.name.of.a.host.at.customer.example");
    mail("hold", "b", 7, "", "2@b.very.long.name.of.a.host.at.customer.example");
    assertThat(shape("-b", "20", "-p", "-m", "2", "-l", "-t", "1"))
        .isEqualTo(
            """
                                T  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 19+
                         TOTAL  2  0  0  0  0  0  0  0  2  0  0  0  0  0  0  0  0  0  0  0   0
            .+customer.example  2  0  0  0  0  0  0  0  2  0  0  0  0  0  0  0  0  0  0  0   0
            +.customer.example  1  0  0  0  0  0  0  0  1  0  0  0  0  0  0  0  0  0  0  0   0
            +.customer.example  1  0  0  0  0  0  0  0  1  0  0  0  0  0  0  0  0  0  0  0   0
            """);
  }

  @Test
  void queuesAndSelectorsSayWhichMail() throws Exception {
    crafted();
    assertThat(shape("-b", "1", "deferred.*", "hold", "--older", "1280m"))
        .isEqualTo(
            """
                                                                                        T 0+
                                                                                 TOTAL  3  3
                                                                           [192.0.2.1]  1  1
                                                                         other.example  1  1
                                                                  xn--nder-zra.example  1  1
            """);
    assertThat(shape("-n", "1", "--queue", "deferred.1m", "--json", "-b", "2", "-t", "60"))
        .isEqualTo(
            """
            {"domain": "TOTAL", "total": 3, "ages": [{"from_minutes": 0, "to_minutes": 60, "count": 3}, {"from_minutes": 60, "count": 0}]}
            {"domain": "big.example", "total": 3, "ages": [{"from_minutes": 0, "to_minutes": 60, "count": 3}, {"from_minutes": 60, "count": 0}]}
            """);
    try (var asked = asked(List.of())) {
      assertThat(asked.run("shape", "deferred")).isEqualTo(2);
      assertThat(asked.run("shape", "-b", "0")).isEqualTo(2);
      assertThat(asked.run("shape", "-t", "0")).isEqualTo(2);
      assertThat(asked.run("shape", "-n", "0")).isEqualTo(2);
      assertThat(asked.out()).isEmpty();
      assertThat(asked.err())
          .contains("there is no queue \"deferred\"; those whose names begin so are deferred.*")
          .contains("the number of buckets is from 1 to 32, not 0")
          .contains("the first bucket has from 1 to 525600 minutes, not 0")
          .contains("-n is at least 1");
    }
  }

  @Test
  void anEmptyQueueHasATable() throws Exception {
    assertThat(shape("-b", "2"))
        .isEqualTo(
            """
                                                                                     T  5 5+
                                                                              TOTAL  0  0  0
            """);
  }

  /// The order of domains with as much mail and names as long is by chance at qshape.
  private static List<String> sorted(String table) {
    return table.lines().sorted().toList();
  }

  @Test
  void qshapeSaysTheSame(@TempDir Path queue) throws Exception {
    String qshape = Program.installed("qshape", "postfix");
    var chance = new Random(7);
    Instant start = Instant.now();
    for (int i = 0; i < 150; i++) {
      // in the middle of a minute, so that the table stays as it is while qshape starts
      Duration age = Duration.ofSeconds(60L * chance.nextInt(3000) / (1 + i % 40));
      age = Duration.ofSeconds(age.toMinutes() * 60 + 30);
      var recipients = new ArrayList<String>();
      for (int n = chance.nextInt(4); n >= 0; n--) {
        recipients.add(n + "@" + domain(chance));
      }
      String sender = chance.nextInt(5) == 0 ? "" : "s@" + domain(chance);
      String id = "ABCDEF" + i;
      send("deferred.1h", aged(id, age, sender, recipients));
      write(queue.resolve(id), start.minus(age), sender, recipients);
    }
    commit();

    for (String options :
        List.of("", "-s", "-p", "-p -m 2", "-s -p -m 1", "-b 1", "-b 6 -t 9", "-l -b 30 -w 99")) {
      String[] words = options.isEmpty() ? new String[0] : options.split(" ");
      var theirs = new ArrayList<>(List.of(qshape));
      theirs.addAll(Arrays.asList(words));
      theirs.add(queue.toString());
      assertThat(sorted(shape(words)))
          .as(options)
          .isEqualTo(sorted(Program.run(theirs.toArray(String[]::new))));
    }
  }

  private static String domain(Random chance) {
    String top = List.of("example", "test").get(chance.nextInt(2));
    String below =
        List.of("customer", "Provider", "a-longer-name-than-others").get(chance.nextInt(3));
    return switch (chance.nextInt(3)) {
      case 0 -> below + "." + top;
      case 1 -> "mx" + chance.nextInt(9) + "." + below + "." + top;
      default -> "x.y" + chance.nextInt(3) + ".z." + below + "." + top;
    };
  }

  /// A queue file of Postfix's.
  private static void write(Path file, Instant arrived, String sender, List<String> recipients)
      throws Exception {
    var bytes = new ByteArrayOutputStream();
    record(bytes, 'C', "%15d %15d %15d".formatted(0, 0, recipients.size()));
    record(bytes, 'T', arrived.getEpochSecond() + " 0");
    record(bytes, 'S', sender);
    for (String recipient : recipients) {
      record(bytes, 'R', recipient);
    }
    record(bytes, 'M', "");
    record(bytes, 'X', "");
    record(bytes, 'E', "");
    Files.write(file, bytes.toByteArray());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static void record(ByteArrayOutputStream to, char type, String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    to.write(type);
    to.write(bytes.length);
    to.write(bytes);
  }
}
