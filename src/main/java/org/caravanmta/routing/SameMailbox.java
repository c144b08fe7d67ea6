package org.caravanmta.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;

/// One mailbox that was named more than once, in other letters: it gets one copy. Letters of the
/// domain mean the same (RFC 5321 §2.4), and those of the local part everywhere but in theory
/// (postfix `cleanup(8)`, duplicate filter). Whose sender is to hear other things of them, or who
/// was addressed otherwise, is not a twin.
final class SameMailbox {
  private SameMailbox() {}

  private record Key(
      String address, String original, Optional<Notify> notified, Optional<String> orcpt) {
    static Key of(Recipient recipient) {
      return new Key(
          folded(recipient.address().toString()),
          folded(recipient.original().toString()),
          recipient.notifyOn(),
          recipient.orcpt().map(Key::folded));
    }

    private static String folded(String text) {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /// The first of each, in their order.
  static List<Recipient> onceEach(List<Recipient> recipients) {
    if (recipients.size() < 2) {
      return recipients;
    }
    var seen = new HashSet<Key>();
    var once = new ArrayList<Recipient>();
    for (Recipient recipient : recipients) {
      if (seen.add(Key.of(recipient))) {
        once.add(recipient);
      }
    }
    return once;
  }
}
