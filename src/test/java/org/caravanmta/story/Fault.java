package org.caravanmta.story;

/// What can be wrong with a content filter while it is asked.
enum Fault {
  /// Nothing listens.
  REFUSED,
  /// The connection is taken, and nothing is said.
  HANG,
  /// Half of an answer comes, and nothing more.
  HALF,
  /// Bytes come that mean nothing.
  GARBAGE,
  /// The connection breaks in the middle of the message.
  CRASH,
  /// The answer takes its time, and comes.
  SLOW,
  /// The answer has no end.
  FLOOD,
  /// It is another version, or a status that says that it cannot be asked.
  VERSION
}
