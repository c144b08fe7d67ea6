package org.caravanmta.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.Printable;
import org.jspecify.annotations.Nullable;

/// Writes an event of the log as a line in UTF-8, in the form in force. What others wrote into it
/// stays on that line, and does nothing to a terminal (CWE-117).
public final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final int USUAL = 256;

  public LineEncoder() {}

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    var line = new StringBuilder(USUAL);
    Form.inForce().begin(event, line);
    String said = event.getFormattedMessage();
    line.append(Printable.text(said == null ? "null" : EndpointUri.shownIn(said))).append('\n');
    IThrowableProxy why = event.getThrowableProxy();
    if (why != null) {
      trace(why, "", "", line);
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// As Java prints one, except for the texts, each of which is one line.
  private static void trace(
      @Nullable IThrowableProxy why, String indent, String caption, StringBuilder line) {
    if (why == null) {
      return;
    }
    String text = why.getClassName() + (why.getMessage() == null ? "" : ": " + why.getMessage());
    line.append(indent)
        .append(caption)
        .append(Printable.text(EndpointUri.shownIn(text)))
        .append('\n');
    if (why.isCyclic()) {
      return;
    }
    StackTraceElementProxy[] calls = why.getStackTraceElementProxyArray();
    int common = why.getCommonFrames();
    for (int i = 0; i < calls.length - common; i++) {
      line.append(indent).append('\t').append(Printable.text(calls[i].toString())).append('\n');
    }
    if (common > 0) {
      line.append(indent).append("\t... ").append(common).append(" common frames omitted\n");
    }
    for (IThrowableProxy suppressed : why.getSuppressed()) {
      trace(suppressed, indent + "\t", "Suppressed: ", line);
    }
    trace(why.getCause(), indent, "Caused by: ", line);
  }
}
