package org.caravanmta.filter.contract;

import java.util.Set;
import org.caravanmta.message.Client;
import org.caravanmta.policy.DialogueEvent;

/// One session as one content filter follows it. From any thread, one call at a time.
public interface Follower extends AutoCloseable {
  /// Tells of a step of the dialogue. It may wait for the filter, but not for ever.
  ///
  /// @param client as it is known now
  Judgement hear(Client client, DialogueEvent event);

  /// The kinds of event that it wants to be told of from now on.
  Set<DialogueEvent.Kind> wanted();

  /// Whether it has been told of the session: one that is first asked about a message has not.
  boolean isTold();

  /// What the filter says of the message of the transaction under way, which ends with it.
  FilterAnswer examine(Examined message);

  /// The session has ended.
  @Override
  void close();
}
