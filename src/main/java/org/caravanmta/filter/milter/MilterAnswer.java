package org.caravanmta.filter.milter;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What a filter answers to an event (SMFIR of libmilter).
sealed interface MilterAnswer {
  /// Go on.
  record Continue() implements MilterAnswer {}

  /// Nothing more of this message, or of this session if it has no message yet, needs to be shown.
  record Accept() implements MilterAnswer {}

  /// Refused, with a reply of ours.
  record Reject() implements MilterAnswer {}

  /// Refused for now, with a reply of ours.
  record Defer() implements MilterAnswer {}

  /// The client is told that the message was accepted, and it is dropped.
  record Discard() implements MilterAnswer {}

  /// The session is to be ended with 421.
  record Shutdown() implements MilterAnswer {}

  /// The filter has lost the connection to something of its own.
  record ConnectionFailed() implements MilterAnswer {}

  /// No more of the same is wanted: no more chunks of the body.
  record Skip() implements MilterAnswer {}

  /// The answer takes longer; it is still to come.
  record Progress() implements MilterAnswer {}

  /// Refused with this reply.
  ///
  /// @param reply 4yz or 5yz
  record Refused(Reply reply) implements MilterAnswer {}

  /// A change of the message; more answers follow.
  record Change(Modification modification) implements MilterAnswer {}

  /// Reads an answer.
  ///
  /// @throws IOException if it is not one
  static MilterAnswer of(MilterPacket packet) throws IOException {
    return switch (packet.letter()) {
      case 'c' -> new Continue();
      case 'a' -> new Accept();
      case 'r' -> new Reject();
      case 't' -> new Defer();
      case 'd' -> new Discard();
      case '4' -> new Shutdown();
      case 'f' -> new ConnectionFailed();
      case 's' -> new Skip();
      case 'p' -> new Progress();
      case 'y' -> new Refused(reply(packet.texts(0, 1).getFirst()));
      default -> new Change(modification(packet));
    };
  }

  private static Modification modification(MilterPacket packet) throws IOException {
    return switch (packet.letter()) {
      case 'h' -> {
        List<String> field = packet.texts(0, 2);
        yield new Modification.AddHeader(field.get(0), field.get(1));
      }
      case 'i' -> {
        List<String> field = packet.texts(4, 2);
        yield new Modification.InsertHeader(index(packet), field.get(0), field.get(1));
      }
      case 'm' -> {
        List<String> field = packet.texts(4, 2);
        yield new Modification.ChangeHeader(index(packet), field.get(0), field.get(1));
      }
      case '+' -> new Modification.AddRecipient(packet.texts(0, 1).getFirst(), "");
      case '2' -> {
        List<String> words = packet.texts(0, 1);
        yield new Modification.AddRecipient(words.getFirst(), second(words));
      }
      case '-' -> new Modification.DeleteRecipient(packet.texts(0, 1).getFirst());
      case 'e' -> {
        List<String> words = packet.texts(0, 1);
        yield new Modification.ChangeSender(words.getFirst(), second(words));
      }
      case 'b' -> new Modification.ReplaceBody(packet.data());
      case 'q' -> new Modification.Quarantine(packet.texts(0, 1).getFirst());
      default ->
          throw new IOException(
              "0x" + Integer.toHexString(packet.letter()) + " is not an answer of a milter");
    };
  }

  private static String second(List<String> words) {
    return words.size() > 1 ? words.get(1) : "";
  }

  private static int index(MilterPacket packet) throws IOException {
    int index = packet.number(0);
    if (index < 0) {
      throw new IOException("a position of " + Integer.toUnsignedString(index));
    }
    return index;
  }

  /// Reads `550 5.7.1 text`, also of several lines, `550-5.7.1 text` CRLF `550 5.7.1 text`. What
  /// follows the first line may be without a code.
  private static Reply reply(String said) throws IOException {
    var lines = new ArrayList<String>();
    Optional<Integer> code = Optional.empty();
    Optional<Status> status = Optional.empty();
    for (String line : said.split("\r?\n")) {
      Matcher words = MilterPacket.REPLY_LINE.matcher(line);
      boolean whole = words.matches();
      if (lines.isEmpty()) {
        if (!whole) {
          throw new IOException(expected(said));
        }
        code = Optional.of(Integer.valueOf(words.group(1)));
        String given = words.group(2);
        if (given != null && given.charAt(0) != words.group(1).charAt(0)) {
          // whether it may be tried again, nobody could say
          throw new IOException("a reply with a status of another class: \"" + said + "\"");
        }
        status = Optional.ofNullable(given).map(Status::of);
      }
      lines.add(unescaped(whole ? words.group(3) : line));
    }
    // nothing but ends of lines has no line at all
    return new Reply(code.orElseThrow(() -> new IOException(expected(said))), status, lines);
  }

  private static String expected(String said) {
    return "expected a reply of 4yz or 5yz, found \"" + said + "\"";
  }

  /// libmilter has `%%` sent for `%`, and a `%` before anything else is lost.
  private static String unescaped(String text) {
    return text.replaceAll("%(%?)", "$1");
  }
}
