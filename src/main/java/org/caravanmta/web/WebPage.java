package org.caravanmta.web;

import java.util.Map;

/// What a client is answered (RFC 9110 §3.4).
///
/// @param type its media type
/// @param fields of the header section, besides those that every answer has
public record WebPage(int status, String type, String text, Map<String, String> fields) {
  private static final String TEXT = "text/plain; charset=utf-8";

  public WebPage {
    fields = Map.copyOf(fields);
  }

  public WebPage(int status, String type, String text) {
    this(status, type, text, Map.of());
  }

  /// A line of plain text.
  public static WebPage plain(int status, String text) {
    return new WebPage(status, TEXT, text);
  }
}
