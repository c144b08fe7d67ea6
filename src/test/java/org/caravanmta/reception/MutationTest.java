package org.caravanmta.reception;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.caravanmta.address.Domain;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.session.ClientFacts;
import org.caravanmta.reception.session.QueueRun;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.RouteAnswer;
import org.caravanmta.reception.session.RouteQuestion;
import org.caravanmta.reception.session.Security;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.session.SessionTerms;
import org.caravanmta.reception.wire.Opening;
import org.caravanmta.smtp.Reply;

/// Sessions that once were valid, with bytes changed, parts left out, doubled or moved: each gets
/// nothing but well-formed replies, never waits for what cannot come, breaks nothing, has no
/// stranger's mail relayed, and leaves a server that serves the next clean session. On a channel
/// without a socket, so that what is silent is known to be.
class MutationTest {
  private static final Pattern REPLY = Pattern.compile("([2-5]\\d\\d[ -][ -~]*\r\n)*");
  private static final Domain OURS = new Domain("example.org");

  private static final List<String> HELLO = List.of("EHLO client.example\r\n");
  private static final List<String> ENVELOPE =
      List.of(
          "MAIL FROM:<alice@example.net> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=a+2Bb SMTPUTF8\r\n",
          "RCPT TO:<bob@example.org> NOTIFY=SUCCESS ORCPT=rfc822;bob@example.org\r\n");
  private static final List<String> DATA =
      List.of("DATA\r\n", "Subject: x\r\n\r\nline\r\n..dot\r\n.\r\n");
  private static final List<String> CHUNKS =
      List.of("BDAT 14\r\nSubject: x\r\n\r\n", "BDAT 5 LAST\r\nabc\r\n");
  private static final List<String> MORE =
      List.of(
          "HELO client.example\r\n",
          "RCPT TO:<dave@elsewhere.example>\r\n",
          "RCPT TO:<@a.example:bob@elsewhere.example>\r\n",
          "MAIL FROM: Al <\"al ice\"@example.net> BODY=BINARYMIME\r\n",
          "BDAT 0 LAST\r\n",
          "VRFY bob@example.org\r\n",
          "ETRN example.org\r\n",
          "NOOP\r\n",
          "RSET\r\n",
          "HELP\r\n",
          "QUIT\r\n");

  private final List<Mail> queued = new ArrayList<>();
  private Path directory = Path.of("");
  private List<Reception> receptions = List.of();

  @BeforeProperty
  void start() throws IOException {
    directory = Files.createTempDirectory("mutation");
    var settings =
        Server.settings(Map.of("own", "no", "binarymime", "true", "error-delay", "PT0S"));
    var nobody =
        new QueueRun() {
          @Override
          public boolean serves(Domain domain) {
            return false;
          }

          @Override
          public void start(Domain domain) {
            throw new IllegalStateException("nobody is served");
          }
        };
    ContentStore store = ContentStore.open(directory);
    receptions =
        Stream.of("100000000", "4096", "12288", "20480")
            .map(memory -> reception(settings, memory, store, nobody))
            .toList();
  }

  private static Reception reception(
      SessionTerms settings, String memory, ContentStore store, QueueRun nobody) {
    return new Reception(
        settings,
        new Sessions(
            settings.smtp().sessionLimit(),
            Server.usage(Map.of(), () -> Server.NOW),
            Server.budget(Map.of("memory", memory))),
        Server.intermediaries(Map.of()),
        store,
        new QueueIds(() -> Server.NOW, 0),
        () -> Server.NOW,
        () -> true,
        fault -> Reply.of(451, "4.3.0", "Error: a fault"),
        () -> true,
        () -> false,
        nobody);
  }

