package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.caravanmta.headway.Headway;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.SevenBit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a message to the server, header section, empty line and body: as lines after DATA (RFC
/// 5321 §4.1.1.4), or byte by byte, in one chunk, after BDAT (RFC 3030 §2).
final class ContentSender {
  private static final Logger LOG = LoggerFactory.getLogger(ContentSender.class);

  /// In bytes: how much of a stored body is read at a time.
  private static final int READ = 32 * 1024;

  private final Mail mail;
  private final Bodies bodies;
  private final Headway headway = Headway.current();

  ContentSender(Mail mail, Bodies bodies) {
    this.mail = mail;
    this.bodies = bodies;
  }

  /// Thrown when the stored content of the message cannot be read, or is not as long as it should
  /// be. This is our own fault, not the server's.
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  /// Takes the first `length` bytes.
  @FunctionalInterface
  private interface Sink {
    void write(byte[] bytes, int length) throws IOException;
  }

  /// Writes the message as lines, without the dot that ends the data.
  ///
  /// @param longest how many bytes a line may have; longer ones are broken; 0 for any length
  /// @param sevenBit whether parts that are declared to have eight-bit content are converted
  /// @throws IOException if the server takes no more
  /// @throws Damaged if the content cannot be read
  void lines(OutputStream to, int longest, boolean sevenBit) throws IOException, Damaged {
    var out = new DotStuffing(to, longest);
    if (sevenBit) {
      var converted =
          new SevenBit(
              new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                  write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                  out.write(
                      from == 0 ? bytes : Arrays.copyOfRange(bytes, from, from + count), count);
                }
              });
      send(converted::write);
      converted.finish();
    } else {
      send(out::write);
    }
    out.finish();
    if (out.broken()) {
      LOG.info("{}: breaking line > {} bytes with <CR><LF>SPACE", mail.id(), longest);
    }
  }

  /// Writes the message as it is: exactly {@link Mail#size} bytes.
  ///
  /// @throws IOException if the server takes no more
  /// @throws Damaged if the content cannot be read
  void chunk(OutputStream to) throws IOException, Damaged {
    send((bytes, length) -> to.write(bytes, 0, length));
  }

  private void send(Sink out) throws IOException, Damaged {
    byte[] section = mail.headers().bytes();
    out.write(section, section.length);
    out.write(new byte[] {'\r', '\n'}, 2);
    headway.sent(section.length + 2L);
    switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> copy(bytes, out);
      case Content.Stored stored -> copy(stored, out);
    }
  }

  private void copy(byte[] bytes, Sink out) throws IOException {
    for (int at = 0; at < bytes.length; at += READ) {
      int length = Math.min(READ, bytes.length - at);
      out.write(at == 0 ? bytes : Arrays.copyOfRange(bytes, at, at + length), length);
      headway.sent(length);
    }
  }

  private void copy(Content.Stored stored, Sink out) throws IOException, Damaged {
    try (var in = bodies.open(stored)) {
      byte[] buffer = new byte[READ];
      long length = 0;
      for (int count = in.read(buffer);
          count >= 0 && length <= stored.length();
          count = in.read(buffer)) {
        length += count;
        try {
          out.write(buffer, count);
          headway.sent(count);
        } catch (IOException e) {
          throw new WriteFailed(e);
        }
      }
      if (length != stored.length()) {
        throw new Damaged(stored.ref() + " has " + length + " bytes of " + stored.length(), null);
      }
    } catch (WriteFailed e) {
      throw e.why;
    } catch (IOException e) {
      throw new Damaged(stored.ref() + " cannot be read", e);
    }
  }

  /// Distinguishes a failure to write to the server from a failure to read the content.
  private static final class WriteFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException why;

    WriteFailed(IOException why) {
      super(why);
      this.why = why;
    }
  }
}
