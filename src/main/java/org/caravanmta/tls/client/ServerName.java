package org.caravanmta.tls.client;

import java.util.regex.Pattern;

/// The name of a server, or of a domain that servers are in, as settings and tables write it.
final class ServerName {
  private static final Pattern FORM =
      Pattern.compile("\\.?[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}._-]*[\\p{L}\\p{M}\\p{N}_])?\\.?");

  private ServerName() {}

  /// Whether the text may be one; `.example.org` means any name below that domain.
  static boolean is(String text) {
    return FORM.matcher(text).matches();
  }
}
