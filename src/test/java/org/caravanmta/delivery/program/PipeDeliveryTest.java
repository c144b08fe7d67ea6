package org.caravanmta.delivery.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.delivery.Attempts;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.watch.AttemptRow;
import org.caravanmta.delivery.watch.WatchedAttempts;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.table.Extensions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A program that takes mail. It is a script that notes what it is called with and given.
class PipeDeliveryTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");
  private static final String USER = ROOT ? "nobody" : System.getProperty("user.name");

  @TempDir Path directory;

  private final InstantSource clock = InstantSource.fixed(Letters.ARRIVED);
  private Path noted = Path.of("");
  private Path script = Path.of("");
  private String flags = "";
  private String arguments = "";
  private Duration timeout = Duration.ofSeconds(20);
  private Bodies bodies =
      _ -> {
        throw new IOException("nothing is stored");
      };

  @BeforeEach
  void aScript() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    noted = Files.createDirectory(directory.resolve("noted"));
    Files.setPosixFilePermissions(noted, PosixFilePermissions.fromString("rwxrwxrwx"));
    program(
        "for word; do echo \"<$word>\"; done > '"
            + noted
            + "/words'; id -un > '"
            + noted
            + "/who'; cat > '"
            + noted
            + "/message'");
  }

  private void program(String lines) throws IOException {
    script = Files.writeString(directory.resolve("script"), "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | -d ${recipient} | <-d> <Ann+News@EX.example>",
        "hu | -d ${recipient} | <-d> <ann+news@ex.example>",
        "h | -d $recipient $domain | <-d> <Ann+News@ex.example> <ex.example>",
        "u | $user $mailbox ${extension} | <ann> <ann+news> <news>",
        "'' | -f ${sender} -- ${original_recipient} | <-f> <joe@far.example> <-->"
            + " <info@va.example>",
        "'' | ${nexthop} $size $queue_id | <there:24> <17> <4XyZ12abcdz3k>",
        "'' | {a b} ${extension?{x}:{y}} a$(user)b | <a b> <x> <aAnnb>",
        "'' | $(touch) | ",
        "'' | ; `id` * | <;> <`id`> <*>",
      })
  void itsArgumentsSayWhomTheMessageIsFor(String flags, String arguments, String words)
      throws IOException {
    this.flags = flags;
    this.arguments = arguments;
    if (words == null) {
      assertThatThrownBy(() -> attempt(mail())).isInstanceOf(IllegalArgumentException.class);
      return;
    }
    assertThat(attempt(mail()))
        .isEqualTo(new Attempt.Delivered("delivered via drop service", "drop"));
    assertThat(String.join(" ", Files.readAllLines(noted.resolve("words")))).isEqualTo(words);
    assertThat(noted.resolve("who")).hasContent(USER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Subject: x~~From here~.~",
        "R | Return-Path: <joe@far.example>~Subject: x~~From here~.~",
        "ORD | Return-Path: <joe@far.example>~X-Original-To: info@va.example~"
            + "Delivered-To: Ann+News@EX.example~Subject: x~~From here~.~",
        "B>. | Subject: x~~>From here~..~~",
      })
  void itsFlagsSayWhatTheMessageLooksLike(String flags, String message) throws IOException {
    this.flags = flags;
    attempt(mail("From here\r\n.\r\n"));
    assertThat(Files.readString(noted.resolve("message"))).isEqualTo(message.replace("~", "\n"));
    this.flags = "F" + flags;
    attempt(mail("From here\r\n.\r\n"));
    assertThat(Files.readString(noted.resolve("message")))
        .startsWith("From joe@far.example  ")
        .endsWith("\n" + message.replace("~", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 75 | Deferred | 4.3.0 Temporary failure",
        "echo no room; exit 73 | Failed | 5.2.0 Can't create output file. Command output: no room",
        "exit 67 | Failed | 5.1.1 User unknown",
        "echo 4.2.2 full; exit 1 | Deferred | 4.2.2 full",
        "kill -9 $$ | Deferred | 4.3.0 Command died with signal 9",
      })
  void itsExitStatusSaysWhatCameOfIt(String lines, String kind, String text) throws IOException {
    program(lines);
    Attempts.assertSays(attempt(mail()), kind, text);
  }

  @Test
  void whatCannotBeRunIsWaitedFor() throws IOException {
    timeout = Duration.ofMillis(300);
    program("exec tail -f /dev/null");
    Attempts.assertSays(attempt(mail()), "Failed", "5.3.0 Command time limit exceeded");
    Files.delete(script);
    Attempts.assertSays(attempt(mail()), "Deferred", "4.3.5 " + script + " is not a program");
    Mail lost = Letters.hopping(Letters.to("ann@ex.example"), "pipe", "other");
    Attempts.assertSays(
        delivery().deliver(lost).results().getFirst().attempt(),
        "Deferred",
        "4.3.5 delivery.programs has no other");
  }

  /// It ends although it does not want to, with what it has begun; and its exit status is ours.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aProgramThatHangsIsKilled(boolean byOperator) throws Exception {
    timeout = Duration.ofMinutes(30);
    program(
        "trap '' TERM INT; echo $$ > '" + noted + "/pid'; tail -f /dev/null & wait; wait; exit 67");
    try (var attempts = new WatchedAttempts()) {
      Mail both = mail().with(List.of(recipient("ann@ex.example"), recipient("bob@ex.example")));
      var attempt = attempts.begin(delivery()::deliver, both);
      await()
          .until(() -> Files.exists(noted.resolve("pid")) && Files.size(noted.resolve("pid")) > 0);
      long pid = Long.parseLong(Files.readString(noted.resolve("pid")).strip());
      AttemptRow row = attempts.at("program");
      assertThat(row.server()).isEqualTo("drop");
      if (byOperator) {
        assertThat(attempts.cut(row.number())).isTrue();
      } else {
        attempts.pass(Duration.ofMinutes(59));
        assertThat(attempts.cuts()).isEmpty();
        attempts.pass(Duration.ofMinutes(2));
      }
      var results = WatchedAttempts.outcome(attempt).results();
      assertThat(results).hasSize(2);
      for (RecipientResult result : results) {
        Attempts.assertSays(
            result.attempt(),
            "Deferred",
            byOperator
                ? "4.4.2 delivery with drop was cut by the operator (ann), while running a program"
                : "4.4.2 delivery with drop was cut by the watchdog: no progress for 3660 s, while"
                    + " running a program");
      }
      assertThat(attempts.cuts()).hasSize(1);
      await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
  }

  /// The watchdog does not know better than the operator how long a program may take.
  @Test
  void aProgramHasTheTimeThatItsOwnLimitGives() throws Exception {
    timeout = Duration.ofHours(3);
    program("touch '" + noted + "/begun'; exec tail -f /dev/null");
    try (var attempts = new WatchedAttempts()) {
      var attempt = attempts.begin(delivery()::deliver, mail());
      await().until(() -> Files.exists(noted.resolve("begun")));
      attempts.at("program");
      attempts.pass(Duration.ofHours(3));
      assertThat(attempts.cuts()).isEmpty();
      attempts.pass(Duration.ofMinutes(19));
      assertThat(attempts.cuts()).hasSize(1);
      assertThat(WatchedAttempts.outcome(attempt).results()).hasSize(1);
    }
  }

  private static Recipient recipient(String address) {
    return Recipient.of(Address.parse(address));
  }

  /// A part of a message is never taken for the whole.
  @Test
  void aMessageThatCannotBeReadIsNotDelivered() throws IOException {
    bodies =
        _ ->
            new SequenceInputStream(
                new ByteArrayInputStream(new byte[200_000]),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the disk is broken");
                  }
                });
    Mail mail = mail().with((Content) new Content.Stored("r", 300_000, 0));
    Attempts.assertSays(
        attempt(mail), "Deferred", "4.3.0 message cannot be read: the disk is broken");
  }

  @Test
  void mailThatItDoesNotTakeIsReturned() throws IOException {
    flags = "D size=10";
    Attempts.assertSays(
        attempt(mail()),
        "Failed",
        "5.2.3 message size 17 exceeds size limit 10 for transport drop");
    flags = "D";
    Mail back = mail().with(Headers.parse("Delivered-To: Ann+News@EX.example\r\n".getBytes()));
    Attempts.assertSays(
        attempt(back), "Failed", "5.4.6 mail forwarding loop for Ann+News@EX.example");
    arguments = "$recipient";
    Mail dash = mail().with(List.of(Recipient.of(Address.parse("-x@ex.example"))));
    Attempts.assertSays(attempt(dash), "Failed", "5.1.3 an address that begins with a -");
    assertThat(noted.resolve("words")).doesNotExist();
  }

  /// Whatever of it strangers say: the sender, too.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$sender",
        "-- ${sender}",
        "{${extension}}",
        "$(extension)",
        "${extension?$extension}"
      })
  void noWordOfAStrangerBecomesAnOption(String words) throws IOException {
    arguments = words;
    Attempts.assertSays(
        attempt(dashing()), "Failed", "5.1.3 an address that begins with a - is not handed");
    assertThat(noted.resolve("words")).doesNotExist();
  }

  @Test
  void whatTheOperatorHasBegunMayGoOnWithADash() throws IOException {
    arguments = "-f$sender user-$extension";
    Attempts.assertSays(attempt(dashing()), "Delivered", "");
    assertThat(noted.resolve("words")).content().contains("-f-oops@far.example", "user--rf");
  }

  private static Mail dashing() {
    Mail mail = mail();
    return mail.with(
        mail.envelope()
            .with(ReversePath.of(Address.parse("-oops@far.example")))
            .with(List.of(Recipient.of(Address.parse("ann+-rf@ex.example")))));
  }

  @Test
  void onlyFinalDeliveryIsReportedAsSuch() throws IOException {
    assertThat(delivery().deliver(mail()).results().getFirst().success())
        .contains(Notice.Action.RELAYED);
    flags = "X";
    assertThat(delivery().deliver(mail()).results().getFirst().success())
        .contains(Notice.Action.DELIVERED);
  }

  @Test
  void aLineOfMasterCfIsTakenAsItIs() {
    assertThat(
            PipeProgram.parse(
                "maildrop  unix  -  n  n  -  -  pipe\n  flags=DRXhu user=vmail:mail"
                    + " null_sender= argv=/usr/bin/maildrop -d ${recipient}"))
        .isEqualTo(
            new PipeProgram(
                "maildrop",
                "vmail",
                Optional.of("mail"),
                "DRXhu",
                List.of("/usr/bin/maildrop", "-d", "${recipient}"),
                Optional.empty(),
                0,
                ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "smtp user=a argv=/x",
        "drop argv=/x",
        "drop user=root argv=/x",
        "drop user=a:root argv=/x",
        "drop user=a",
        "drop user=a argv=x",
        "drop user=a argv=/x/$user",
        "drop user=a argv=/x $nonsense",
        "drop user=a argv=/x {a b",
        "drop user=a flags=Z argv=/x",
        "drop user=a chroot=/x argv=/x",
      })
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> PipeProgram.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found \"" + (text.contains("$nonsense") ? "nonsense" : text));
  }

  private static Mail mail() {
    return mail("x\r\n");
  }

  private static Mail mail(String body) {
    Mail mail = Letters.letter("Subject: x\r\n", body, "ann@ex.example");
    var recipient =
        Recipient.of(Address.parse("info@va.example")).to(Address.parse("Ann+News@EX.example"));
    return Letters.hopping(mail.with(List.of(recipient)), "pipe", "drop:there:24");
  }

  private Attempt attempt(Mail mail) throws IOException {
    return delivery().deliver(mail).results().getFirst().attempt();
  }

  private PipeDelivery delivery() {
    var program =
        PipeProgram.parse(
            "drop flags=%s user=%s argv=%s %s".formatted(flags, USER, script, arguments));
    return new PipeDelivery(
        Map.of("drop", program),
        new Programs(timeout, Map.of()),
        ROOT,
        new Extensions("+"),
        stored -> bodies.open(stored),
        clock);
  }
}
