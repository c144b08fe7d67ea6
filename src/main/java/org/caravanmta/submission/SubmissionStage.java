package org.caravanmta.submission;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.MessageLimits;
import org.caravanmta.message.Verp;
import org.caravanmta.policy.Case;
import org.caravanmta.queue.admin.Unqueued;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;

/// The route `maildrop`: mail from programs of this machine (RFC 6409 §8); and `requeue`: mail that
/// the operator has taken once more.
public final class SubmissionStage implements Stage {
  private final Posts posts;
  private final Maildrop directory;
  private final Requeue requeue;
  private final MaildropComponent maildrop;

  /// @param limits what a message may be
  /// @param content which bodies travel in the queues
  /// @param verp the variable reverse paths of programs that name no delimiters
  /// @param recipients the restriction that knows who exists
  /// @param prospect what routing would do with them
  public SubmissionStage(
      MaildropSettings own,
      MessageLimits limits,
      ContentSettings content,
      Verp verp,
      UnaryOperator<Case> recipients,
      Prospect prospect,
      House house) {
    this.posts =
        new Posts(
            new CollectionTerms(house.hostname(), house.local().origin(), limits, content, verp),
            house.store(),
            recipients,
            prospect,
            house.ids(),
            house.clock());
    this.directory = new Maildrop(house.directory().resolve(own.directory()));
    this.requeue = new Requeue(house.ids(), house.store()::link, house.clock());
    this.maildrop =
        new MaildropComponent(new Collector(directory, posts, house.store(), house.clock()));
  }

  /// The component of the route's start is one of them.
  @Override
  public Map<String, Object> beans() {
    return Map.of("maildrop", maildrop, "posts", posts, "requeue", requeue);
  }

  /// Puts a letter of the server's own into the maildrop.
  ///
  /// @param letter header section and body, each line ended by CRLF
  public void post(Address sender, Address recipient, byte[] letter) throws IOException {
    try (Draft draft =
        directory.begin(
            new Posting(
                sender.toString(),
                "",
                List.of(recipient.toString()),
                Optional.empty(),
                MailOptions.NONE))) {
      draft.write(letter);
      directory.finish(List.of(draft));
    }
  }

  /// What programs have posted and no queue has yet.
  public List<Unqueued> posted() {
    return maildrop.waiting();
  }
}
