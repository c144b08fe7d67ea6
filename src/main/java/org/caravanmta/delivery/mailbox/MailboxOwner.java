package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// Whose a mailbox is (RFC 5321 §4.4 leaves it to the system), by the numbers of user and group;
/// absent: the server's user's.
public record MailboxOwner(Optional<Integer> user, Optional<Integer> group) {
  public static final MailboxOwner OURS = new MailboxOwner(Optional.empty(), Optional.empty());

  /// The number of the user that the server runs as.
  static int ourselves() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /// Gives them what we have just made as root, never through a link; what is another's stays so.
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
