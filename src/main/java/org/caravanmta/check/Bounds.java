package org.caravanmta.check;

import org.caravanmta.config.Require;
import org.caravanmta.config.Size;

/// How much of a message's structure (RFC 2045, RFC 2046) is looked at: keys of the section
/// `checks`.
///
/// @param bodySizeLimit bytes of each part that the rules for lines look at; 0: all (postfix
///   `body_checks_size_limit`)
/// @param fieldSizeLimit bytes of a field that the rules look at (postfix `header_size_limit`)
/// @param mime whether the structure of messages is looked at; if not, everything after the header
///   section is lines of a body (postfix `disable_mime_input_processing`, inverted)
/// @param nestingLimit levels of multiparts within each other (postfix `mime_nesting_limit`)
/// @param boundaryLimit bytes of a boundary that are compared (postfix
///   `mime_boundary_length_limit`)
public record Bounds(
    Size bodySizeLimit, Size fieldSizeLimit, boolean mime, int nestingLimit, int boundaryLimit) {
  /// The defaults of the settings, but with no limit to the lines of a part.
  public static final Bounds USUAL = new Bounds(new Size(0), new Size(102_400), true, 100, 2048);

  public Bounds {
    Require.atLeast(1, "field-size-limit", fieldSizeLimit.bytes());
    Require.atLeast(1, "nesting-limit", nestingLimit);
    Require.atLeast(1, "boundary-limit", boundaryLimit);
  }

  /// The same bounds without a limit to the lines of a part.
  Bounds whole() {
    return new Bounds(new Size(0), fieldSizeLimit, mime, nestingLimit, boundaryLimit);
  }

  /// Bytes of a field that are looked at.
  int field() {
    return fieldSizeLimit.asInt();
  }
}
