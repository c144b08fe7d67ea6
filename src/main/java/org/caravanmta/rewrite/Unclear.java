package org.caravanmta.rewrite;

/// What an address becomes cannot be told now: a table cannot be asked, or says what is no address.
final class Unclear extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unclear(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
