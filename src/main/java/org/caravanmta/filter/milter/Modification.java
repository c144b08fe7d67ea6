package org.caravanmta.filter.milter;

/// A change of the message that a filter asks for at its end; all of them are made in the order in
/// which they came, if the message is accepted.
public sealed interface Modification {
  /// A field after the last one.
  record AddHeader(String name, String value) implements Modification {}

  /// A field at a position.
  ///
  /// @param index how many fields stand above it; the field `Received:` that we have written is the
  ///   first of them
  record InsertHeader(int index, String name, String value) implements Modification {}

  /// Another value for a field, which is removed if that is empty.
  ///
  /// @param index which of the fields of this name, from 1 on, and 0 for 1; our own `Received:`
  ///   field is not counted
  record ChangeHeader(int index, String name, String value) implements Modification {}

  /// One more recipient.
  ///
  /// @param path with or without angle brackets
  /// @param parameters as in RCPT TO (RFC 3461); empty for none
  record AddRecipient(String path, String parameters) implements Modification {}

  /// One recipient less.
  record DeleteRecipient(String path) implements Modification {}

  /// Another reverse path.
  ///
  /// @param path with or without angle brackets
  /// @param parameters as in MAIL FROM; empty for none
  record ChangeSender(String path, String parameters) implements Modification {}

  /// The next part of a new body; the first replaces all of the old one.
  ///
  /// @param bytes not to be changed
  record ReplaceBody(byte[] bytes) implements Modification {}

  /// The message is to be set aside (sendmail's quarantine).
  record Quarantine(String reason) implements Modification {}
}
