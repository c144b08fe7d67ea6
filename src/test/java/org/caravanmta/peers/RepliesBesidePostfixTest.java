package org.caravanmta.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Approach;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpDialogue;
import org.caravanmta.smtp.client.TestServer;
import org.caravanmta.smtp.client.Unreachable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What servers say, read by Postfix and by us: a message is sent, deferred or returned alike.
class RepliesBesidePostfixTest {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration SHORT = Duration.ofMillis(400);

  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  /// A command, and what one server answers to it.
  private record Habit(String command, String reply) {}

  private static final List<Habit> HABITS = habits();

  @TempDir Path directory;
  private final List<TestServer> servers = new ArrayList<>();

  @AfterEach
  void close() {
    servers.forEach(TestServer::close);
  }

  @Test
  void whateverAServerSaysItIsReadAlike() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/usr/sbin/postfix")), "needs Postfix");
    for (Habit habit : HABITS) {
      var server = TestServer.start().offering("SIZE");
      servers.add(
          habit.command().isEmpty()
              ? server.greeting(habit.reply())
              : server.on(habit.command(), habit.reply()));
    }
    assertThat(byUs()).isEqualTo(byPostfix());
  }

  private String byUs() {
    // they answer at once, or never
    var caller = new SmtpCaller("client.example", PATIENCE, SHORT, SHORT);
    return IntStream.range(0, HABITS.size())
        .mapToObj(i -> line(i, outcome(servers.get(i), caller, mail(i))))
        .collect(Collectors.joining("\n"));
  }

  private String byPostfix() throws Exception {
    String transports =
        IntStream.range(0, HABITS.size())
            .mapToObj(i -> "d%d.example=smtp:%s".formatted(i, servers.get(i).nextHop()))
            .collect(Collectors.joining(", "));
    try (var postfix =
        PrivatePostfix.start(
            directory,
            """
            myhostname = client.example
            mydestination =
            alias_maps =
            smtp_helo_timeout = 2s
            smtp_mail_timeout = 2s
            smtp_rcpt_timeout = 2s
            smtp_data_init_timeout = 2s
            smtp_data_done_timeout = 2s
            smtp_rset_timeout = 1s
            smtp_quit_timeout = 1s
            transport_maps = inline:{%s}
            """
                .formatted(transports))) {
      var submitter = new SmtpCaller("test.example", PATIENCE, Duration.ofSeconds(20), PATIENCE);
      var peer = new Peer("postfix", new InetSocketAddress(loopback(), postfix.port));
      try (var dialogue = SmtpDialogue.open(peer, Protocol.SMTP, submitter, Approach.PLAIN)) {
        String[] all =
            IntStream.range(0, HABITS.size())
                .mapToObj(i -> "u@d" + i + ".example")
                .toArray(String[]::new);
        assertThat(dialogue.transfer(Letters.to(all), NOTHING_STORED).attempts())
            .allMatch(Attempt.Delivered.class::isInstance);
      }
      await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> statuses(postfix.log()).stream().noneMatch("none"::equals));
      List<String> statuses = statuses(postfix.log());
      return IntStream.range(0, HABITS.size())
          .mapToObj(i -> line(i, statuses.get(i)))
          .collect(Collectors.joining("\n"));
    }
  }

  private static String outcome(TestServer server, SmtpCaller caller, Mail mail) {
    try (var dialogue =
        SmtpDialogue.open(
            new Peer("mx.example", server.address()), Protocol.SMTP, caller, Approach.PLAIN)) {
      return switch (dialogue.transfer(mail, NOTHING_STORED).attempts().getFirst()) {
        case Attempt.Delivered _ -> "sent";
        case Attempt.Deferred _ -> "deferred";
        case Attempt.Failed _ -> "bounced";
      };
    } catch (Unreachable e) {
      return e.reason().status().digit() == 5 ? "bounced" : "deferred";
    }
  }

  private static List<String> statuses(String log) {
    return IntStream.range(0, HABITS.size())
        .mapToObj(
            i -> {
              var status =
                  Pattern.compile("to=<u@d" + i + "\\.example>.* status=(\\w+)").matcher(log);
              return status.find() ? status.group(1).toLowerCase(Locale.ROOT) : "none";
            })
        .toList();
  }

  private static Mail mail(int i) {
    return Letters.to("u@d" + i + ".example");
  }

  private static String line(int i, String status) {
    Habit habit = HABITS.get(i);
    String reply = habit.reply().replace("\n", "\\n");
    return habit.command()
        + " -> "
        + reply.substring(0, Math.min(60, reply.length()))
        + " => "
        + status;
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }

  private static List<Habit> habits() {
    var habits = new ArrayList<Habit>();
    for (String command : List.of("MAIL", "RCPT", ".")) {
      for (String reply :
          List.of(
              "250",
              "250 ",
              "250-a\n250",
              "250-a\n251 b",
              "250-a\n550 5.7.1 b",
              "550-5.7.1 a\n250 b",
              "550-a\n450 4.2.0 b",
              "junk\n250 b",
              "junk\n550 b",
              "250-a\n folded\n250 b",
              "\n250 b",
              "250 " + "x".repeat(9000),
              "550 5.1.1 " + "x".repeat(9000),
              "250-a\n".repeat(400) + "250 b",
              "250 5.7.1 b",
              "550 2.0.0 b",
              "2500 b",
              "250ok",
              "junk",
              "250-a",
              "450 4.7.1",
              "550",
              "650 b",
              "421 4.3.2 b",
              TestServer.CLOSE)) {
        habits.add(new Habit(command, reply));
      }
    }
    for (String reply : List.of("354", "354-a\n354 b", "junk\n354 b", "550 5.7.0 b", "451 b")) {
      habits.add(new Habit("DATA", reply));
    }
    for (String reply :
        List.of("220", "junk\n220 b", "220-a\njunk\n220 b", "554 b", "421 b", "junk")) {
      habits.add(new Habit("", reply));
    }
    for (String reply :
        List.of("junk\n250 b", "250-a\n550 b", "550 b", "250-a\n\n250 b", "421 b", "junk")) {
      habits.add(new Habit("EHLO", reply));
    }
    return habits;
  }
}
