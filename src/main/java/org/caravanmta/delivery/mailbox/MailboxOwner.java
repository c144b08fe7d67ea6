package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Who owns a mailbox (RFC 5321 §4.4 leaves it to the system), by the numbers of user and group;
/// absent for the user that the server runs as.
public record MailboxOwner(Optional<Integer> user, Optional<Integer> group) {
  public static final MailboxOwner OURS = new MailboxOwner(Optional.empty(), Optional.empty());

  /// The number of the user that the server runs as.
  static int ourselves() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /// Gives a file that we have just made as root to the owner, never through a link; a file that
  /// belongs to somebody else is left alone.
  void take(Path made) throws IOException {
    if (user.isPresent() && isOurs(made)) {
      if (group.isPresent()) {
        Files.setAttribute(made, "unix:gid", group.get(), LinkOption.NOFOLLOW_LINKS);
      }
      Files.setAttribute(made, "unix:uid", user.get(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  public static boolean isOurs(Path made) throws IOException {
    Object holder = Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return holder.equals(0);
  }
}
