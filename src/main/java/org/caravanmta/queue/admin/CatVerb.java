package org.caravanmta.queue.admin;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;

/// Passes on a message as it lies on queues, byte for byte (postfix `postcat(1)`), as the control
/// channel names it: `queue.cat`. Bytes that parts of a message have in common are passed on once;
/// stored content is never in memory as a whole.
///
/// @param bodies opens stored content
public record CatVerb(QueueAdmin admin, Bodies bodies) implements ControlVerb {
  /// Bytes in a row.
  private static final int CHUNK = 48 * 1024;

  private static final byte[] EMPTY_LINE = {'\r', '\n'};

  @Override
  public void run(List<String> args, Rows rows) throws Exception {
    new Answer(CatQuestion.of(args), rows).give();
  }

  /// What two parts have in common when their bytes are the same.
  private record Sum(int headers, long length, int body) {
    static Sum of(Mail mail) {
      return new Sum(
          crc(mail.headers().bytes()),
          mail.size(),
          switch (mail.content()) {
            case Content.Inline(byte[] bytes) -> crc(bytes);
            case Content.Stored(_, _, int crc) -> crc;
          });
    }

    private static int crc(byte[] bytes) {
      var crc = new CRC32C();
      crc.update(bytes, 0, bytes.length);
      return (int) crc.getValue();
    }
  }

  private final class Answer {
    private final CatQuestion question;
    private final Rows rows;

    /// What has been passed on: a message that is put back meanwhile is met twice.
    private final Set<List<Object>> seen = new HashSet<>();

    private final Set<Sum> told = new HashSet<>();

    /// Why some of the bytes could not be passed on.
    private Optional<String> missing = Optional.empty();

    Answer(CatQuestion question, Rows rows) {
      this.question = question;
      this.rows = rows;
    }

    void give() throws Exception {
      admin.parts(question.id(), question.queue(), this::part);
      if (seen.isEmpty()) {
        throw new ControlProblem(
            question.id()
                + ": no such message"
                + (question.queue().isEmpty() ? "" : " on " + question.queue()));
      }
      if (missing.isPresent()) {
        throw new ControlProblem(question.id() + ": " + missing.get());
      }
    }

    private void part(QueueEntry entry) throws IOException {
      if (!seen.add(List.of(entry.queue(), entry.number()))) {
        return;
      }
      Optional<Mail> mail = entry.mail(admin.codecs());
      boolean same = mail.isPresent() && !told.add(Sum.of(mail.get()));
      rows.add(
          new CatRow.Part(MessageDetail.of(entry, admin.codecs()).withoutHeaders(), same).fields());
      if (mail.isEmpty()) {
        miss(
            entry.bytes().isEmpty()
                ? "a stage has taken it; try again"
                : "what lies on " + entry.queue() + " is not mail, or not readable");
      } else if (!same) {
        bytes(mail.get());
      }
    }

    private void miss(String why) {
      if (question.headers() || question.body()) {
        missing = missing.or(() -> Optional.of(why));
      }
    }

    private void bytes(Mail mail) throws IOException {
      if (question.headers()) {
        pass(new ByteArrayInputStream(mail.headers().bytes()));
      }
      if (question.headers() && question.body()) {
        rows.add(new CatRow.Bytes(EMPTY_LINE).fields());
      }
      if (question.body()) {
        InputStream body;
        try {
          body = open(mail.content());
        } catch (IOException e) {
          miss(String.valueOf(e.getMessage()));
          return;
        }
        try (body) {
          pass(body);
        }
      }
    }

    private InputStream open(Content content) throws IOException {
      return switch (content) {
        case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
        case Content.Stored stored -> bodies.open(stored);
      };
    }

    private void pass(InputStream from) throws IOException {
      var buffer = new byte[CHUNK];
      while (true) {
        int read;
        try {
          read = from.readNBytes(buffer, 0, CHUNK);
        } catch (IOException e) {
          // damaged content; the rows before it are what there is
          miss(String.valueOf(e.getMessage()));
          return;
        }
        if (read > 0) {
          rows.add(CatRow.bytes(buffer, read).fields());
        }
        if (read < CHUNK) {
          return;
        }
      }
    }
  }
}
