package org.caravanmta;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Origin;
import org.caravanmta.config.Settings;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.submission.CollectionSettings;
import org.caravanmta.submission.Collector;
import org.caravanmta.submission.Maildrop;
import org.caravanmta.submission.MaildropComponent;
import org.caravanmta.submission.Posts;
import org.caravanmta.submission.Prospect;

/// The beans of the route `maildrop`: mail from programs of this machine (RFC 6409 §8).
final class LocalSubmission {
  private LocalSubmission() {}

  /// @param recipients the restriction that knows who exists
  /// @param prospect what routing would do with them
  /// @return `maildrop`, the component, and `posts`
  static Map<String, Object> beans(
      Settings settings,
      String hostname,
      Origin origin,
      ContentStore store,
      UnaryOperator<Case> recipients,
      Prospect prospect,
      QueueIds ids,
      InstantSource clock) {
    var posts =
        new Posts(
            new CollectionSettings(
                hostname,
                origin,
                settings.smtp().sizeLimit().bytes(),
                settings.smtp().headerLimit().asInt(),
                settings.smtp().hopLimit(),
                settings.content().inlineLimit().asInt()),
            store,
            recipients,
            prospect,
            ids,
            clock);
    var maildrop =
        new Maildrop(settings.data().directory().resolve(settings.maildrop().directory()));
    return Map.of(
        "maildrop",
        new MaildropComponent(new Collector(maildrop, posts, store, clock)),
        "posts",
        posts);
  }
}
