package org.caravanmta.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Predicate;
import org.caravanmta.message.Headers;
import org.caravanmta.mime.MimeStructure;

/// The {@link Unit}s of a message's content that rules are asked about, one after the other: fields
/// of parts and of attached messages, and lines of bodies. The other methods are about the unit
/// that {@link #next} has moved to.
final class Units {
  private final BodyLines lines;
  private final MimeStructure structure;
  private final Predicate<Unit.Kind> wanted;
  private final Bounds bounds;
  private final boolean wantsBody;

  private final ByteArrayOutputStream field = new ByteArrayOutputStream();
  private long fieldStart;
  private long fieldEnd;

  private Unit unit = new Unit(Unit.Kind.BODY, "");
  private long start;
  private long end;
  private boolean startsLine;
  private boolean endsLine;

  /// @param structure has been told the fields of the message's own header section and its end
  /// @param wanted the kinds that there are rules for
  Units(BodyLines lines, MimeStructure structure, Predicate<Unit.Kind> wanted, Bounds bounds) {
    this.lines = lines;
    this.structure = structure;
    this.wanted = wanted;
    this.bounds = bounds;
    this.wantsBody = wanted.test(Unit.Kind.BODY);
  }

  /// Moves to the next unit.
  ///
  /// @return false when there is none
  boolean next() throws IOException {
    boolean within = wantsBody;
    while ((within || structure.structured()) && lines.next()) {
      if (field.size() > 0) {
        if (lines.starts() && !isBlank()) {
          lines.again();
          if (field()) {
            return true;
          }
          continue;
        }
        append(lines.starts());
        continue;
      }
      if (structure.inHead()) {
        if (!lines.starts()) {
          // the rest of a very long boundary line
          continue;
        }
        if (Headers.nameEnd(lines.block(), lines.from(), lines.to()) >= 0) {
          fieldStart = lines.start();
          append(false);
          continue;
        }
        structure.endOfHead();
        if (structure.inHead() && lines.to() > lines.from()) {
          // not even one field of the attached message
          structure.endOfHead();
        } else if (structure.inHead()) {
          continue;
        }
      }
      long before = structure.line(lines.block(), lines.from(), lines.to(), lines.starts());
      long most = bounds.bodySizeLimit().bytes();
      within = wantsBody && (most == 0 || before < most);
      // an empty line is never looked at
      if (within && lines.to() > lines.from()) {
        body();
        return true;
      }
    }
    return field.size() > 0 && field();
  }

  Unit unit() {
    return unit;
  }

  /// Where the unit starts in the content.
  long start() {
    return start;
  }

  /// Where the unit ends in the content, the end of its line included.
  long end() {
    return end;
  }

  /// Whether the unit starts a line; only the first piece of a long line does.
  boolean startsLine() {
    return startsLine;
  }

  /// Whether the unit includes the end of its line.
  boolean endsLine() {
    return endsLine;
  }

  private void body() {
    unit = Unit.of(Unit.Kind.BODY, lines.block(), lines.from(), lines.to());
    start = lines.start();
    end = lines.end();
    startsLine = lines.starts();
    endsLine = lines.ends();
  }

  /// Makes a unit of the field whose lines have been gathered.
  ///
  /// @return whether there are rules for it
  private boolean field() {
    byte[] bytes = field.toByteArray();
    field.reset();
    int name = Headers.nameEnd(bytes, 0, bytes.length);
    int colon = name;
    while (bytes[colon] != ':') {
      colon++;
    }
    // no white space before the colon
    System.arraycopy(bytes, 0, bytes, colon - name, name);
    unit = Unit.of(Unit.Kind.HEADER, bytes, colon - name, bytes.length);
    String named = unit.text().substring(0, name);
    Unit.Kind kind = Unit.Kind.of(named, structure);
    structure.field(named, unit.octets());
    unit = new Unit(kind, unit.text());
    start = fieldStart;
    end = fieldEnd;
    startsLine = true;
    endsLine = true;
    return wanted.test(kind);
  }

  private void append(boolean newLine) {
    if (field.size() < bounds.field()) {
      if (newLine) {
        field.write('\n');
      }
      field.write(lines.block(), lines.from(), lines.to() - lines.from());
    }
    fieldEnd = lines.end();
  }

  private boolean isBlank() {
    byte first = lines.to() > lines.from() ? lines.block()[lines.from()] : 0;
    return first == ' ' || first == '\t';
  }
}
