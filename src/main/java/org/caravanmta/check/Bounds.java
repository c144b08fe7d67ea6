package org.caravanmta.check;

/// How much of a message's structure (RFC 2045, RFC 2046) is looked at.
///
/// @param body bytes of each part that the rules for lines look at; 0: all
/// @param field bytes of a field (postfix `header_size_limit`)
/// @param depth multiparts within each other (postfix `mime_nesting_limit`)
/// @param boundary bytes of a boundary that are compared (postfix `mime_boundary_length_limit`)
/// @param mime whether there are parts at all; if not, all after the message's header section is
///   lines of a body (postfix `disable_mime_input_processing`)
public record Bounds(long body, int field, int depth, int boundary, boolean mime) {
  public static final Bounds USUAL = new Bounds(0, 102_400, 100, 2048, true);

  Bounds withBody(long bytes) {
    return new Bounds(bytes, field, depth, boundary, mime);
  }
}
