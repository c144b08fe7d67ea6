package org.caravanmta.filter.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.smtp.client.TestServer;

/// What a filter may answer to each command, and what follows from it.
final class ProxyReplies {
  /// A command, the reply to it, and how what is made of it begins. `¶` is a line end. It has no
  /// `354` to the end of the message, which Postfix hands on to its client.
  static final String TABLE =
      """
      220  | 421 4.3.2 too many         | none
      220  | 554 5.3.2 no               | none
      220  | CLOSE                      | none
      EHLO | 421 4.3.2 not now          | none
      EHLO | CLOSE                      | none
      EHLO | SILENCE                    | none
      XFORWARD | 550 5.5.0 no           | none
      XFORWARD | 421 4.3.0 bye          | none
      XFORWARD | 354 what               | none
      MAIL | 550 5.7.1 not from you     | refused 550 5.7.1 not from you
      MAIL | 451 4.3.0 later            | refused 451 4.3.0 later
      MAIL | 421 4.3.0 bye              | refused 421 4.3.0 bye
      MAIL | 354 what                   | none
      MAIL | CLOSE                      | none
      MAIL | SILENCE                    | none
      RCPT | 550 5.1.1 who              | refused 550 5.1.1 who
      RCPT | 452 4.5.3 too many         | refused 452 4.5.3 too many
      RCPT | 354 what                   | none
      RCPT TO:<c | 550 5.1.1 who        | refused 550 5.1.1 who
      RCPT TO:<c | CLOSE                | none
      DATA | 451 4.3.0 later            | refused 451 4.3.0 later
      DATA | 554 5.7.1 no               | refused 554 5.7.1 no
      DATA | 250 2.0.0 what             | none
      DATA | CLOSE                      | none
      .    | 250 2.0.0 ok               | taken 250 2.0.0 ok
      .    | 250 ok                     | taken 250 ok
      .    | 250-2.6.0 from¶250 2.6.0 q | taken 250 2.6.0 from q
      .    | 550 5.7.0 spam             | refused 550 5.7.0 spam
      .    | 554-5.7.1 line¶554 5.7.1 x | refused 554 5.7.1 line x
      .    | 554 no                     | refused 554 no
      .    | 451 4.7.1 later            | refused 451 4.7.1 later
      .    | 421 4.3.0 bye              | refused 421 4.3.0 bye
      .    | CLOSE                      | none
      """;

  private ProxyReplies() {}

  static TestServer server(String command, String reply) {
    return at(0, command, reply);
  }

  /// @param port 0 for any
  static TestServer at(int port, String command, String reply) {
    var server =
        TestServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .offering("8BITMIME", "SIZE 0", "XFORWARD NAME ADDR PROTO HELO");
    String said = reply.replace('¶', '\n');
    return command.equals("220") ? server.greeting(said) : server.on(command, said);
  }

  static String shown(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Taken taken -> "taken " + taken.reply();
      case Judgement.Refuse refuse -> "refused " + refuse.reply();
      case Judgement.NoAnswer none -> "none " + none.why();
      default -> judgement.toString();
    };
  }
}
