package org.caravanmta.quarantine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.state.FollowedLinks;
import org.caravanmta.state.StateUnavailable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Links that were followed at one node of a cluster, about mail that lies at another: whoever
/// follows a link comes to any node. The first keeps the link in the database, the other does what
/// it says.
///
/// @param signer knows whether a link is one of ours, whoever has written it there
record LinksElsewhere(
    FollowedLinks followed, LinkSigner signer, LinkDeeds deeds, InstantSource clock) {
  private static final Logger LOG = LoggerFactory.getLogger(LinksElsewhere.class);

  /// Leaves a link to the node that has the message.
  ///
  /// @param written as it was followed
  void pass(DigestLink link, String written) throws StateUnavailable {
    followed.keep(link.id(), written, link.expires());
  }

  /// Does what others have left to this node.
  void tick() throws Exception {
    Instant now = clock.instant();
    followed.forgetExpired(now);
    for (String written : followed.ours()) {
      Optional<DigestLink> link = signer.read(written);
      if (link.isEmpty() || isDone(link.get(), now)) {
        followed.forget(written);
      }
    }
  }

  private boolean isDone(DigestLink link, Instant now) throws Exception {
    if (now.isAfter(link.expires())) {
      return true;
    }
    return switch (deeds.carryOut(link)) {
      case DONE, ALREADY -> true;
      case LATER, ELSEWHERE -> {
        LOG.debug("{}: what a link asks for is done later", link.id());
        yield false;
      }
    };
  }
}
