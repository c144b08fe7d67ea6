package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.util.stream.Stream;

/// The key `delivery.maildir`: where the Maildir of each of our users is, unless `local.mailbox`
/// names another place.
///
/// @param maildir below `data.directory`; `%d` is the domain, `%u` the user
public record MaildirSettings(String maildir) {
  public MaildirSettings {
    // without the user, everybody's mail would be in one Maildir
    if (!maildir.contains("%u")) {
      throw new IllegalArgumentException("maildir must contain %u, the user");
    }
    if (Path.of(maildir).isAbsolute() || Stream.of(maildir.split("/")).anyMatch(".."::equals)) {
      throw new IllegalArgumentException("maildir must stay below data.directory");
    }
  }
}
