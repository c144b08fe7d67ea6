package org.caravanmta.filter.milter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A session with a milter that a test has written.
abstract class MilterTalk {
  final Map<String, String> values =
      Map.of("j", "mx.example.com", "_", "localhost [127.0.0.1]", "{mail_addr}", "s@example.org");
  final Function<String, Optional<String>> macros = name -> Optional.ofNullable(values.get(name));
  ScriptedMilter milter;
  MilterSession session;

  @BeforeEach
  void open() throws Exception {
    milter = new ScriptedMilter();
    session = session(Duration.ofSeconds(30));
  }

  MilterSession session(Duration patience) {
    return session(patience, System::nanoTime);
  }

  MilterSession session(Duration patience, LongSupplier ticks) {
    return new MilterSession(
        milter.address(),
        new FilterPatience(patience, patience, patience),
        MacroNames.USUAL,
        ticks);
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    milter.close();
  }

  Judgement connect() throws Exception {
    return session.connect(
        new MilterClient("localhost", InetAddress.getByName("127.0.0.1"), 40_000), macros);
  }

  Judgement hello() {
    return session.helo("client.example", macros);
  }

  Judgement mail() {
    return session.mail("<s@example.org>", List.of("SIZE=100", "BODY=8BITMIME"), macros);
  }

  Judgement rcpt() {
    return session.rcpt("<b@example.com>", List.of(), macros);
  }

  final List<Modification> changes = new ArrayList<>();

  Judgement message(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    int end = text.indexOf("\r\n\r\n") + 2;
    var headers = Headers.parse(text.substring(0, end).getBytes(UTF_8));
    return session.message(
        headers.fields(),
        new ByteArrayInputStream(bytes, end + 2, bytes.length - end - 2),
        macros,
        changes::add);
  }

  List<Judgement> upToData() throws Exception {
    return List.of(connect(), hello(), mail(), rcpt(), session.data(macros));
  }
}
