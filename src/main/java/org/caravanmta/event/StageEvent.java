package org.caravanmta.event;

/// What keeps a stage from doing its work on a message, or ends the message's way: all of it is
/// ours alone, and in a good week there is none. What becomes of the message is the stage's to say:
/// it waits, is held, or is set aside.
///
/// Each is known by the id of the message, the empty text for what is not mail.
public sealed interface StageEvent extends Event {
  /// A step of ours broke on it; it is held.
  ///
  /// @param step its name
  record Broke(String id, String step, Throwable why) implements StageEvent {}

  /// Its content cannot be read from the store, or copied there.
  ///
  /// @param by the class that needs it, below our root package: `check.Checks`
  /// @param done what could not be done to it: `checked`, `split`
  record NoContent(String id, String by, String done, Exception why) implements StageEvent {}

  /// The reader of attachments broke on it.
  record AttachmentsBroke(String id, Throwable why) implements StageEvent {}

  /// Its attachments are not of a form that can be read.
  record AttachmentsUnread(String id, String why) implements StageEvent {}

  /// A table of addresses cannot be asked, or says nonsense.
  record NotRewritten(String id, String why) implements StageEvent {}

  /// A table of copies cannot be asked.
  record CopiesUnknown(String id, String why) implements StageEvent {}

  /// A table of virtual aliases cannot be asked.
  ///
  /// @param alias the recipient that it was asked about
  record AliasUnknown(String id, String alias, String why) implements StageEvent {}

  /// A virtual alias leads to itself, or to too many.
  record AliasEndless(String id, String alias) implements StageEvent {}

  /// Its virtual aliases stand for too many recipients together.
  record TooManyAliases(String id, int most) implements StageEvent {}

  /// It is set aside for the operator, on the queue `dead`.
  ///
  /// @param queue it was taken from
  record Dead(String id, String queue, String why) implements StageEvent {}

  /// The route hands nothing on: its way ends here.
  record WayEnded(String id, String queue) implements StageEvent {}

  /// A newer Caravan wrote it; it stays on its queue.
  record LeftForNewer(String id, String queue, String why) implements StageEvent {}
}
