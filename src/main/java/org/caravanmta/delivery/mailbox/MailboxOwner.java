package org.caravanmta.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/// The owner of a mailbox (RFC 5321 §4.4 leaves it to the system who that is), by the numbers of
/// the user and the group; absent for those that the server runs as.
public record MailboxOwner(Optional<Integer> user, Optional<Integer> group) {
  /// The user that the server runs as.
  public static final MailboxOwner OURS = new MailboxOwner(Optional.empty(), Optional.empty());

  /// The number of the user that the server runs as.
  static int ourselves() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /// Gives a file that we have just made as root to this owner, never through a link; a file that
  /// does not belong to root is left alone.
  void take(Path made) throws IOException {
    if (user.isPresent() && isOurs(made)) {
      if (group.isPresent()) {
        Files.setAttribute(made, "unix:gid", group.get(), LinkOption.NOFOLLOW_LINKS);
      }
      Files.setAttribute(made, "unix:uid", user.get(), LinkOption.NOFOLLOW_LINKS);
    }
  }

  /// Whether a file, or the link itself, belongs to root, as one does that a server running as root
  /// has made.
  public static boolean isOurs(Path made) throws IOException {
    Object holder = Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return holder.equals(0);
  }
}
