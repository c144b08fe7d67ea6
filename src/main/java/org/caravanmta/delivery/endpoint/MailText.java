package org.caravanmta.delivery.endpoint;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.TypeConversionException;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.TypeConverterSupport;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.jspecify.annotations.Nullable;

/// What a message is to endpoints that know nothing of mail: its text as it is sent (RFC 5322),
/// header section, empty line and body, with its bytes unchanged and lines that end with CRLF.
/// Camel converts to it wherever a step wants bytes, a stream or characters. Characters are read as
/// UTF-8 where the bytes are UTF-8, otherwise as ISO-8859-1, one for each byte.
public final class MailText extends TypeConverterSupport {
  private static final byte[] EMPTY_LINE = {'\r', '\n'};

  /// What travels through queues and is a message or is about one.
  private static final List<Class<?>> FROM =
      List.of(Mail.class, Notice.class, Case.Message.class, Task.class);

  private static final List<Class<?>> TO =
      List.of(InputStream.class, byte[].class, ByteBuffer.class, String.class, Reader.class);

  private final Bodies bodies;

  MailText(Bodies bodies) {
    this.bodies = bodies;
  }

  public static void add(CamelContext context, Bodies bodies) {
    var text = new MailText(bodies);
    TypeConverterRegistry registry = context.getTypeConverterRegistry();
    for (Class<?> from : FROM) {
      TO.forEach(to -> registry.addTypeConverter(to, from, text));
    }
  }

  /// The text: bytes, or for a body on the disk a stream, which is to be closed.
  Object body(Mail mail) throws IOException {
    return mail.content() instanceof Content.Inline ? bytes(mail) : stream(mail);
  }

  @Override
  public <T> @Nullable T convertTo(Class<T> type, @Nullable Exchange exchange, Object value)
      throws TypeConversionException {
    Mail mail = mail(value);
    if (mail == null) {
      return null;
    }
    try {
      return type.cast(as(type, mail));
    } catch (IOException e) {
      throw new TypeConversionException(mail.id(), type, e);
    }
  }

  private static @Nullable Mail mail(Object value) {
    return switch (value) {
      case Mail mail -> mail;
      case Notice notice -> notice.mail();
      case Case.Message asked -> asked.mail();
      case Task(var _, Object body) -> mail(body);
      default -> null;
    };
  }

  private Object as(Class<?> type, Mail mail) throws IOException {
    if (type == InputStream.class) {
      return stream(mail);
    }
    byte[] bytes = bytes(mail);
    if (type == byte[].class) {
      return bytes;
    }
    if (type == ByteBuffer.class) {
      return ByteBuffer.wrap(bytes);
    }
    return type == Reader.class ? new StringReader(characters(bytes)) : characters(bytes);
  }

  /// A large body is read from the disk as it is needed.
  private InputStream stream(Mail mail) throws IOException {
    InputStream body =
        switch (mail.content()) {
          case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
          case Content.Stored stored -> bodies.open(stored);
        };
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(mail.headers().bytes()),
                new ByteArrayInputStream(EMPTY_LINE),
                body)));
  }

  private byte[] bytes(Mail mail) throws IOException {
    try (InputStream in = stream(mail)) {
      return in.readAllBytes();
    }
  }

  private static String characters(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