  @AfterProperty
  void stop() throws IOException {
    receptions.forEach(reception -> reception.sessions().close());
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Property(tries = 2000)
  void whateverIsSentTheServerGoesOn(@ForAll long seed) {
    queued.clear();
    var random = new Random(seed);
    var session = open(receptions.getFirst());
    assertThat(replies(session)).startsWith("220 ");
    play(session, random);

    assertThat(queued)
        .allSatisfy(
            mail ->
                assertThat(mail.recipients())
                    .isNotEmpty()
                    .allMatch(r -> r.address().domain().equals(OURS)));
    aCleanSessionIsServed();
    assertNothingIsHeld(receptions.getFirst());
  }

  /// Where little memory is left much is refused, and none of it is lost.
  @Property(tries = 1000)
  void withHardlyAnyMemoryItGoesOnToo(@ForAll long seed) {
    var random = new Random(seed);
    Reception little = receptions.get(1 + random.nextInt(receptions.size() - 1));
    var session = open(little);
    assertThat(replies(session)).startsWith("220 ");
    play(session, random);
    assertNothingIsHeld(little);
  }

  private static void assertNothingIsHeld(Reception reception) {
    assertThat(reception.sessions().count()).isZero();
    assertThat(reception.sessions().budget().held()).isZero();
  }

  private static void play(EmbeddedChannel session, Random random) {
    for (byte[] part : mutant(random)) {
      send(session, part);
    }
    // ends data and any chunk, and if nothing was under way is a hundred errors: never met by
    // silence
    String answer =
        send(session, ("\r\n".repeat(100) + ".\r\nNOOP\r\n").getBytes(StandardCharsets.US_ASCII));
    // what the server has ended it closes after a while
    session.advanceTimeBy(3, TimeUnit.SECONDS);
    session.runPendingTasks();
    assertThat(session.isOpen() && answer.isEmpty()).as("silence").isFalse();
    session.finishAndReleaseAll();
    session.close();
  }

  private void aCleanSessionIsServed() {
    queued.clear();
    var clean = open(receptions.getFirst());
    var said = new StringBuilder(replies(clean));
    for (List<String> parts : List.of(HELLO, ENVELOPE, DATA, List.of("QUIT\r\n"))) {
      parts.forEach(part -> said.append(send(clean, part.getBytes(StandardCharsets.US_ASCII))));
    }
    assertThat(said.toString().replaceAll("(?m)^(\\d\\d\\d)[ -].*\r\n", "$1 "))
        .matches("220 (250 )+354 250 221 ");
    assertThat(queued).hasSize(1);
    clean.finishAndReleaseAll();
  }

  private EmbeddedChannel open(Reception reception) {
    var client =
        ClientFacts.connected(
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 4711),
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 25),
            reception.settings(),
            Service.SMTP);
    var channel =
        new EmbeddedChannel(
            new SessionHandler(reception, Service.SMTP, Security.NONE, client, Opening.SILENT),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                var asked = (RouteQuestion) message;
                asked.holding().close();
                context.channel().writeAndFlush(new RouteAnswer(answer(asked.question())));
              }
            });
    channel.freezeTime();
    return channel;
  }

  private Case answer(Case question) {
    return switch (question) {
      case Case.Connection connection -> connection;
      case Case.Rcpt rcpt -> rcpt.recipient().domain().equals(OURS) ? rcpt.vouchedFor() : rcpt;
      case Case.Data data -> data;
      case Case.Event event -> event;
      case Case.Message message -> {
        queued.add(message.mail());
        yield message.kept("routing");
      }
    };
  }

  /// @return what is said to it
  private static String send(EmbeddedChannel session, byte[] bytes) {
    if (session.isOpen()) {
      session.writeInbound(Unpooled.copiedBuffer(bytes));
      session.runPendingTasks();
    }
    session.checkException();
    return replies(session);
  }

  private static String replies(EmbeddedChannel session) {
    var said = new StringBuilder();
    for (ByteBuf bytes = session.readOutbound(); bytes != null; bytes = session.readOutbound()) {
      said.append(bytes.toString(StandardCharsets.ISO_8859_1));
      bytes.release();
    }
    assertThat(said).matches(REPLY).doesNotContain("local error");
    return said.toString();
  }

  /// The parts of a session, with a few things done to them.
  private static List<byte[]> mutant(Random random) {
    var parts = new ArrayList<>(HELLO);
    for (int messages = 1 + random.nextInt(2); messages > 0; messages--) {
      parts.addAll(ENVELOPE);
      parts.addAll(random.nextBoolean() ? DATA : CHUNKS);
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.add(1 + random.nextInt(parts.size()), MORE.get(random.nextInt(MORE.size())));
    }
    switch (random.nextInt(5)) {
      case 0 -> parts.remove(random.nextInt(parts.size()));
      case 1 -> Collections.swap(parts, random.nextInt(parts.size()), random.nextInt(parts.size()));
      case 2 -> Collections.shuffle(parts, random);
      // all in one packet, or in two
      case 3 -> {
        int at = 1 + random.nextInt(parts.size() - 1);
        var two =
            List.of(
                String.join("", parts.subList(0, at)),
                String.join("", parts.subList(at, parts.size())));
        parts.clear();
        parts.addAll(two);
      }
      default -> {
        // as they are
      }
    }
    var wire = new ArrayList<byte[]>();
    parts.forEach(part -> wire.add(part.getBytes(StandardCharsets.ISO_8859_1)));
    for (int i = random.nextInt(4); i > 0; i--) {
      byte[] part = wire.get(random.nextInt(wire.size()));
      byte[] special = {'\r', '\n', 0, '.', '<', '>', '"', '\\', ' ', ':', '@', '9', (byte) 0xc3};
      part[random.nextInt(part.length)] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : special[random.nextInt(special.length)];
    }
    if (random.nextInt(4) == 0) {
      byte[] last = wire.removeLast();
      wire.add(Arrays.copyOf(last, random.nextInt(last.length)));
    }
    return wire;
  }
}
