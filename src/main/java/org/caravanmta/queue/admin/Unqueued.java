package org.caravanmta.queue.admin;

import java.time.Instant;

/// Mail that is ours and on no queue yet: what programs have posted and the server has not
/// collected, as the operator sees it beside the queues (postfix `mailq` lists its maildrop, too).
///
/// @param place `maildrop`, or below it, in place of a queue's name
/// @param name of the file, in place of an id
/// @param why it lies there, empty when it only waits for its turn
public record Unqueued(
    String place, String name, Instant since, long size, String sender, String why) {
  public static final String MAILDROP = "maildrop";
}
