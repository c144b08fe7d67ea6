package org.caravanmta.smtp.client;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.mime.SevenBit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a message's header section, empty line and body to the server: as lines after DATA (RFC
/// 5321 §4.1.1.4), or as they are, in one chunk, after BDAT (RFC 3030 §2).
final class ContentSender {
  private static final Logger LOG = LoggerFactory.getLogger(ContentSender.class);

  private static final int READ = 32 * 1024;

  private final Mail mail;
  private final Bodies bodies;

  ContentSender(Mail mail, Bodies bodies) {
    this.mail = mail;
    this.bodies = bodies;
  }

  /// The content cannot be read: nothing the server could help.
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String why, @Nullable Throwable cause) {
      super(why, cause);
    }
  }

  @FunctionalInterface
  private interface Sink {
    void write(byte[] bytes, int length) throws IOException;
  }

  /// Without the dot that ends the data.
  ///
  /// @param longest bytes of a line, 0 for any length
  /// @param sevenBit whether what is not of seven bits is converted
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

  /// Exactly {@link Mail#size} bytes.
  void chunk(OutputStream to) throws IOException, Damaged {
    send((bytes, length) -> to.write(bytes, 0, length));
  }

  private void send(Sink out) throws IOException, Damaged {
    byte[] section = mail.headers().bytes();
    out.write(section, section.length);
    out.write(new byte[] {'\r', '\n'}, 2);
    switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> out.write(bytes, bytes.length);
      case Content.Stored stored -> copy(stored, out);
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
        } catch (IOException e) {
          throw new Unsent(e);
        }
      }
      if (length != stored.length()) {
        throw new Damaged(stored.ref() + " has " + length + " bytes of " + stored.length(), null);
      }
    } catch (Unsent e) {
      throw e.why;
    } catch (IOException e) {
      throw new Damaged(stored.ref() + " cannot be read", e);
    }
  }

  /// Tells a failure to write to the server from one to read the content.
  private static final class Unsent extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final IOException why;

    Unsent(IOException why) {
      super(why);
      this.why = why;
    }
  }
}
