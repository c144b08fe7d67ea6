package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RawBody;
import org.apache.james.mime4j.stream.RawField;
import org.apache.james.mime4j.stream.RawFieldParser;
import org.apache.james.mime4j.util.MimeParameterMapping;

/// The parts of a message that have no parts of their own, those of attached messages too, in their
/// order (RFC 2046 §5).
public final class Parts {
  private static final int DEEPEST = 50;
  private static final int MOST = 2_000;
  private static final int LONGEST_FIELD = 128 * 1024;

  private Parts() {}

  /// Shows each part to `visitor` until it has seen enough.
  ///
  /// @param message from its first field on
  public static void of(InputStream message, Part.Visitor visitor) throws IOException, Unreadable {
    var stream =
        new MimeTokenStream(
            new MimeConfig.Builder()
                .setMaxLineLen(-1)
                .setMaxHeaderLen(LONGEST_FIELD)
                .setMaxHeaderCount(MOST)
                .setMalformedHeaderStartsBody(true)
                .build());
    stream.parse(message);
    try {
      walk(stream, visitor);
    } catch (MimeException e) {
      throw new Unreadable("its structure cannot be read: " + e.getMessage());
    }
  }

  private static void walk(MimeTokenStream stream, Part.Visitor visitor)
      throws IOException, MimeException, Unreadable {
    Set<String> names = new LinkedHashSet<>();
    int depth = 0;
    int parts = 0;
    for (EntityState state = stream.getState();
        state != EntityState.T_END_OF_STREAM;
        state = stream.next()) {
      switch (state) {
        case T_START_HEADER -> {
          names.clear();
          if (++parts > MOST) {
            throw new Unreadable("it has more than " + MOST + " parts");
          }
        }
        case T_FIELD -> names(stream.getField(), names);
        case T_START_MULTIPART, T_START_MESSAGE -> {
          if (++depth > DEEPEST) {
            throw new Unreadable("its parts are more than " + DEEPEST + " deep");
          }
        }
        case T_END_MULTIPART, T_END_MESSAGE -> depth--;
        case T_BODY -> {
          String type = stream.getBodyDescriptor().getMimeType().toLowerCase(Locale.ROOT);
          if (!visitor.visit(new Part(List.copyOf(names), type, stream.getDecodedInputStream()))) {
            return;
          }
        }
        default -> {}
      }
    }
  }

  /// The names that a field gives its part: `filename` of Content-Disposition (RFC 2183 §2.3),
  /// `name` of Content-Type.
  private static void names(Field field, Set<String> names) {
    String parameter =
        switch (field.getNameLowerCase()) {
          case "content-disposition" -> "filename";
          case "content-type" -> "name";
          default -> "";
        };
    if (parameter.isEmpty()) {
      return;
    }
    var parameters = new MimeParameterMapping();
    var plain = new ArrayList<String>();
    RawBody body =
        RawFieldParser.DEFAULT.parseRawBody(new RawField(field.getName(), field.getBody()));
    body.getParams()
        .forEach(
            pair -> {
              parameters.addParameter(pair.getName(), pair.getValue());
              if (pair.getName().equalsIgnoreCase(parameter) && pair.getValue() != null) {
                plain.add(pair.getValue());
              }
            });
    plain.forEach(name -> names.add(decoded(name)));
    String joined = parameters.get(parameter);
    if (joined != null) {
      names.add(decoded(joined));
    }
  }

  /// Encoded words are not allowed in a parameter (RFC 2047 §5), but widely used there.
  private static String decoded(String name) {
    try {
      return DecoderUtil.decodeEncodedWords(name, DecodeMonitor.SILENT);
    } catch (IllegalArgumentException e) {
      return name;
    }
  }
}
