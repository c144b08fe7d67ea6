package org.caravanmta.filter.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.Collections;
import java.util.List;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Mail;

/// A message as a content filter gets it (RFC 5322 §2.1), with what is needed to read it and to
/// make it anew.
///
/// @param hostname the name of this server
/// @param bodies opens a body that is in the store
/// @param bodyWriter begins a new body
/// @param later whether no client waits for the answer
public record Examined(
    Mail mail, String hostname, Bodies bodies, NewBody bodyWriter, boolean later) {
  private static final byte[] EMPTY_LINE = {'\r', '\n'};

  public Examined {
    bodies = UnreadableMessage.told(bodies);
  }

  /// Begins a new body.
  @FunctionalInterface
  public interface NewBody {
    ContentWriter begin() throws IOException;
  }

  /// The body from its start.
  ///
  /// @throws UnreadableMessage if it is not there; reading to the end fails with it, too, if it is
  ///   not whole
  public InputStream body() throws IOException {
    return switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  /// Header section, empty line and body.
  ///
  /// @throws IOException as {@link #body}
  public InputStream whole() throws IOException {
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(mail.headers().bytes()),
                new ByteArrayInputStream(EMPTY_LINE),
                body())));
  }

  /// Writes header section, empty line and body.
  ///
  /// @return how many bytes
  /// @throws IOException as {@link #body}, or if it cannot be written
  public long writeTo(OutputStream out) throws IOException {
    try (InputStream in = whole()) {
      return in.transferTo(out);
    }
  }
}
