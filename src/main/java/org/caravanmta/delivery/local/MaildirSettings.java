package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.util.stream.Stream;

/// The key `delivery.maildir`: where the Maildir of each of our users is, unless `local.mailbox`
/// says otherwise.
///
/// @param maildir a path below `data.directory`, in which `%d` is the domain and `%u` the user
public record MaildirSettings(String maildir) {
  public MaildirSettings {
    // without %u, the mail of all users would be in one Maildir
    if (!maildir.contains("%u")) {
      throw new IllegalArgumentException("maildir must contain %u, the user");
    }
    if (Path.of(maildir).isAbsolute() || Stream.of(maildir.split("/")).anyMatch(".."::equals)) {
      throw new IllegalArgumentException("maildir must stay below data.directory");
    }
  }
}
