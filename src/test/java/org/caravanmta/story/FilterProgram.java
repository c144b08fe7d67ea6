package org.caravanmta.story;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A content filter as operators run them: takes a message by SMTP, marks it with a field, gives it
/// to another port with the same envelope, and answers what it was answered there.
final class FilterProgram implements AutoCloseable {
  final List<ReceivingServer.Message> seen = new CopyOnWriteArrayList<>();

  private final String name;
  private final int back;
  private final ReceivingServer server;

  private FilterProgram(String name, int port, int back) throws IOException {
    this.name = name;
    this.back = back;
    this.server =
        ReceivingServer.start(
            "127.0.0.1",
            port,
            "250-PIPELINING\r\n"
                + "250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n"
                + "250 8BITMIME",
            this::take);
  }

  /// @param name what its field says
  /// @param port where it takes mail
  /// @param back the port it gives it to
  static FilterProgram start(String name, int port, int back) throws IOException {
    return new FilterProgram(name, port, back);
  }

  private String take(ReceivingServer.Message message) throws IOException {
    seen.add(message);
    if (message.text().contains("\r\nX-Virus: yes")) {
      return "554 5.7.1 infected";
    }
    try (var talk = Talk.to(back)) {
      talk.say(message.client());
      talk.say("MAIL FROM:<" + message.sender() + ">");
      for (String recipient : message.recipients()) {
        talk.say("RCPT TO:<" + recipient + ">");
      }
      talk.say("DATA");
      return talk.data(
          ("X-Filtered: " + name + "\r\n" + message.text()).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
