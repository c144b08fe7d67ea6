package org.caravanmta.address;

/// Where reports about a message go: the MAIL FROM path (RFC 5321 §4.1.1.2).
public sealed interface ReversePath {
  /// The one null reverse path.
  ReversePath NULL = new Null();

  static ReversePath of(Address address) {
    return new Mailbox(address);
  }

  /// Reads what stands between `<` and `>`; the empty text is the null reverse path.
  ///
  /// @throws IllegalArgumentException as {@link Address#parse}
  static ReversePath parse(String text) {
    return text.isEmpty() ? NULL : new Mailbox(Address.parse(text));
  }

  /// `<>`: no report may ever be sent about this message (RFC 5321 §4.5.5).
  record Null() implements ReversePath {
    @Override
    public String toString() {
      return "";
    }
  }

  record Mailbox(Address address) implements ReversePath {
    @Override
    public String toString() {
      return address.toString();
    }
  }
}
