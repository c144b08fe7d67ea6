package org.caravanmta.quarantine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.RejectedMail;

/// What is new for whoever gets a digest, the oldest first.
record DigestNews(List<Quarantined> quarantined, List<RejectedMail> rejected) {
  /// Nothing yet.
  DigestNews() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  /// Nothing has been rejected.
  DigestNews(Collection<Quarantined> quarantined) {
    this(List.copyOf(quarantined), List.of());
  }

  /// How many there are of each, `2 new messages, 1 rejected`.
  String summary() {
    String set = quarantined.size() == 1 ? "1 new message" : quarantined.size() + " new messages";
    if (rejected.isEmpty()) {
      return set;
    }
    String kept = rejected.size() + " rejected";
    return quarantined.isEmpty() ? kept : set + ", " + kept;
  }
}
