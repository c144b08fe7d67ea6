package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.spi.Codecs;

/// One part of a message as `queue.show` answers it (postfix `postcat`), a row for each part.
///
/// @param taken a stage holds it, and its bytes may be out of reach therefore
/// @param letter absent when it is not mail, cannot be decoded, or its bytes are out of reach
public record MessageDetail(QueuedMessage message, boolean taken, Optional<Letter> letter) {
  /// What only the message itself knows.
  ///
  /// @param client `name[address]`
  /// @param helo what it called itself
  /// @param destination `transport:nexthop`, where routing has found one
  /// @param headers the header section, its lines ended by CRLF
  public record Letter(String client, String helo, Optional<String> destination, String headers) {
    static Letter of(Mail mail) {
      var envelope = mail.envelope();
      return new Letter(
          envelope.client().toString(),
          envelope.client().helo(),
          envelope.destination().map(to -> to.transport() + ":" + to.nextHop()),
          mail.headers().toString());
    }
  }

  static MessageDetail of(QueueEntry entry, Codecs codecs) {
    return new MessageDetail(
        QueuedMessage.of(entry), entry.taken(), entry.mail(codecs).map(Letter::of));
  }

  MessageDetail withoutHeaders() {
    return new MessageDetail(
        message,
        taken,
        letter.map(each -> new Letter(each.client(), each.helo(), each.destination(), "")));
  }

  /// The row.
  public List<String> fields() {
    var fields = new ArrayList<>(message.fields());
    fields.add(Boolean.toString(taken));
    letter.ifPresent(
        each ->
            fields.addAll(
                List.of(
                    each.client(), each.helo(), each.destination().orElse(""), each.headers())));
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static MessageDetail of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    QueuedMessage message = QueuedMessage.of(fields);
    boolean taken = fields.flag();
    Optional<Letter> letter = Optional.empty();
    if (fields.more()) {
      letter =
          Optional.of(new Letter(fields.text(), fields.text(), fields.optional(), fields.text()));
    }
    fields.end();
    return new MessageDetail(message, taken, letter);
  }
}
